"""Read a pasted list of e-mail addresses: one a line, or separated as spreadsheets and mail programs do."""

import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.limits import EMAIL_MOST_CHARACTERS
from accounts.models import fold_email

SEPARATORS = re.compile(r"[,;\t\r\n]+")
NAMED = re.compile(r"<\s*([^<>]*?)\s*>")
BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class PastedList:
    """What a pasted list holds.

    Args:
        addresses: in their order, each person once.
        malformed: what is no address, as it was typed.
    """

    addresses: tuple[str, ...]
    malformed: tuple[str, ...]


def read_list(pasted: str) -> PastedList:
    """Return the addresses of a list; a name before `<…>` is left out, and so is a second mention."""
    good: dict[str, str] = {}
    malformed: dict[str, None] = {}
    for entry in _entries(pasted):
        if is_address(entry):
            good.setdefault(fold_email(entry), entry)
        else:
            malformed.setdefault(entry)
    return PastedList(tuple(good.values()), tuple(malformed))


def is_address(text: str) -> bool:
    """Tell whether a text is an e-mail address that can be written to."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= EMAIL_MOST_CHARACTERS


def _entries(pasted: str) -> list[str]:
    """Return what stands between separators; blanks separate too, where addresses stand side by side."""
    entries: list[str] = []
    for piece in SEPARATORS.split("".join(map(_visible, pasted))):
        if named := NAMED.findall(piece):
            entries += named
        elif piece.count("@") > 1:
            entries += BLANKS.split(piece)
        else:
            entries.append(piece)
    return [entry for entry in (piece.strip() for piece in entries) if entry]


def _visible(character: str) -> str:
    """Leave out marks that cannot be seen; lists pasted from web pages are full of them."""
    return "" if unicodedata.category(character) == "Cf" else character
