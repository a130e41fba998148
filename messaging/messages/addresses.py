"""Read a pasted list of e-mail addresses: one a line, or separated as spreadsheets and mail programs do.

A cell number may stand behind an address, on the same line.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.limits import EMAIL_MOST_CHARACTERS
from accounts.models import fold_email

LINE_ENDS = re.compile(r"[\r\n]+")
SEPARATORS = re.compile(r"[,;\t]+")
NAMED = re.compile(r"<\s*([^<>]*?)\s*>")
# Digits as people write numbers. Whether it is one that gets texts is said beside its field.
CELL = re.compile(r"[(+]{0,2}\d(?:[\s().\-–/]*\d){6,}")
ADDRESS_AND_CELL = re.compile(rf"([^\s@]+@[^\s@]+)\s+({CELL.pattern})")
BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class PastedList:
    """What a pasted list holds.

    Args:
        addresses: in their order, each person once.
        malformed: what is no address, as it was typed.
        cells: numbers as they were typed, by the folded address they stood behind.
    """

    addresses: tuple[str, ...]
    malformed: tuple[str, ...]
    cells: Mapping[str, str]


def read_list(pasted: str) -> PastedList:
    """Return the addresses of a list; a name before `<…>` is left out, and so is a second mention."""
    good: dict[str, str] = {}
    malformed: dict[str, None] = {}
    cells: dict[str, str] = {}
    for line in LINE_ENDS.split("".join(map(_visible, pasted))):
        for entry, cell in _with_cells(_entries(line)):
            key = fold_email(entry)
            if not is_address(entry):
                malformed.setdefault(f"{entry}, {cell}" if cell else entry)
                continue
            good.setdefault(key, entry)
            if cell:
                cells.setdefault(key, cell)
    return PastedList(tuple(good.values()), tuple(malformed), cells)


def is_address(text: str) -> bool:
    """Tell whether a text is an e-mail address that can be written to."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= EMAIL_MOST_CHARACTERS


def _with_cells(entries: Sequence[str]) -> list[tuple[str, str]]:
    """Return the entries of a line, each with the number behind it or nothing."""
    pairs: list[tuple[str, str]] = []
    for entry in entries:
        if pairs and CELL.fullmatch(entry) and not pairs[-1][1] and "@" in pairs[-1][0]:
            pairs[-1] = (pairs[-1][0], entry)
        else:
            pairs.append((entry, ""))
    return pairs


def _entries(line: str) -> list[str]:
    """Return what stands between separators; blanks separate too, where addresses or a number stand side by side."""
    entries: list[str] = []
    for piece in SEPARATORS.split(line):
        if named := NAMED.findall(piece):
            rest = piece.rpartition(">")[2].strip()
            entries += [*named, rest] if CELL.fullmatch(rest) else named
        elif beside := ADDRESS_AND_CELL.fullmatch(piece.strip()):
            entries += beside.groups()
        elif piece.count("@") > 1:
            entries += BLANKS.split(piece)
        else:
            entries.append(piece)
    return [entry for entry in (piece.strip() for piece in entries) if entry]


def _visible(character: str) -> str:
    """Leave out marks that cannot be seen; lists pasted from web pages are full of them."""
    return "" if unicodedata.category(character) == "Cf" else character
