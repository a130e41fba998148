"""Calendar months in a zone, as instants."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of one zone: its first day there, and its two ends in UTC."""

    first_on: date
    zone: str
    starts_at: datetime
    resets_at: datetime


def month_of(at: datetime, zone: str) -> Month:
    """Return the calendar month that an instant falls into in a zone.

    Args:
        at: aware instant.
        zone: IANA name; a midnight that does not exist there begins with the first instant after the gap.
    """
    local = at.astimezone(ZoneInfo(zone))
    first = date(local.year, local.month, 1)
    following = date(local.year + local.month // 12, local.month % 12 + 1, 1)
    return Month(first, zone, _midnight(first, zone), _midnight(following, zone))


def _midnight(on: date, zone: str) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
