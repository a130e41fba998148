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


@pytest.mark.parametrize("number", ["1,500.00", "12/05/2026", "12:30:05", "1\u00a0500,50", "50%", "$50", "5+3", "7"])
def test_a_number_among_hebrew_is_read_from_the_left(number: str) -> None:
    assert f" {number} " in set_in(f"\u05d0\u05d1 {number} \u05d2\u05d3", PLAIN)


@pytest.mark.parametrize(
    "number", ["1,500.00", "12/05/2026", "12:30:05", "\u0661\u0662:\u0663\u0660", "\u0661\u066b\u0665"]
)
def test_a_number_among_arabic_is_read_from_the_left(number: str) -> None:
    assert f" {number} " in set_in(f"\u0645\u0646 {number} \u0645\u0646", PLAIN)


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("\u05d0 1-2, 3 \u05d1", "\u05d1 3 ,1-2 \u05d0"),  # a separator before a blank is none of a number
        ("\u05d0 - 5 \u05d1", "\u05d1 5 - \u05d0"),
        ("\u05d0 5: \u05d1", "\u05d1 :5 \u05d0"),
    ],
)
def test_what_stands_beside_a_number_is_turned_around(typed: str, seen: str) -> None:
    assert set_in(typed, PLAIN) == seen


def test_blanks_of_any_width_are_printed() -> None:
    assert set_in("Anne\u2009Lavoie 12\u202f500", PLAIN) == "Anne Lavoie 12\u00a0500"


def test_letters_kept_apart_are_not_joined() -> None:
    assert set_in("\u0647\u200c\u0647", PLAIN) == "\ufee9\ufee9"
    assert set_in("Anne\u200c", PLAIN) == "Anne"


def test_no_form_is_taken_that_the_font_lacks() -> None:
    register_fonts()
    arabic = [chr(code) for code in range(0x620, 0x700) if unicodedata.category(chr(code)) == "Lo"]
    bare_ones = {letter for letter in arabic if "[U+" in set_in(letter, PLAIN)}
    joined = "".join(letter for letter in arabic if letter not in bare_ones)
    assert "[U+" not in set_in(joined, PLAIN)


def test_marks_stay_behind_their_letters() -> None:
    assert set_in("שָׁלוֹם", PLAIN) == "םוֹלשָׁ"


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("محمد", ["MEEM INITIAL", "HAH MEDIAL", "MEEM MEDIAL", "DAL FINAL"]),
        ("دار", ["DAL ISOLATED", "ALEF ISOLATED", "REH ISOLATED"]),
        ("علي", ["AIN INITIAL", "LAM MEDIAL", "YEH FINAL"]),
        ("ء", ["HAMZA ISOLATED"]),
        ("\u0639\u0644\u06cc", ["AIN INITIAL", "LAM MEDIAL", "FARSI YEH FINAL"]),
        ("\u06a9\u0631\u06cc\u0645", ["KEHEH INITIAL", "REH FINAL", "FARSI YEH INITIAL", "MEEM FINAL"]),
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
