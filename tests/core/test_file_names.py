"""Names of files that strangers gave (statement 137)."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.file_names import NEUTRAL_NAME, clean_file_name, disk_file_name, unique_file_name

DEVICES = ("con", "PRN", "Aux", "nul", "com1", "COM¹", "lpt9", "LPT³")
# Pieces of which hostile names are made.
HOSTILE = [
    *"/\\:.\"'<>|?*%;=\r\n\t\x00\x1f\x7f\x85 -",
    "..", "../", "C:", "\\\\server\\", "con", "NUL", "lpt1", ".txt", ".pdf", "<img onerror=x>", "file",
    "\u202e", "\u2066", "\u200f", "\u200b", "\ufeff", "\u2028", "\u00ad", "\u3164", "\u2800", "\ud800",
    "é", "e\u0301", "\u0301", "が", "か\u3099", "한", "👩\u200d⚖️", "🇨🇦", "\u1e9b\u0323", "ﬁ", "x" * 100, "ş" * 200,
]  # fmt: skip
names = st.one_of(st.text(max_size=400), st.lists(st.sampled_from(HOSTILE), max_size=12).map("".join))


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Contract 2026.pdf", "Contract 2026.pdf"),
        ("Résumé – été.docx", "Résumé – été.docx"),
        ("e\u0301te\u0301.txt", "été.txt"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\Users\\a\\will.odt", "will.odt"),
        ("Q: what, A: that.odt", "Q: what, A: that.odt"),
        ("\\\\server\\share\\a.txt", "a.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie: x=1.txt"),
        ("a\x00.pdf", "a.pdf"),
        ('<img src=x onerror="a">.png', '<img src=x onerror="a">.png'),
        ("  spaced.txt . . ", "spaced.txt"),
        ("👩\u200d⚖️ 🇨🇦.png", "👩\u200d⚖️ 🇨🇦.png"),
        (".htaccess", ".htaccess"),
        ("archive.tar.gz", "archive.tar.gz"),
        ("con.txt", "_con.txt"),
        ("CON", "_CON"),
        ("con:.txt", "_con:.txt"),
        ("con .txt", "_con .txt"),
        ("lpt1.tar.gz", "_lpt1.tar.gz"),
        ("COM¹.doc", "_COM¹.doc"),
        ("control.txt", "control.txt"),
        ("com10.txt", "com10.txt"),
        *((name, NEUTRAL_NAME) for name in ("", " ", ".", "..", "...", "/", "a/", "\x00", "\u202e", "\u3164")),
    ],
)
def test_statement_137_what_is_kept(given_name: str, kept: str) -> None:
    name = clean_file_name(given_name)
    assert (name.text, name.is_shortened) == (kept, False)


def test_a_long_name_is_shortened_before_its_extension_and_that_is_said() -> None:
    name = clean_file_name("ş" * 300 + ".pdf")
    assert name.is_shortened
    assert name.text == "ş" * 251 + ".pdf"
    exact = clean_file_name("ş" * 251 + ".pdf")
    assert not exact.is_shortened
    assert exact.text == "ş" * 251 + ".pdf"


def test_a_long_end_of_a_sentence_is_no_extension() -> None:
    name = clean_file_name("Minutes. " + "x" * 300)
    assert name.is_shortened
    assert name.text == "Minutes. " + "x" * 246


@given(names)
@example("con" + "." * 300)
@example("nul." + "x" * 300)
@example("a" * 254 + " .b")
def test_statement_137_any_name_becomes_harmless(given_name: str) -> None:
    name = clean_file_name(given_name).text
    assert 0 < len(name) <= 255
    assert not re.search(r"[/\\]", name)
    assert {unicodedata.category(character) for character in name if character not in "\u200c\u200d"}.isdisjoint(
        {"Cc", "Cf", "Cs", "Zl", "Zp"}
    )
    assert name == unicodedata.normalize("NFC", name)
    assert name.encode()
    assert name.strip(" ") == name
    assert not name.endswith(".")
    assert re.split("[.:]", name)[0].rstrip(" ").casefold() not in {device.casefold() for device in DEVICES}


@given(names)
def test_cleaning_twice_changes_nothing(given_name: str) -> None:
    name = clean_file_name(given_name).text
    assert clean_file_name(name).text == name


@given(st.lists(names, max_size=12))
def test_equal_names_of_one_send_become_different(given_names: list[str]) -> None:
    taken: list[str] = []
    for given_name in given_names:
        taken.append(unique_file_name(clean_file_name(given_name).text, taken))
    assert len({name.casefold() for name in taken}) == len(given_names)
    assert all(clean_file_name(name).text == name for name in taken)


def test_the_number_stands_before_the_extension() -> None:
    assert unique_file_name("a.pdf", ["A.PDF", "a (2).pdf"]) == "a (3).pdf"
    assert unique_file_name("a.pdf", ["b.pdf"]) == "a.pdf"
    assert unique_file_name(".env", [".env"]) == ".env (2)"
    assert unique_file_name("x" * 251 + ".pdf", ["x" * 251 + ".pdf"]) == "x" * 247 + " (2).pdf"


@given(names)
def test_in_an_archive_every_disk_takes_it(given_name: str) -> None:
    name = disk_file_name(clean_file_name(given_name).text)
    assert not re.search(r'[<>:"|?*/\\\x00-\x1f]', name)
