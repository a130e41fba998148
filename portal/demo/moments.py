"""When people of the demo work: weekdays, office hours, never in the future."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

FIRST_HOUR, LAST_HOUR = 8, 17
MINUTES_AGO = 7
SATURDAY = 5


def office_moments(*, days: int, zone: str, now: datetime, random: Random, chance: float) -> Iterator[datetime]:
    """Yield one moment of work on some of the weekdays that lie behind, oldest first.

    Args:
        days: how far back.
        now: aware instant; nothing later is yielded.
        chance: from 0 to 1, of working on a weekday.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    for ago in range(days, -1, -1):
        on = today - timedelta(days=ago)
        if on.weekday() >= SATURDAY or random.random() >= chance:
            continue
        clock = time(random.randint(FIRST_HOUR, LAST_HOUR), random.randrange(60), random.randrange(60))
        at = datetime.combine(on, clock, tzinfo=ZoneInfo(zone))
        if at < now:
            yield at


def last_office_moment(*, starts_at: datetime, ends_at: datetime, zone: str, random: Random) -> datetime:
    """Return the latest likely moment of work in a span; where there was no office hour yet, its middle.

    Args:
        starts_at, ends_at: aware instants, the first before the second.
    """
    days = (ends_at - starts_at).days + 1
    newest = ends_at - timedelta(minutes=MINUTES_AGO)
    moments = office_moments(days=days, zone=zone, now=newest, random=random, chance=1.0)
    found = [at for at in moments if at >= starts_at]
    return found[-1] if found else starts_at + (ends_at - starts_at) / 2
