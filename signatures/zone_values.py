"""Read the parts of a zone from JSON values of strangers: of their kind and within bounds, or refused."""

import math
import re
from collections.abc import Mapping

from signatures.limits import ZONE_LABEL_MOST_CHARACTERS
from signatures.pdf.geometry import Box
from signatures.pdf.limits import SIDE_MOST_POINTS
from signatures.request_errors import ZonesUnreadable

_ID = re.compile("[A-Za-z0-9-]{1,40}")


def read_whole(value: object, *, least: int, most: int) -> int:
    """Return a whole number.

    Raises:
        ZonesUnreadable: it is none, or out of bounds.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ZonesUnreadable
    return value


def read_id(value: object) -> str:
    """Return what names a zone.

    Raises:
        ZonesUnreadable: it is not up to 40 letters, digits and hyphens.
    """
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ZonesUnreadable
    return value


def read_label(value: object) -> str:
    """Return the label of a zone.

    Raises:
        ZonesUnreadable: it is too long, or is not a line that can be printed.
    """
    if not isinstance(value, str) or len(value) > ZONE_LABEL_MOST_CHARACTERS or not value.isprintable():
        raise ZonesUnreadable
    return value.strip()


def read_box(value: Mapping[str, object]) -> Box:
    """Return the box of a zone.

    Raises:
        ZonesUnreadable: a measure is missing, is no number, or is larger than any page; a side is not positive.
    """
    box = Box(*(_measure(value.get(name)) for name in ("left", "top", "width", "height")))
    if box.width <= 0 or box.height <= 0:
        raise ZonesUnreadable
    return box


def _measure(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ZonesUnreadable
    # A whole number may have more digits than a float takes; 1e999 is an infinity.
    if not abs(value) <= SIDE_MOST_POINTS or math.isnan(value):
        raise ZonesUnreadable
    return float(value)
