"""Files for spreadsheets: no cell is ever a formula, whatever separates cells, and each comes back as it was."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tables import BYTE_ORDER_MARK, csv_line, csv_lines, harmless

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x",
    " =1", "\u00a0=1", "\u200b=1", "\ufeff=1",
    "|calc", "%0A=1", "\ufe621", "\0=1",
    "a;=1+1;b", "a,=1+1,b", "a\t=1+1\tb", "a\n=1+1", "a\r=1+1", "a\r\n=1+1",
    "a;+1", "a,-1", "a\t@SUM(1)", "a;\t=1", "a;\uff1d1", "a,\uff0b1", "a\t\uff0d1", "a; \uff20x",
    "a; =1", "a, \u200b=1", "a\t\u00a0-1", "a;;=1", "a,;\t=1", "a; \t=1", "a\n\n=1", "a\n\t=1", "a\u2028=1",
    'a;"=1+1";b', 'a,""=1', 'a\t" "=1', 'a;"";"=1', 'a";=1', 'a"\n"=1', '";=1;"', 'a;"\n=1', 'a;"\t=1',
]  # fmt: skip
# What begins a cell that a spreadsheet would calculate, behind blanks and marks that cannot be seen.
CALCULATED = re.compile(r"[\t\r]|[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
SEPARATORS = (",", ";", "\t")


def cells_read(lines: bytes, separator: str) -> list[str]:
    """Return the cells that a spreadsheet finds which takes a separator for the one of the file."""
    rows = csv.reader(io.StringIO(lines.decode("utf-8-sig"), newline=""), delimiter=separator)
    return [cell for row in rows for cell in row]


def formulas_read(lines: bytes) -> list[tuple[str, str]]:
    """Return the cells that would be calculated, whichever separator a spreadsheet takes, each with it."""
    return [
        (separator, cell) for separator in SEPARATORS for cell in cells_read(lines, separator) if CALCULATED.match(cell)
    ]


@pytest.mark.parametrize("cell", FORMULAS)
@pytest.mark.parametrize("separator", [",", ";"])
def test_statement_167_nothing_is_a_formula_whichever_separator_the_reader_takes(cell: str, separator: str) -> None:
    line = csv_line(["Zoé", cell, cell, "Roy"], separator)
    assert "'" in harmless(cell)
    assert formulas_read(line) == []
    assert len(cells_read(line, separator)) == 4


@pytest.mark.parametrize("cell", ["=1+1", "\tx", "\uff1d1", " =1", "\u200b=1", "|calc"])
def test_what_begins_like_a_formula_begins_with_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("a;=1+1;b", "a;'=1+1;b"),
        ("Roy, -5 °C", "Roy, '-5 °C"),
        ('a;"=1+1"', 'a;\'"=1+1"'),
        ("=1;=2", "'=1;'=2"),
        ("a\r\n=1", "a\r\n'=1"),
    ],
)
def test_inside_a_text_the_apostrophe_stands_before_what_would_be_calculated(cell: str, shown: str) -> None:
    assert harmless(cell) == shown


@pytest.mark.parametrize(
    "cell",
    [
        *("", "Zoé", "a=b", "1-2", "7F3K-92QD-ABCD", "2026-11-21 10:30:00-05:00", "(=1)"),
        *("Roy, Anne; Côté, Luc", 'Notes; "draft", final', "a\r\nb\n\nc", "Roy <roy@x.example>; Luc <l@x.example>"),
    ],
)
def test_other_texts_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_our_own_numbers_stay_numbers() -> None:
    assert (harmless(-5), harmless(0), harmless(None)) == ("-5", "0", "")


TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text(st.sampled_from("a=+-@;,\t\r\n\"' \u200b\uff1d\0")),
)


@given(st.lists(TEXTS, min_size=1), st.sampled_from([",", ";"]))
def test_every_cell_comes_back(cells: list[str], separator: str) -> None:
    assert cells_read(csv_line(cells, separator), separator) == [harmless(cell) for cell in cells]


@given(st.lists(TEXTS, min_size=1), st.sampled_from([",", ";"]))
def test_no_texts_are_calculated_whichever_separator_the_reader_takes(cells: list[str], separator: str) -> None:
    """A row ends with a word of ours: behind a text that ends a cell, the quote would open one that begins with CR."""
    assert formulas_read(csv_line([*cells, "UTC"], separator)) == []


@given(TEXTS)
def test_a_text_only_gains_apostrophes(cell: str) -> None:
    assert harmless(cell).replace("'", "") == cell.replace("\0", "").replace("'", "")


@pytest.mark.parametrize(("separator", "second"), [(",", b'"A","1"\r\n'), (";", b'"A";"1"\r\n')])
def test_a_file_begins_with_the_mark_of_its_encoding(separator: str, second: bytes) -> None:
    lines = list(csv_lines(["Référence"], [["A", 1]], separator))
    assert lines == [BYTE_ORDER_MARK + '"Référence"\r\n'.encode(), second]
