"""The words of a code's text: one segment in the narrow alphabet, whatever the portal is called."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django import Settings

from core.limits import CODE_LIFETIME_SECONDS
from core.sms.wording import (
    CODE_PURPOSES,
    code_text,
    is_gsm7,
    number_changed_text,
    number_removed_text,
    number_restored_text,
    segments,
    short_name,
    two_factor_reset_text,
)

LANGUAGES = ["en", "fr"]
NAMES = [
    "Secure Exchange Portal",
    "Échange sécurisé de l’Étude Bélanger-Côté & Associés inc.",
    "portal.example",
    "門戶",
    "X" * 80,
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("purpose", CODE_PURPOSES["en"])
def test_a_code_is_one_segment(settings: Settings, language: str, name: str, purpose: str) -> None:
    settings.PORTAL_NAME = name
    text = code_text("012345", purpose, language)
    assert is_gsm7(text)
    assert len(text) <= 160
    assert segments(text) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_text_survives_the_longest_name(settings: Settings, language: str) -> None:
    settings.PORTAL_NAME = "Thirty characters of a name ok"
    assert short_name(settings.PORTAL_NAME) == settings.PORTAL_NAME
    assert segments(number_changed_text(language)) == segments(number_restored_text(language)) == 1
    assert segments(two_factor_reset_text(language)) == segments(number_removed_text(language)) == 1
    assert all(segments(code_text("012345", purpose, language)) == 1 for purpose in CODE_PURPOSES[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_says_what_it_is_for_from_whom_and_to_keep_it(language: str) -> None:
    text = code_text("012345", "sign-in", language)
    assert "012345" in text
    assert "Secure Exchange Portal" in text
    assert CODE_PURPOSES[language]["sign-in"] in text
    assert str(CODE_LIFETIME_SECONDS // 60) in text
    assert ("Never share it" if language == "en" else "Ne le donnez à personne") in text
    assert "/" not in text
    assert "www" not in text


def test_both_languages_know_the_same_purposes_and_differ() -> None:
    assert CODE_PURPOSES["en"].keys() == CODE_PURPOSES["fr"].keys()
    assert all(CODE_PURPOSES["en"][purpose] != CODE_PURPOSES["fr"][purpose] for purpose in CODE_PURPOSES["en"])


@given(name=st.text(max_size=120))
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_name_makes_a_second_segment_or_a_link(settings: Settings, name: str) -> None:
    settings.PORTAL_NAME = name
    assert segments(code_text("012345", "confirm-number", "fr")) == 1
    assert not set(short_name(name)) & set("./:@")


def test_names_are_folded_and_shortened_between_words() -> None:
    assert short_name("Échange sécurisé de l’Étude Bélanger") == "Echange securise de lEtude"
    assert short_name("portal.example") == "portal example"
    assert short_name("X" * 80) == "X" * 30


@pytest.mark.parametrize(
    ("text", "is_narrow", "count"),
    [
        ("é è à ù ì ò É Ç Ä ö ñ ü @ £ ¡ ¿", True, 1),
        # Accents of French that the alphabet lacks; each one makes the whole text wide.
        ("ê", False, 1),
        ("î", False, 1),
        ("ô", False, 1),
        ("ç", False, 1),
        ("œ", False, 1),
        ("À", False, 1),
        ("’", False, 1),
        ("\u00a0", False, 1),
        ("a" * 160, True, 1),
        ("a" * 161, True, 2),
        ("a" * 306, True, 2),
        ("a" * 307, True, 3),
        # The second alphabet takes two places a character.
        ("€" * 80, True, 1),
        ("€" * 81, True, 2),
        ("ô" * 70, False, 1),
        ("ô" * 71, False, 2),
        ("ô" * 134, False, 2),
        ("ô" * 135, False, 3),
        ("😀" * 35, False, 1),
        ("😀" * 36, False, 2),
    ],
)
def test_segments_are_counted_as_they_are_paid(text: str, is_narrow: bool, count: int) -> None:
    assert is_gsm7(text) is is_narrow
    assert segments(text) == count
