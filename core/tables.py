"""Write rows as a file for a spreadsheet, so that no cell is ever taken for a formula.

A spreadsheet calculates what begins with one of a few characters, and what somebody outside wrote may begin with them.
Where it takes another separator than the file's, a cell also begins in the middle of a text.
Source: OWASP, "CSV Injection"; RFC 4180
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_STARTS_A_FORMULA = frozenset("=+-@\t\r\n|%")
_UNSEEN = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})
_LINE_ENDS = frozenset("\r\n")
# What spreadsheets take for the end of a cell or of a row; a pair that ends one row is one end.
_CELL_ENDS = re.compile(r"\r\n|[,;\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")

Cell = str | int | None


def csv_lines(head: Iterable[Cell], rows: Iterable[Iterable[Cell]], separator: str) -> Iterator[bytes]:
    """Yield the lines of a table in UTF-8, with the mark by which spreadsheets know it.

    Args:
        separator: what the reader's spreadsheet expects between cells, a comma or a semicolon.
    """
    yield BYTE_ORDER_MARK + csv_line(head, separator)
    for row in rows:
        yield csv_line(row, separator)


def csv_line(cells: Iterable[Cell], separator: str) -> bytes:
    """Return one line, every cell quoted."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerow([harmless(cell) for cell in cells])
    return text.getvalue().encode()


def harmless(cell: Cell) -> str:
    """Return a cell as text that no spreadsheet calculates; a number is ours and stays as it is.

    An apostrophe stands before whatever begins like a formula: the text, and what follows a mark in it that a
    spreadsheet with another separator takes for the end of a cell.
    """
    if cell is None or isinstance(cell, int):
        return "" if cell is None else str(cell)
    text = cell.replace("\0", "")
    starts = [0, *(end.end() for end in _CELL_ENDS.finditer(text)), len(text)]
    return "".join(_harmless_piece(text[start:end], is_first=start == 0) for start, end in pairwise(starts))


def _harmless_piece(piece: str, *, is_first: bool) -> str:
    """Return what stands between two ends of cells; inside a text, an apostrophe stands behind blanks.

    There quotes are passed over, since those that begin a cell are taken off, and an empty line is no cell.
    """
    if is_first:
        return f"'{piece}" if _is_formula(piece) else piece
    bare = piece.lstrip(" ")
    if piece[:1] in _LINE_ENDS or not _is_formula(piece.replace('"', "")):
        return piece
    return f"{piece[: len(piece) - len(bare)]}'{bare}"


def _is_formula(text: str) -> bool:
    """Tell whether a text begins like a formula, behind what nobody sees, or in a form as wide as a sign of Chinese."""
    if text[:1] in _STARTS_A_FORMULA:
        return True
    seen = next((character for character in text if unicodedata.category(character) not in _UNSEEN), "")
    return unicodedata.normalize("NFKC", seen)[:1] in _STARTS_A_FORMULA
