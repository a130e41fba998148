"""A month is a calendar month of one zone: no instant is in two, none is in no month."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from messaging.quota.months import month_of

# Zones with shifts of an hour, of half an hour, of a whole day, with midnight skipped or repeated, far east and west.
ZONES = (
    "America/Toronto",
    "America/St_Johns",
    "America/Havana",
    "America/Sao_Paulo",
    "America/Asuncion",
    "Europe/Paris",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Honolulu",
    "UTC",
)
SECOND = timedelta(seconds=1)
instants = st.datetimes(datetime(2000, 1, 1), datetime(2060, 12, 31), timezones=st.just(UTC))
zones = st.sampled_from(ZONES)


@given(at=instants, zone=zones)
@example(at=datetime(2026, 11, 1, 3, 59, 59, tzinfo=UTC), zone="America/Toronto")
@example(at=datetime(2026, 11, 1, 4, 0, 0, tzinfo=UTC), zone="America/Toronto")
@example(at=datetime(2011, 12, 31, 9, 59, 59, tzinfo=UTC), zone="Pacific/Apia")
def test_an_instant_lies_in_its_month(at: datetime, zone: str) -> None:
    month = month_of(at, zone)
    assert month.starts_at <= at < month.resets_at
    local = at.astimezone(ZoneInfo(zone))
    assert (month.first_on.year, month.first_on.month, month.first_on.day) == (local.year, local.month, 1)


@given(at=instants, zone=zones)
def test_months_touch_and_never_overlap(at: datetime, zone: str) -> None:
    month = month_of(at, zone)
    following = month_of(month.resets_at, zone)
    before = month_of(month.starts_at - SECOND, zone)
    assert following.starts_at == month.resets_at
    assert before.resets_at == month.starts_at
    assert before.first_on < month.first_on < following.first_on


@given(at=instants, zone=zones)
def test_every_instant_of_a_month_gives_the_same_month(at: datetime, zone: str) -> None:
    month = month_of(at, zone)
    assert month_of(month.starts_at, zone) == month
    assert month_of(month.resets_at - SECOND, zone) == month


@given(at=instants, zone=zones)
def test_a_month_lasts_27_to_32_days(at: datetime, zone: str) -> None:
    month = month_of(at, zone)
    assert timedelta(days=27) < month.resets_at - month.starts_at < timedelta(days=32)


@pytest.mark.parametrize(
    ("at", "zone", "starts_at", "resets_at"),
    [
        # The clocks go back on the first day: the month begins in summer time.
        ("2026-11-15T12:00Z", "America/Toronto", "2026-11-01T04:00Z", "2026-12-01T05:00Z"),
        ("2026-03-15T12:00Z", "America/Toronto", "2026-03-01T05:00Z", "2026-04-01T04:00Z"),
        ("2026-10-25T12:00Z", "Europe/Paris", "2026-09-30T22:00Z", "2026-10-31T23:00Z"),
        ("2026-12-31T23:30Z", "Europe/Paris", "2026-12-31T23:00Z", "2027-01-31T23:00Z"),
        ("2026-02-28T23:30Z", "Asia/Kathmandu", "2026-02-28T18:15Z", "2026-03-31T18:15Z"),
        ("2028-02-29T12:00Z", "Pacific/Kiritimati", "2028-02-29T10:00Z", "2028-03-31T10:00Z"),
        # The clocks go back just after midnight of the first: of its two midnights the earlier one begins the month.
        ("2026-11-10T12:00Z", "America/Havana", "2026-11-01T04:00Z", "2026-12-01T05:00Z"),
    ],
)
def test_the_ends_of_known_months(at: str, zone: str, starts_at: str, resets_at: str) -> None:
    month = month_of(datetime.fromisoformat(at), zone)
    assert (month.starts_at, month.resets_at) == (datetime.fromisoformat(starts_at), datetime.fromisoformat(resets_at))
