"""The list of time zones: every zone named, none twice, offsets right on the day."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from core.cultures import zone_exists, zone_label, zone_options
from core.cultures.places import country_of_zone, listed_zones, zone_names, zones_of_country

WINTER = datetime(2026, 1, 15, 12, tzinfo=UTC)
SUMMER = datetime(2026, 7, 15, 12, tzinfo=UTC)
LABEL = re.compile(r"\(UTC[+−]\d\d:\d\d\) \S")
NO_NAME = ("Unknown", "unknown", "inconnu", "∅", "_", "/")


def headings(html: str) -> list[str]:
    return [unescape(label) for label in re.findall(r'<optgroup label="([^"]*)">', html)]


def values(html: str) -> list[str]:
    return re.findall(r'<option value="([^"]*)"', html)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_listed_zone_has_a_name(language: str) -> None:
    labels = {zone: zone_label(zone, language, WINTER) for zone in listed_zones()}

    assert [label for label in labels.values() if not LABEL.match(label)] == []
    assert [label for label in labels.values() if any(sign in label for sign in NO_NAME)] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_two_zones_have_the_same_label(language: str) -> None:
    labels = [zone_label(zone, language, WINTER) for zone in listed_zones()]

    assert sorted({label for label in labels if labels.count(label) > 1}) == []


@pytest.mark.parametrize(
    ("zone", "language", "at", "label"),
    [
        ("America/Toronto", "en", WINTER, "(UTC−05:00) Eastern Time – Toronto"),
        ("America/Toronto", "en", SUMMER, "(UTC−04:00) Eastern Time – Toronto"),
        ("America/Toronto", "fr", WINTER, "(UTC−05:00) heure de l’Est – Toronto"),
        ("America/St_Johns", "en", WINTER, "(UTC−03:30) Newfoundland Time – St. John’s"),
        ("America/Indiana/Indianapolis", "en", WINTER, "(UTC−05:00) Eastern Time – Indianapolis"),
        ("America/Argentina/Buenos_Aires", "fr", WINTER, "(UTC−03:00) heure de l’Argentine – Buenos Aires"),
        ("Asia/Kolkata", "en", WINTER, "(UTC+05:30) India Standard Time – Kolkata"),
        ("Asia/Calcutta", "en", WINTER, "(UTC+05:30) India Standard Time – Kolkata"),
        ("Europe/Kyiv", "en", WINTER, "(UTC+02:00) Eastern European Time – Kyiv"),
        ("America/Montreal", "en", WINTER, "(UTC−05:00) Eastern Time – Montreal"),
        ("US/Eastern", "en", WINTER, "(UTC−05:00) Eastern Time – New York"),
        ("Europe/London", "en", SUMMER, "(UTC+01:00) United Kingdom – London"),
        ("Africa/Accra", "en", SUMMER, "(UTC+00:00) Greenwich Mean Time – Accra"),
        ("America/Coyhaique", "fr", WINTER, "(UTC−03:00) Chili – Coyhaique"),
        ("Europe/Jersey", "en", WINTER, "(UTC+00:00) Jersey"),
        ("UTC", "en", WINTER, "(UTC+00:00) Coordinated Universal Time"),
        ("Etc/GMT+5", "en", WINTER, "(UTC−05:00) Etc/GMT+5"),
        ("Mars/Olympus", "en", WINTER, "Mars/Olympus"),
    ],
)
def test_a_zone_is_named_by_offset_time_and_city(zone: str, language: str, at: datetime, label: str) -> None:
    assert zone_label(zone, language, at) == label


def test_a_language_without_names_of_its_own_reads_english() -> None:
    assert zone_label("America/Toronto", "xx-nothing", WINTER) == "(UTC−05:00) Eastern Time – Toronto"


def test_the_list_has_every_zone_of_every_country_once_and_utc() -> None:
    drawn = values(zone_options("en", "CA", WINTER).html)

    assert sorted(drawn) == sorted({*country_of_zone(), "UTC"})
    assert len(drawn) > 400


def test_the_zones_of_the_region_come_first_and_only_there() -> None:
    html = zone_options("en", "CA", WINTER).html

    assert headings(html) == ["Canada", "Africa", "Americas", "Antarctica", "Asia", "Europe", "Oceania", "world"]
    assert tuple(values(html)[: len(zones_of_country("CA"))]) == zones_of_country("CA")
    assert html.count('value="America/Toronto"') == 1


def test_groups_are_named_in_the_language_of_the_reader() -> None:
    assert headings(zone_options("fr", "CH", WINTER).html)[:4] == ["Suisse", "Afrique", "Amériques", "Antarctique"]


@pytest.mark.parametrize(
    ("region", "zone"), [("XK", "Europe/Belgrade"), ("AC", "Atlantic/St_Helena"), ("TA", "Atlantic/St_Helena")]
)
def test_a_region_unknown_to_the_country_table_still_has_its_zone_first(region: str, zone: str) -> None:
    assert values(zone_options("en", region, WINTER).html)[0] == zone


@pytest.mark.parametrize("region", ["", "ZZ", "001", '"><script>'])
def test_an_unknown_region_has_no_group(region: str) -> None:
    assert headings(zone_options("en", region, WINTER).html)[0] == "Africa"


def test_offsets_change_with_the_instant_to_the_quarter_hour() -> None:
    change = datetime(2026, 3, 8, 7, tzinfo=UTC)

    before = zone_options("en", "CA", change - timedelta(seconds=1)).html
    after = zone_options("en", "CA", change).html

    assert "(UTC−05:00) Eastern Time – Toronto" in before
    assert "(UTC−04:00) Eastern Time – Toronto" in after


def test_the_list_is_drawn_once_while_no_offset_changes() -> None:
    first = zone_options("en", "US", WINTER)

    assert zone_options("en", "US", WINTER + timedelta(days=1)) is first


@pytest.mark.parametrize("name", ["America/Toronto", "UTC", "Asia/Calcutta", "US/Eastern", "America/Montreal"])
def test_present_and_former_names_exist(name: str) -> None:
    assert zone_exists(name)


@pytest.mark.parametrize(
    "name", ["", "Toronto", "america/toronto", "America/Toronto ", "../etc/passwd", "localtime", "Factory", "\x00"]
)
def test_what_is_no_zone_does_not_exist(name: str) -> None:
    assert not zone_exists(name)
    assert name not in zone_options("en", "CA", WINTER)


def test_a_former_name_is_accepted_and_drawn_selected_though_it_is_not_listed() -> None:
    drawn = zone_options("en", "CA", WINTER)

    assert "US/Eastern" in drawn
    assert drawn.enabled("US/Eastern")
    assert "US/Eastern" not in values(drawn.html)
    assert drawn.marked("US/Eastern").startswith(
        '<option value="US/Eastern" selected>(UTC−05:00) Eastern Time – New York</option>'
    )


@pytest.mark.parametrize("at", [WINTER, SUMMER])
def test_every_former_name_is_drawn_with_the_offset_it_has(at: datetime) -> None:
    drawn = zone_options("en", "CA", at)
    former = sorted(zone_names() - set(listed_zones()))

    assert len(former) > 100
    wrong = [
        name
        for name in former
        if unescape(drawn.marked(name)).split("<")[1].split(">")[1] != zone_label(name, "en", at)
    ]
    assert wrong == []
