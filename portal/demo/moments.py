"""When people of the demo work: weekdays, office hours, never in the future."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

# How much of a day's work falls into each hour; the day begins slowly, and lunch is short.
WORK_BY_HOUR = {8: 5, 9: 12, 10: 16, 11: 13, 12: 5, 13: 9, 14: 14, 15: 13, 16: 9, 17: 4}
# Monday to Friday.
WORK_BY_WEEKDAY = (10, 12, 12, 11, 7)
SATURDAY = 5


def office_moments(*, days: int, zone: str, now: datetime, random: Random, chance: float) -> Iterator[datetime]:
    """Yield one moment of work on some of the weekdays that lie behind, oldest first.

    Args:
        days: how far back.
        now: aware instant; nothing later is yielded.
        chance: from 0 to 1, of working on a weekday.
    """
    for on in _weekdays(days, zone, now):
        if random.random() < chance:
            at = _moment(on, zone, random)
            if at < now:
                yield at


def many_moments(*, count: int, days: int, zone: str, now: datetime, random: Random) -> list[datetime]:
    """Return so many moments of work on the weekdays that are over, oldest first.

    Args:
        days: how far back, at least a week.
        now: aware instant; today is not over.
    """
    over = _weekdays(days, zone, now - timedelta(days=1))
    chosen = random.choices(over, [WORK_BY_WEEKDAY[on.weekday()] for on in over], k=count)
    return sorted(_moment(on, zone, random) for on in chosen)


def _weekdays(days: int, zone: str, until: datetime) -> list[date]:
    newest = until.astimezone(ZoneInfo(zone)).date()
    return [on for ago in range(days, -1, -1) if (on := newest - timedelta(days=ago)).weekday() < SATURDAY]


def _moment(on: date, zone: str, random: Random) -> datetime:
    (hour,) = random.choices([*WORK_BY_HOUR], [*WORK_BY_HOUR.values()])
    clock = time(hour, random.randrange(60), random.randrange(60), random.randrange(1_000_000))
    return datetime.combine(on, clock, tzinfo=ZoneInfo(zone)).astimezone(UTC)
