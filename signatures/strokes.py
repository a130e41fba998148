"""Strokes as the pad sends them: whole numbers in a fixed field, nothing else.

A stroke is points with a blank between them, a point is `x,y` in steps of the pad from its upper left corner, and
strokes have a semicolon between them: `120,300 131,322;900,410`.
"""

import re

from signatures.errors import DrawingTooLong, DrawingUnreadable, NothingDrawn
from signatures.limits import DRAWING_LEAST_STEPS, PAD_HEIGHT_STEPS, PAD_WIDTH_STEPS, POINTS_MOST, STROKES_MOST

Point = tuple[int, int]
Stroke = tuple[Point, ...]

_POINT_CHARACTERS = len("3000,1500 ")
_POINT = "[0-9]{1,4},[0-9]{1,4}"
_DRAWING = re.compile(f"{_POINT}(?:[ ;]{_POINT})*")


def read_strokes(text: str) -> tuple[Stroke, ...]:
    """Return the strokes that a pad sent.

    Raises:
        NothingDrawn: nothing, or so little that it is a slip of the pen.
        DrawingTooLong: more strokes or points than are kept.
        DrawingUnreadable: anything but numbers, or a point outside the pad.
    """
    if not text.strip():
        raise NothingDrawn
    if len(text) > POINTS_MOST * _POINT_CHARACTERS:
        raise DrawingTooLong
    if not _DRAWING.fullmatch(text):
        raise DrawingUnreadable
    strokes = tuple(tuple(map(_point, stroke.split(" "))) for stroke in text.split(";"))
    if len(strokes) > STROKES_MOST or sum(map(len, strokes)) > POINTS_MOST:
        raise DrawingTooLong
    _refuse_slip(strokes)
    return strokes


def write_strokes(strokes: tuple[Stroke, ...]) -> str:
    """Return the text that `read_strokes` reads."""
    return ";".join(" ".join(f"{x},{y}" for x, y in stroke) for stroke in strokes)


def _point(text: str) -> Point:
    x, y = map(int, text.split(","))
    if x > PAD_WIDTH_STEPS or y > PAD_HEIGHT_STEPS:
        raise DrawingUnreadable
    return x, y


def _refuse_slip(strokes: tuple[Stroke, ...]) -> None:
    across, down = zip(*(point for stroke in strokes for point in stroke), strict=True)
    if max(max(across) - min(across), max(down) - min(down)) < DRAWING_LEAST_STEPS:
        raise NothingDrawn
