"""The handwritings a mark can be typed in: fonts of packages, the same files for the page and for paper."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from django.conf import settings
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from core.staticfiles import PACKAGE_FILES

HANDS: Mapping[str, str] = MappingProxyType(
    {
        "caveat": "Caveat",
        "dancing": "Dancing Script",
        "vibes": "Great Vibes",
        "sacramento": "Sacramento",
    }
)
"""Code → name of the handwriting; names of fonts are not translated."""


def letters_missing(text: str, hand: str) -> str:
    """Return the characters of a text that a handwriting has no letter for, each once."""
    known = font(hand).face.charToGlyph
    return "".join(dict.fromkeys(character for character in text if ord(character) not in known))


@cache
def font(hand: str) -> TTFont:
    """Return the font of a handwriting, ready to be named in a PDF by its code.

    Raises:
        KeyError: there is no such handwriting.
    """
    path = settings.BASE_DIR / "node_modules" / PACKAGE_FILES[f"vendor/hand-{hand}.ttf"]
    found = TTFont(f"hand-{hand}", str(path))
    pdfmetrics.registerFont(found)
    return found
