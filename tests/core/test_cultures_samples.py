"""The list of cultures: each named, each with the sample it would really write."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from babel import localedata

from core.cultures import Habits, culture_exists, culture_label, culture_options, format_instant, override
from core.cultures.naming import alphabetical, culture_ids, naming_locale
from core.cultures.samples import _borrowed_data, _sketches

DAY = date(2026, 11, 12)
ISOLATES = str.maketrans("", "", "\u2067\u2069")


def labels(language: str, on: date | datetime = DAY) -> dict[str, str]:
    html = culture_options(language, on).html
    return {value: unescape(label) for value, label in re.findall(r'<option value="([^"]+)">([^<]+)</option>', html)}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_culture_of_a_place_is_listed_where_its_language_has_a_name(language: str) -> None:
    named = naming_locale(language).languages
    expected = {tag for tag in culture_ids() if tag.split("-")[0] in named and "001" not in tag}
    assert set(labels(language)) == expected
    assert len(expected) > 500


@pytest.mark.parametrize("tag", ["mhn-IT", "apc-SY", "en-001"])
def test_a_culture_left_out_of_the_list_is_drawn_for_whoever_has_it(tag: str) -> None:
    drawn = culture_options("fr", DAY)
    assert f'value="{tag}"' not in drawn.html
    assert tag in drawn
    assert drawn.marked(tag).startswith(f'<option value="{tag}" selected>')


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_culture_is_named(language: str) -> None:
    names = {tag: label.split(" – ")[0] for tag, label in labels(language).items()}

    assert [name for name in names.values() if not re.fullmatch(r"[^()]{2,} \(.{2,}\)", name)] == []
    assert [name for name in names.values() if re.search(r"unknown|inconnu|None|∅", name, re.IGNORECASE)] == []


def test_names_are_sorted_regardless_of_case_and_accents() -> None:
    names = [label.split(" – ")[0] for label in labels("fr").values()]

    assert names == sorted(names, key=alphabetical)
    assert names.index("espagnol (Espagne)") < names.index("éwé (Ghana)") < names.index("finnois (Finlande)")


@pytest.mark.parametrize(
    ("tag", "language", "label"),
    [
        ("fr-CA", "fr", "français (Canada) – 12 novembre 2026, 14~h~05"),
        ("fr-CA", "en", "French (Canada) – 12 novembre 2026, 14~h~05"),
        ("en-CA", "en", "English (Canada) – November 12, 2026, 2:05~p.m."),
        ("zh-Hant-TW", "en", "Chinese (Traditional, Taiwan) – 2026年11月12日 下午2:05"),
        ("ar-EG", "en", "Arabic (Egypt) – \u206712 نوفمبر 2026، 2:05~م\u2069"),
    ],
)
def test_a_culture_is_shown_with_a_live_sample(tag: str, language: str, label: str) -> None:
    assert labels(language)[tag] == label.replace("~", "\u00a0")


@pytest.mark.parametrize("on", [date(2026, 11, 1), date(2026, 5, 9), date(2027, 8, 31), date(2028, 2, 29)])
def test_a_sample_is_what_the_culture_would_write(on: date) -> None:
    at = datetime(on.year, on.month, on.day, 14, 5, tzinfo=UTC)

    wrong = {
        sketch.tag: (sample, written)
        for sketch in _sketches()
        if (sample := sketch.sample(on).translate(ISOLATES))
        != (written := format_instant(at, habits=Habits(sketch.tag, "UTC")))
    }

    assert wrong == {}


def test_an_instant_is_sampled_on_the_day_it_has_for_the_reader() -> None:
    at = datetime(2026, 11, 12, 2, tzinfo=UTC)

    with override(Habits(zone="America/Toronto")):
        assert "November 11" in labels("en", at)["en-CA"]
    with override(Habits(zone="Asia/Tokyo")):
        assert "November 12" in labels("en", at)["en-CA"]


def test_the_list_is_drawn_once_for_a_language_and_day() -> None:
    assert culture_options("en", DAY) is culture_options("en", DAY)
    assert culture_options("en", DAY) is not culture_options("fr", DAY)


def test_the_data_of_borrowed_locales_is_given_back() -> None:
    localedata.load("root")
    name = "vun_TZ"
    localedata._cache.pop(name, None)

    with _borrowed_data():
        localedata.load(name)
        assert name in localedata._cache

    assert name not in localedata._cache
    assert "root" in localedata._cache


@pytest.mark.parametrize("tag", ["fr-CA", "en-001", "ca-ES-valencia", "sr-Latn-RS"])
def test_tags_of_locales_with_a_territory_exist(tag: str) -> None:
    assert culture_exists(tag)


@pytest.mark.parametrize("tag", ["", "fr", "fr_CA", "fr-ca", "xx-YY", "fr-CA ", "en-US.UTF-8", "../fr-CA", "\x00"])
def test_what_is_no_culture_does_not_exist(tag: str) -> None:
    assert not culture_exists(tag)
    assert tag not in culture_options("en", DAY)


@pytest.mark.parametrize(
    ("tag", "language", "label"),
    [
        ("fr-CA", "fr", "français (Canada)"),
        ("de-CH", "en", "German (Switzerland)"),
        ("xx-YY", "en", "xx-YY"),
    ],
)
def test_a_culture_is_named_in_the_language_of_the_reader(tag: str, language: str, label: str) -> None:
    assert culture_label(tag, language) == label
