"""The handwritings a mark can be typed in: fonts of packages, the same files for the page and for paper.

The last one is no handwriting: plain letters, for names that no handwriting has the letters of.
Source: docs/decisions/0056-marks.md
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from core.staticfiles import PACKAGE_FILES
from signatures.pdf.letters import FOLDER, PLAIN

PLAIN_HAND = "plain"
HANDS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "caveat": "Caveat",
        "dancing": "Dancing Script",
        "vibes": "Great Vibes",
        "sacramento": "Sacramento",
        PLAIN_HAND: _("Plain letters"),
    }
)
"""Code → name of the handwriting; names of fonts are not translated."""


def hand_for(text: str) -> str:
    """Return the first handwriting that has all letters of a text; empty where none has."""
    return next((hand for hand in HANDS if not letters_missing(text, hand)), "")


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
    if hand == PLAIN_HAND:
        path = FOLDER / f"{PLAIN}.ttf"
    else:
        path = settings.BASE_DIR / "node_modules" / PACKAGE_FILES[f"vendor/hand-{hand}.ttf"]
    found = TTFont(f"hand-{hand}", str(path))
    pdfmetrics.registerFont(found)
    return found
