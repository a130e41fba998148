"""Any name can be read on paper: no boxes, Arabic joined, what is read from the right turned around."""

import unicodedata

import pytest

from signatures.pdf.letters import BOLD, PLAIN, register_fonts, set_in

NAMES = {
    "French": "Zoë Lefèvre-Œuvrard",
    "Vietnamese": "Nguyễn Thị Phương",
    "Romanian": "Ștefan Țepeș",
    "Greek": "Γιώργος Παπαδόπουλος",
    "Russian": "Лев Толстой",
    "Georgian": "გიორგი",
    "Armenian": "Արամ Խաչատրյան",
}


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("font", [PLAIN, BOLD])
def test_each_letter_is_set_in_a_font_that_has_it(language: str, font: str) -> None:
    register_fonts()
    written = set_in(NAMES[language], font)
    assert "[U+" not in written
    assert "".join(NAMES[language].split()) == "".join(bare(written).split())


def bare(written: str) -> str:
    """Return a text without the marks of its fonts."""
    for mark in (f'<font name="{PLAIN}">', "</font>"):
        written = written.replace(mark, "")
    return written


def test_a_letter_no_font_has_is_written_as_its_code_point() -> None:
    assert set_in("สม", PLAIN) == "[U+0E2A][U+0E21]"
    assert set_in("王", BOLD) == "[U+738B]"


def test_hebrew_is_turned_around_and_its_numbers_are_not() -> None:
    assert set_in("Anna – אנה 12 לאה – Bob", PLAIN) == "Anna – האל 12 הנא – Bob"


def test_marks_stay_behind_their_letters() -> None:
    assert set_in("שָׁלוֹם", PLAIN) == "םוֹלשָׁ"


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("محمد", ["MEEM INITIAL", "HAH MEDIAL", "MEEM MEDIAL", "DAL FINAL"]),
        ("دار", ["DAL ISOLATED", "ALEF ISOLATED", "REH ISOLATED"]),
        ("علي", ["AIN INITIAL", "LAM MEDIAL", "YEH FINAL"]),
        ("ء", ["HAMZA ISOLATED"]),
    ],
)
def test_arabic_letters_are_joined(word: str, forms: list[str]) -> None:
    seen = [unicodedata.name(letter) for letter in reversed(set_in(word, PLAIN))]
    assert seen == [f"ARABIC LETTER {form} FORM" for form in forms]


@pytest.mark.parametrize(("word", "form"), [("سلام", "FINAL"), ("لا", "ISOLATED")])
def test_lam_and_alef_are_one_sign(word: str, form: str) -> None:
    names = [unicodedata.name(letter) for letter in set_in(word, PLAIN)]
    assert f"ARABIC LIGATURE LAM WITH ALEF {form} FORM" in names


def test_text_is_no_markup_and_turns_no_direction() -> None:
    assert set_in('<b>"a" & b</b>\u202e\x07', PLAIN) == "&lt;b&gt;&quot;a&quot; &amp; b&lt;/b&gt;"
    assert set_in("one\ntwo", PLAIN) == "one<br/>two"


def test_accents_typed_apart_are_one_letter() -> None:
    assert set_in("Zoe\u0308", PLAIN) == "Zoë"
