"""Calendar days of a zone, and the figures of counts that fall into them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.db.models import QuerySet

from messaging.items.models import QuarterHour

DAY = timedelta(days=1)


@dataclass(slots=True)
class Counts:
    """How many events, files and bytes."""

    events: int = 0
    files: int = 0
    size_bytes: int = 0

    def add(self, events: int, files: int, size_bytes: int) -> None:
        """Take more in."""
        self.events += events
        self.files += files
        self.size_bytes += size_bytes


CountsByDay = dict[tuple[date, str], Counts]


def midnight(day: date, zone: tzinfo) -> datetime:
    """Return the instant at which a day begins in a zone, in UTC, also where clocks skip midnight or show it twice."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def counted_by_day(quarters: QuerySet[QuarterHour], zone: tzinfo) -> CountsByDay:
    """Return the counts of quarter hours by the day of a zone into which each falls, and kind."""
    found: defaultdict[tuple[date, str], Counts] = defaultdict(Counts)
    columns = quarters.values_list("starts_at", "kind", "events", "files", "size_bytes")
    for starts_at, kind, events, files, size_bytes in columns.order_by("starts_at").iterator():
        found[starts_at.astimezone(zone).date(), kind].add(events, files, size_bytes)
    return found


def between(quarters: QuerySet[QuarterHour], first: date, last: date, zone: tzinfo) -> QuerySet[QuarterHour]:
    """Return the quarter hours of the days of a zone from a first to a last one."""
    return quarters.filter(starts_at__gte=midnight(first, zone), starts_at__lt=midnight(last + DAY, zone))


def days_of(instants: Iterable[datetime], zone: tzinfo) -> set[date]:
    """Return the days of a zone into which instants fall."""
    return {at.astimezone(zone).date() for at in instants}
