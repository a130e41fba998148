"""Write rows as a file for a spreadsheet, so that no cell is ever taken for a formula.

A spreadsheet calculates what begins with one of a few characters, and what somebody outside wrote may begin with them.
Source: OWASP, "CSV Injection"; RFC 4180
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_STARTS_A_FORMULA = frozenset("=+-@\t\r\n|%")
_UNSEEN = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})

Cell = str | int | None


def csv_lines(head: Iterable[Cell], rows: Iterable[Iterable[Cell]]) -> Iterator[bytes]:
    """Yield the lines of a table in UTF-8, with the mark by which spreadsheets know it."""
    yield BYTE_ORDER_MARK + csv_line(head)
    for row in rows:
        yield csv_line(row)


def csv_line(cells: Iterable[Cell]) -> bytes:
    """Return one line, every cell quoted."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerow([harmless(cell) for cell in cells])
    return text.getvalue().encode()


def harmless(cell: Cell) -> str:
    """Return a cell as text that no spreadsheet calculates; a number is ours and stays as it is."""
    if cell is None or isinstance(cell, int):
        return "" if cell is None else str(cell)
    text = cell.replace("\0", "")
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    """Tell whether a text begins like a formula, behind what nobody sees, or in a form as wide as a sign of Chinese."""
    if text[:1] in _STARTS_A_FORMULA:
        return True
    seen = next((character for character in text if unicodedata.category(character) not in _UNSEEN), "")
    return unicodedata.normalize("NFKC", seen)[:1] in _STARTS_A_FORMULA
