"""The calendar of a license: when a period ends."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from licenses.choices import PeriodUnit
from licenses.limits import LICENSE_MOST_YEARS


def period_end(*, starts_on: date, length: int, unit: str, zone: str) -> datetime:
    """Return the last second of a period's last day in a zone, in UTC; the same instant is the renewal.

    Args:
        starts_on: first day of the period in that zone.
        length: how many units, at least 1.
        unit: day, month or year; a period begun on the 29th to 31st ends on the last day of a shorter month.
        zone: IANA name of the organization's zone.
    """
    last_day = starts_on + timedelta(days=length) if unit == PeriodUnit.DAY else _months_on(starts_on, length, unit)
    return end_of_day(last_day, zone)


def end_of_day(on: date, zone: str) -> datetime:
    """Return the last second of a calendar day in a zone, in UTC."""
    return datetime.combine(on, time(23, 59, 59), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def last_days(*, starts_at: datetime, zone: str) -> tuple[date, date]:
    """Return the earliest and the latest day on which a license may end.

    Args:
        starts_at: aware instant at which its period began.
        zone: IANA name of the organization's zone.
    """
    began = day_of(starts_at, zone)
    return began, _months_on(began, LICENSE_MOST_YEARS, PeriodUnit.YEAR)


def day_of(at: datetime, zone: str) -> date:
    """Return the calendar day that an instant falls on in a zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def _months_on(starts_on: date, length: int, unit: str) -> date:
    months = starts_on.month - 1 + length * (12 if unit == PeriodUnit.YEAR else 1)
    year, month = starts_on.year + months // 12, months % 12 + 1
    return date(year, month, min(starts_on.day, monthrange(year, month)[1]))
