"""Draw a mark: as a page of a PDF that is stamped into documents, and as the picture of that very page.

Measures are PDF points, 1/72 inch. The page is as large as the place of the mark and has no background.
Source: ISO 32000-1, section 8.5 (paths); docs/decisions/0056-marks.md, docs/decisions/0057-pdfium.md
"""

import io
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import pypdfium2
from reportlab.lib import colors
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from signatures.choices import MarkKind
from signatures.contents import Content, Drawn, Typed, Uploaded
from signatures.hands import PLAIN_HAND, font
from signatures.limits import PAD_HEIGHT_STEPS
from signatures.pdf.letters import as_set
from signatures.strokes import Point, Stroke

INK = colors.HexColor("#16324f")
# Thickness of a stroke, and the room left free around the ink, as shares of the height.
STROKE_SHARE = 0.025
MARGIN_SHARE = 0.06
# Swashes reach beyond the width that letters are set with; of the size of the letters, both sides together.
SWASH_SHARE = 1.1
# A small drawing is enlarged at most so many times over the pad at the height of the place.
ENLARGED_MOST = 4
POINTS_PER_INCH = 72
# Of CSS, in which a printed inch is counted on a screen; pictures have a few times as many.
PIXELS_PER_INCH = 96
PICTURE_PIXELS_PER_POINT = 3

# PDFium is not made for two threads at once.
_turn = threading.Lock()


@dataclass(frozen=True, slots=True)
class Size:
    """The place of a mark, in PDF points."""

    width: float
    height: float

    @property
    def margin(self) -> float:
        """The room left free at each side."""
        return self.height * MARGIN_SHARE


SIZES: Mapping[MarkKind, Size] = MappingProxyType({MarkKind.SIGNATURE: Size(180, 60), MarkKind.INITIALS: Size(72, 36)})
"""How large a mark is on paper unless its place says otherwise."""


def draw_page(content: Content, size: Size) -> bytes:
    """Return a PDF of one page of this size with the mark in its middle; the same mark gives the same bytes."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(size.width, size.height), invariant=1, pageCompression=1)
    match content:
        case Drawn(strokes):
            _draw_strokes(canvas, strokes, size)
        case Typed(text, hand):
            _draw_text(canvas, text, hand, size)
        case Uploaded(png):
            _draw_image(canvas, png, size)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def draw_picture(content: Content, size: Size) -> bytes:
    """Return the page of `draw_page` on white paper, as PNG with 3 pixels for each point."""
    return _rendered(draw_page(content, size), "RGB", ground=(255, 255, 255, 255))


def draw_clear_picture(page: bytes) -> bytes:
    """Return a page as `draw_page` gives it, without a ground, as PNG with 3 pixels for each point.

    Args:
        page: a PDF of one page that the portal itself has drawn.
    """
    return _rendered(page, "RGBA", ground=(255, 255, 255, 0))


def _rendered(page: bytes, mode: str, *, ground: tuple[int, int, int, int]) -> bytes:
    file = io.BytesIO()
    with _turn:
        document = pypdfium2.PdfDocument(page)
        try:
            bitmap = document[0].render(scale=PICTURE_PIXELS_PER_POINT, fill_color=ground)
            picture = bitmap.to_pil().convert(mode)
        finally:
            document.close()
    picture.save(file, "PNG")
    return file.getvalue()


def _draw_strokes(canvas: Canvas, strokes: tuple[Stroke, ...], size: Size) -> None:
    thickness = size.height * STROKE_SHARE
    across, down = zip(*(point for stroke in strokes for point in stroke), strict=True)
    left, right, top, bottom = min(across), max(across), min(down), max(down)
    free = 2 * (size.margin + thickness)
    scale = min(
        (size.width - free) / max(right - left, 1),
        (size.height - free) / max(bottom - top, 1),
        ENLARGED_MOST * size.height / PAD_HEIGHT_STEPS,
    )
    # From the pad, whose rows are counted downwards, to the middle of the page.
    canvas.translate(size.width / 2, size.height / 2)
    canvas.scale(scale, -scale)
    canvas.translate(-(left + right) / 2, -(top + bottom) / 2)
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(thickness / scale)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    path = canvas.beginPath()
    for stroke in strokes:
        _trace(path, stroke)
    canvas.drawPath(path, stroke=1, fill=0)


def _trace(path: PDFPathObject, stroke: Stroke) -> None:
    """Lead a smooth line along a stroke: through the middles between its points, bent towards each point.

    The pad on the page draws the same curves (static/js/draw_mark.js).
    """
    path.moveTo(*stroke[0])
    here: tuple[float, float] = stroke[0]
    for bend, after in pairwise(stroke[1:]):
        middle = ((bend[0] + after[0]) / 2, (bend[1] + after[1]) / 2)
        path.curveTo(*_towards(here, bend), *_towards(middle, bend), *middle)
        here = middle
    path.lineTo(*stroke[-1])


def _towards(end: tuple[float, float], bend: Point) -> tuple[float, float]:
    """Return the control point of a cubic curve that is the quadratic one with this bend."""
    return end[0] + (bend[0] - end[0]) * 2 / 3, end[1] + (bend[1] - end[1]) * 2 / 3


def _draw_text(canvas: Canvas, text: str, hand: str, size: Size) -> None:
    letters = font(hand)
    if hand == PLAIN_HAND:
        text = as_set(text)
    # The box of its largest letters, accents included, in thousandths; its own ascent cuts the accent of a capital.
    _left, down, _right, up = (thousandths / 1000 for thousandths in letters.face.bbox)
    wide = letters.stringWidth(text, 1) + SWASH_SHARE
    points = min((size.width - 2 * size.margin) / wide, (size.height - 2 * size.margin) / (up - down))
    canvas.setFillColor(INK)
    canvas.setFont(letters.fontName, points)
    canvas.drawCentredString(size.width / 2, (size.height - points * (up + down)) / 2, text)


def _draw_image(canvas: Canvas, png: bytes, size: Size) -> None:
    place = (size.margin, size.margin, size.width - 2 * size.margin, size.height - 2 * size.margin)
    canvas.drawImage(ImageReader(io.BytesIO(png)), *place, mask="auto", preserveAspectRatio=True, anchor="c")
