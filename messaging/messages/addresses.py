"""Read a pasted list of e-mail addresses: one a line, or separated as spreadsheets and mail programs do.

A name may stand before an address in `<…>`, with a comma in it or in quotes, as mail programs write their lists. A cell
number may stand behind an address, on the same line.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, takewhile
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.limits import EMAIL_MOST_CHARACTERS
from accounts.models import fold_email

LINE_ENDS = re.compile(r"[\r\n]+")
SEPARATORS = re.compile(r"[,;\t]+")
# A name without quotes may hold a comma, and never one of these.
NAME_ENDS = re.compile(r"[;\t]+")
NAMED = re.compile(r'(?P<quoted>"[^"]*"\s*)?<(?P<address>[^<>]*)>')
# No part of a name: it has a mark of addresses, or looks like a domain; initials such as "J.R." do not.
NO_NAME = re.compile(r"[@<>]|\w\.\w\w")
# What is wanted of the mail may stand behind the address; where that holds addresses too, the whole is not one.
MAILTO = re.compile(r"mailto:([^?]*)(?:\?[^@]*)?", re.IGNORECASE)
# Digits as people write numbers. Whether it is one that gets texts is said beside its field.
CELL = re.compile(r"[(+]{0,2}\d(?:[\s().\-–/]*\d){6,}")
ADDRESS_AND_CELL = re.compile(rf"([^\s@]+@[^\s@]+)\s+({CELL.pattern})")
BLANKS = re.compile(r"\s+")
AMONG_WORDS = re.compile(rf"(?P<word>\S+@\S+)(?:\s+(?P<cell>{CELL.pattern}))?")
AROUND_A_WORD = "'\"()[]:"


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
    """Return what a line holds beside names: the addresses in `<…>`, and what stands between separators."""
    entries, end = list[str](), 0
    for named in NAMED.finditer(line):
        before = line[end : named.start()]
        entries += _before_name(before, is_quoted=named["quoted"] is not None)
        # Nobody is left out without a word: somebody without an address is called by the name.
        entries.append(named["address"].strip() or f"{(named['quoted'] or _name_in(before)).strip()} <>".strip())
        end = named.end()
    entries += _unnamed(SEPARATORS.split(line[end:]))
    return [_bare(entry) for entry in map(str.strip, entries) if entry]


def _name_in(before: str) -> str:
    """Return the last piece of what stands before `<…>`: a name, or what is left of one with a comma."""
    return SEPARATORS.split(before)[-1]


def _before_name(text: str, *, is_quoted: bool) -> list[str]:
    """Return the entries in what stands before `<…>` and is not the name.

    The name begins behind the last piece that cannot be of a name. One in quotes holds its commas itself. An address
    among its words is somebody's, or the one in `<…>` once more.
    """
    *whole, last = NAME_ENDS.split(text)
    *pieces, nearest = last.split(",")
    among = list[str]()
    if "<" in nearest or ">" in nearest:
        pieces.append(nearest)
    else:
        among = [
            part for one in AMONG_WORDS.finditer(nearest) for part in (one["word"].strip(AROUND_A_WORD), one["cell"])
        ]
        of_name = 0 if is_quoted else len(list(takewhile(_is_of_name, reversed(pieces))))
        pieces = pieces[: len(pieces) - of_name]
    return [*_unnamed([*chain.from_iterable(one.split(",") for one in whole), *pieces]), *filter(None, among)]


def _is_of_name(piece: str) -> bool:
    return any(map(str.isalpha, piece)) and not NO_NAME.search(piece)


def _unnamed(pieces: Sequence[str]) -> list[str]:
    """Return the entries in pieces; blanks separate too, where addresses or a number stand side by side."""
    entries: list[str] = []
    for piece in pieces:
        if beside := ADDRESS_AND_CELL.fullmatch(piece.strip()):
            entries += beside.groups()
        elif piece.count("@") > 1:
            entries += BLANKS.split(piece)
        else:
            entries.append(piece)
    return entries


def _bare(entry: str) -> str:
    """Return the address of a `mailto:`; where it has none, the entry stays as it was typed."""
    found = MAILTO.fullmatch("".join(map(_visible, unquote(entry))))
    return found[1].strip() if found and is_address(found[1].strip()) else entry


def _visible(character: str) -> str:
    """Leave out marks that cannot be seen; lists pasted from web pages are full of them."""
    return "" if unicodedata.category(character) == "Cf" else character
