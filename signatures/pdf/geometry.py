"""Places on pages: as a reader sees them, and as the document counts them.

As seen, a place is counted from the upper left corner of the page, after its rotation. User space is what the document
counts in: from anywhere, upwards, before the rotation. Both in points, 1/72 inch.
Source: ISO 32000-1, sections 8.3.2.3 (user space), 14.11.2 (page boundaries), table 30 (Rotate)
"""

from dataclasses import dataclass

QUARTER = 90

Matrix = tuple[float, float, float, float, float, float]
"""The six numbers of `cm`: x' = a·x + c·y + e, y' = b·x + d·y + f."""


@dataclass(frozen=True, slots=True)
class PageSize:
    """A page as seen: its crop box after rotation, in points."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page as seen, in points; `left` and `top` are counted from the page's upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle of user space, such as a crop box, in points."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom

    def within(self, other: "Rectangle") -> "Rectangle":
        """Return the part of it that lies in another one; all of the other one if there is none."""
        left, bottom = max(self.left, other.left), max(self.bottom, other.bottom)
        right, top = min(self.right, other.right), min(self.top, other.top)
        return Rectangle(left, bottom, right, top) if left < right and bottom < top else other

    def size_as_seen(self, rotation: int) -> PageSize:
        """Return the size of a page with this crop box.

        Args:
            rotation: clockwise, in degrees, a multiple of 90.
        """
        if rotation % (2 * QUARTER):
            return PageSize(self.height, self.width)
        return PageSize(self.width, self.height)


def to_user_space(box: Box, crop: Rectangle, rotation: int) -> Matrix:
    """Return the matrix that brings an upright drawing to its box.

    The drawing is as large as the box, in points, with its origin at the lower left corner as the reader sees it.

    Args:
        crop: what is seen of the page.
        rotation: of the page, clockwise, in degrees, a multiple of 90.
    """
    size = crop.size_as_seen(rotation)
    from_left, from_bottom = box.left, size.height - box.top - box.height
    match rotation % (4 * QUARTER):
        case 90:
            return 0, 1, -1, 0, crop.right - from_bottom, crop.bottom + from_left
        case 180:
            return -1, 0, 0, -1, crop.right - from_left, crop.top - from_bottom
        case 270:
            return 0, -1, 1, 0, crop.left + from_bottom, crop.top - from_left
        case _:
            return 1, 0, 0, 1, crop.left + from_left, crop.bottom + from_bottom
