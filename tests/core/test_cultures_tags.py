"""The tags and filters that pages and mails use."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.cultures import Habits, override
from core.cultures.places import listed_zones
from core.db import database_now
from core.templatetags.cultures import instant, machine_instant

AT = datetime(2026, 11, 21, 15, 30, 5, 999_999, tzinfo=UTC)


def rendered(source: str, value: object, habits: Habits | None = None) -> str:
    with override(habits or Habits("fr-CA")):
        return Template("{% load cultures %}" + source).render(Context({"value": value})).replace("\u00a0", "~")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{% instant value %}", "21 novembre 2026, 10~h~30"),
        ("{% instant value seconds=True %}", "21 novembre 2026, 10~h~30~min~05~s"),
        ("{% instant value offset=True %}", "21 novembre 2026, 10~h~30 (UTC−05:00)"),
        ("{% clock value %}", "10~h~30"),
        ("{% clock value seconds=True %}", "10~h~30~min~05~s"),
        ("{% clock value offset=True %}", "10~h~30 (UTC−05:00)"),
        ("{% day value %}", "21 novembre 2026"),
    ],
)
def test_an_instant_is_a_time_element_with_the_local_rendering_inside(source: str, shown: str) -> None:
    assert rendered(source, AT) == f'<time datetime="2026-11-21T15:30:05Z">{shown}</time>'


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_today_is_the_day_of_the_persons_zone(zone: str) -> None:
    habits, source = Habits("en-CA", zone=zone), "{% if value|is_today %}today{% endif %}"
    now = database_now()
    midnight = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)

    assert rendered(source, now, habits) == "today"
    assert rendered(source, midnight.astimezone(UTC), habits) == "today"
    assert rendered(source, midnight.astimezone(UTC) - timedelta(seconds=1), habits) == ""


def test_a_calendar_day_has_no_time_in_its_element() -> None:
    assert rendered("{% day value %}", date(2026, 11, 1)) == '<time datetime="2026-11-01">1er novembre 2026</time>'


def test_an_instant_as_text_says_how_far_it_is_from_utc() -> None:
    assert rendered("{{ value|instant_text }}", AT) == "21 novembre 2026, 10~h~30 (UTC−05:00)"


def test_the_machine_part_is_utc_whatever_the_zone_of_the_value() -> None:
    at = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))

    assert machine_instant(at) == "2026-11-21T15:30:05Z"


@pytest.mark.parametrize("empty", [None, ""])
@pytest.mark.parametrize(
    "source",
    [
        "{% instant value %}",
        "{% clock value %}",
        "{% day value %}",
        "{{ value|instant_text }}",
        "{{ value|number }}",
        "{{ value|filesize_in_words }}",
    ],
)
def test_nothing_shows_nothing(source: str, empty: str | None) -> None:
    assert rendered(source, empty) == ""


@pytest.mark.parametrize(
    "source",
    [
        "{% instant value %}",
        "{% clock value %}",
        "{% day value %}",
        "{{ value|number }}",
        "{{ value|filesize_in_words }}",
    ],
)
def test_a_value_of_another_kind_is_a_mistake_and_says_so(source: str) -> None:
    with pytest.raises(TypeError, match="cannot show a value of type str"):
        rendered(source, "tomorrow")


def test_a_naive_instant_is_a_mistake_and_says_so() -> None:
    with pytest.raises(ValueError, match="time zone"):
        rendered("{% instant value %}", datetime(2026, 11, 21))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (1234, "1~234"), (1234.5, "1~234,5"), (Decimal("1234.56"), "1~234,56"), (-1, "-1")],
)
def test_a_number_is_written_as_the_culture_does(value: float, shown: str) -> None:
    assert rendered("{{ value|number }}", value) == shown


def test_a_size_is_written_in_the_language_of_the_page() -> None:
    with translation.override("fr"):
        assert rendered("{{ value|filesize_in_words }}", 2_500_000_000) == "2,5~Go"
    with translation.override("en"):
        assert rendered("{{ value|filesize_in_words }}", 2_500_000_000, Habits()) == "2.5~GB"
    with translation.override(None):
        assert rendered("{{ value|filesize_in_words }}", 999, Habits()) == "999~bytes"


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 30), timezones=st.just(UTC)),
    st.sampled_from(listed_zones()),
    st.sampled_from(["fr-CA", "en-CA", "ar-EG", "ja-JP"]),
)
def test_any_instant_in_any_zone_reads_back_from_its_element(at: datetime, zone: str, culture: str) -> None:
    with override(Habits(culture, zone)):
        element = instant(at, seconds=True)

    match = re.fullmatch(r'<time datetime="([^"]+Z)">([^<]+)</time>', element)

    assert match is not None
    assert datetime.fromisoformat(match[1]) == at.replace(microsecond=0)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 30), timezones=st.just(UTC)))
def test_iso_habits_show_the_very_fields_of_the_local_time(at: datetime) -> None:
    with override(Habits("en-CA", "UTC", "24", iso_dates=True)):
        element = instant(at, seconds=True)

    assert f">{at:%Y-%m-%d, %H:%M:%S}<" in element
