"""A period ends at the last second of its last day, in the organization's zone, in every calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from licenses.models import PeriodUnit
from licenses.periods import day_of, end_of_day, period_end

ZONES = (
    "America/Toronto",
    "America/St_Johns",
    "Europe/Paris",
    "Pacific/Kiritimati",
    "Pacific/Honolulu",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "UTC",
)
days = st.dates(date(2000, 1, 1), date(2080, 12, 31))


@pytest.mark.parametrize(
    ("starts_on", "length", "unit", "last_day"),
    [
        (date(2026, 3, 2), 1, PeriodUnit.YEAR, date(2027, 3, 2)),
        (date(2026, 3, 2), 1, PeriodUnit.MONTH, date(2026, 4, 2)),
        (date(2026, 3, 2), 30, PeriodUnit.DAY, date(2026, 4, 1)),
        (date(2026, 1, 29), 1, PeriodUnit.MONTH, date(2026, 2, 28)),
        (date(2026, 1, 31), 1, PeriodUnit.MONTH, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, PeriodUnit.MONTH, date(2028, 2, 29)),
        (date(2028, 2, 29), 1, PeriodUnit.YEAR, date(2029, 2, 28)),
        (date(2026, 8, 31), 1, PeriodUnit.MONTH, date(2026, 9, 30)),
        (date(2026, 12, 31), 2, PeriodUnit.MONTH, date(2027, 2, 28)),
        (date(2026, 12, 5), 1, PeriodUnit.MONTH, date(2027, 1, 5)),
        (date(2026, 11, 30), 13, PeriodUnit.MONTH, date(2027, 12, 30)),
    ],
)
def test_the_last_day_follows_the_calendar(starts_on: date, length: int, unit: str, last_day: date) -> None:
    ends_at = period_end(starts_on=starts_on, length=length, unit=unit, zone="America/Toronto")
    local = ends_at.astimezone(ZoneInfo("America/Toronto"))
    assert (local.date(), local.time()) == (last_day, time(23, 59, 59))


@given(starts_on=days, length=st.integers(1, 60), unit=st.sampled_from(PeriodUnit), zone=st.sampled_from(ZONES))
@example(starts_on=date(2026, 3, 8), length=1, unit=PeriodUnit.YEAR, zone="America/Toronto")
def test_a_period_ends_after_it_began_at_the_last_second_of_a_day(
    starts_on: date, length: int, unit: PeriodUnit, zone: str
) -> None:
    ends_at = period_end(starts_on=starts_on, length=length, unit=unit, zone=zone)
    local = ends_at.astimezone(ZoneInfo(zone))
    assert ends_at.tzinfo == UTC
    assert local.time() == time(23, 59, 59)
    assert local.date() > starts_on
    if unit != PeriodUnit.DAY:
        assert local.day == starts_on.day or (local.day < starts_on.day and (local + timedelta(days=1)).day == 1)


@given(starts_on=days, length=st.integers(1, 24), zone=st.sampled_from(ZONES))
def test_a_longer_period_ends_later(starts_on: date, length: int, zone: str) -> None:
    shorter = period_end(starts_on=starts_on, length=length, unit=PeriodUnit.MONTH, zone=zone)
    longer = period_end(starts_on=starts_on, length=length + 1, unit=PeriodUnit.MONTH, zone=zone)
    assert longer > shorter


@given(starts_on=days, zone=st.sampled_from(ZONES))
def test_twelve_months_are_a_year(starts_on: date, zone: str) -> None:
    months = period_end(starts_on=starts_on, length=12, unit=PeriodUnit.MONTH, zone=zone)
    year = period_end(starts_on=starts_on, length=1, unit=PeriodUnit.YEAR, zone=zone)
    assert months == year


@given(on=days, zone=st.sampled_from(ZONES))
def test_a_days_end_lies_on_that_day_and_a_second_later_does_not(on: date, zone: str) -> None:
    end = end_of_day(on, zone)
    assert day_of(end, zone) == on
    assert day_of(end + timedelta(seconds=1), zone) == on + timedelta(days=1)


def test_the_end_is_the_same_instant_for_every_reader() -> None:
    ends_at = end_of_day(date(2026, 11, 21), "America/Toronto")
    assert ends_at == datetime(2026, 11, 22, 4, 59, 59, tzinfo=UTC)
    assert day_of(ends_at, "Asia/Kathmandu") == date(2026, 11, 22)
