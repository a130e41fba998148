"""Files for spreadsheets: no cell is ever a formula, and every cell comes back as it was."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tables import BYTE_ORDER_MARK, csv_line, csv_lines, harmless

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x",
    " =1", "\u00a0=1", "\u200b=1", "\ufeff=1",
    "|calc", "%0A=1", "\ufe621", "\0=1",
]  # fmt: skip


@pytest.mark.parametrize("cell", FORMULAS)
def test_statement_167_what_begins_like_a_formula_is_text(cell: str) -> None:
    assert harmless(cell).startswith("'")
    assert csv_line([cell]).startswith(b"\"'")


@pytest.mark.parametrize("cell", ["", "Zoé", "a=b", "1-2", "7F3K-92QD-ABCD", "2026-11-21 10:30:00-05:00", "(=1)"])
def test_other_texts_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_our_own_numbers_stay_numbers() -> None:
    assert (harmless(-5), harmless(0), harmless(None)) == ("-5", "0", "")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_every_cell_comes_back(cells: list[str]) -> None:
    text = csv_line(cells).decode()
    (row,) = csv.reader(io.StringIO(text, newline=""))
    assert row == [harmless(cell) for cell in cells]


def test_a_file_begins_with_the_mark_of_its_encoding() -> None:
    lines = list(csv_lines(["Référence"], [["A", 1]]))
    assert lines == [BYTE_ORDER_MARK + '"Référence"\r\n'.encode(), b'"A","1"\r\n']
