"""What a mark looks like, by the way it was made, and the bytes it is kept as before they are sealed."""

import json
from dataclasses import dataclass, field
from typing import ClassVar

from signatures.choices import MarkWay
from signatures.strokes import Stroke, read_strokes, write_strokes


@dataclass(frozen=True, slots=True)
class Drawn:
    """Strokes of a pen."""

    way: ClassVar[MarkWay] = MarkWay.DRAWN
    strokes: tuple[Stroke, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Typed:
    """A name in a handwriting.

    Args:
        hand: code of one of `hands.HANDS`.
    """

    way: ClassVar[MarkWay] = MarkWay.TYPED
    text: str = field(repr=False)
    hand: str


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A picture, as `pictures.redraw` returns it."""

    way: ClassVar[MarkWay] = MarkWay.UPLOADED
    png: bytes = field(repr=False)


Content = Drawn | Typed | Uploaded


def write_content(content: Content) -> bytes:
    """Return the bytes that `read_content` reads."""
    match content:
        case Drawn(strokes):
            return write_strokes(strokes).encode("ascii")
        case Typed(text, hand):
            return json.dumps({"text": text, "hand": hand}).encode("ascii")
        case Uploaded(png):
            return png


def read_content(way: MarkWay, kept: bytes) -> Content:
    """Return what was written by `write_content` for a mark made in this way."""
    match way:
        case MarkWay.DRAWN:
            return Drawn(read_strokes(kept.decode("ascii")))
        case MarkWay.TYPED:
            return Typed(**json.loads(kept))
        case MarkWay.UPLOADED:
            return Uploaded(kept)
