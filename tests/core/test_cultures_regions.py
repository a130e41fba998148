"""The list of regions with telephone numbers, in two groups."""

import re
from html import unescape

import phonenumbers
import pytest

from core.cultures import region_exists, region_label, region_options

SERVED = frozenset({"CA", "US", "FR"})


def parts(language: str = "en", served: frozenset[str] = SERVED) -> list[str]:
    return region_options(language, served).html.split("<optgroup ")[1:]


@pytest.mark.parametrize(
    ("code", "language", "label"),
    [
        ("CA", "en", "Canada (+1)"),
        ("FR", "en", "France (+33)"),
        ("CH", "fr", "Suisse (+41)"),
        ("XK", "en", "Kosovo (+383)"),
        ("ZZ", "en", "ZZ"),
    ],
)
def test_a_region_is_named_with_its_calling_code(code: str, language: str, label: str) -> None:
    assert region_label(code, language) == label


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_region_has_a_name(language: str) -> None:
    labels = {code: region_label(code, language) for code in phonenumbers.SUPPORTED_REGIONS}

    assert [code for code, label in labels.items() if not re.fullmatch(r"\D{3,} \(\+\d{1,3}\)", label)] == []


@pytest.mark.parametrize("code", ["", "ca", "ZZ", "001", "Canada", "\x00"])
def test_what_is_no_region_does_not_exist(code: str) -> None:
    assert not region_exists(code)


def test_served_regions_stand_first_by_name() -> None:
    available, _ = parts()

    assert re.findall(r'value="(\w\w)"', available) == ["CA", "FR", "US"]
    assert "disabled" not in available


def test_the_other_regions_are_disabled_under_a_heading_that_says_why() -> None:
    _, unavailable = parts()
    codes = re.findall(r'<option value="(\w\w)" disabled>', unavailable)

    assert unescape(unavailable).startswith('label="Not available: this portal sends no text messages there"')
    assert set(codes) == set(phonenumbers.SUPPORTED_REGIONS) - SERVED


def test_while_no_text_is_sent_the_first_heading_promises_none() -> None:
    html = region_options("en", SERVED, are_texts_on=False).html
    assert "Countries of this portal" in html
    assert "Text messages available" not in html


def test_names_are_sorted_regardless_of_accents() -> None:
    _, unavailable = parts("fr")
    codes = re.findall(r'value="(\w\w)"', unavailable)

    assert codes.index("EG") < codes.index("ER") < codes.index("ES")  # Égypte, Érythrée, Espagne


def test_a_group_without_regions_is_not_drawn() -> None:
    assert len(parts(served=frozenset())) == 1


def test_a_stored_region_that_is_no_longer_served_stays_selectable() -> None:
    marked = region_options("en", SERVED).marked("CU")

    assert '<option value="CU" selected>Cuba (+53)</option>' in marked
    assert marked.count(" selected") == 1


def test_a_served_code_that_no_region_has_changes_nothing() -> None:
    assert "ZZ" not in region_options("en", frozenset({"ZZ"}))
