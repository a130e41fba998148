"""Fit a text into a box: as large as it may be, over as many lines as it takes, and never cut."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain, repeat, takewhile
from operator import mul

from signatures.drawing import Size

USUAL_POINTS = 11.0
# Below this nobody reads it on paper; rather is a long word broken.
READABLE_POINTS = 5.0
# Smaller than any text of an answer becomes in the smallest zone.
LEAST_POINTS = 0.02
SHRINK = 0.94
LEADING = 1.2
# How far letters with accents reach above and below their line, of the size of the letters.
ABOVE, BELOW = 1.235, 0.465
MARGIN_SHARE = 0.02

Width = Callable[[str], float]
"""Gives the width of a text, of the size of the letters."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text in lines.

    Args:
        points: the size of its letters.
    """

    points: float
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        """From the top of its first line to the foot of its last, in points."""
        return self.points * (ABOVE + BELOW + LEADING * (len(self.lines) - 1))


def fitted(text: str, size: Size, width_of: Width) -> Fitted:
    """Return a text so that it fits into a box, with words whole as long as it can be read so.

    Raises:
        ValueError: the box has no room for any letter.
    """
    width_of = cache(width_of)
    together = width_of(text.replace(" ", ""))
    whole = (_set(text, points, size, width_of, breaks=False) for points in _points(READABLE_POINTS, size, together))
    broken = (_set(text, points, size, width_of, breaks=True) for points in _points(LEAST_POINTS, size, together))
    found = next(filter(None, chain(whole, broken)), None)
    if not found:
        raise ValueError("The box has no room for any letter.")
    return found


def _points(least: float, size: Size, together: float) -> Iterator[float]:
    """Yield sizes of letters, from the usual one down; none with which the letters have no room on all lines together.

    Args:
        together: the width of the letters on one line, of their size.
    """
    for points in takewhile(lambda points: points >= least, accumulate(repeat(SHRINK), mul, initial=USUAL_POINTS)):
        lines = (size.height / points - ABOVE - BELOW) // LEADING + 1
        if together <= lines * _room(size, points):
            yield points


def _room(size: Size, points: float) -> float:
    """Return how wide a line may be, of the size of its letters."""
    return size.width * (1 - 2 * MARGIN_SHARE) / points


def _set(text: str, points: float, size: Size, width_of: Width, *, breaks: bool) -> Fitted | None:
    """Return a text set with letters of a size; None where it does not fit."""
    room = _room(size, points)
    lines: list[str] = []
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if width_of(joined) <= room:
            lines[-1:] = [joined]
        elif width_of(word) <= room:
            lines.append(word)
        elif breaks:
            lines += _broken(word, room, width_of)
        else:
            return None
    set_so = Fitted(points, tuple(lines))
    fits = set_so.height <= size.height and all(width_of(line) <= room for line in lines)
    return set_so if fits else None


def _broken(word: str, room: float, width_of: Width) -> list[str]:
    """Return the parts of a word that has no room on a line."""
    parts = [word[0]]
    for character in word[1:]:
        if width_of(parts[-1] + character) <= room:
            parts[-1] += character
        else:
            parts.append(character)
    return parts
