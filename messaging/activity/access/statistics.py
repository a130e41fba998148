"""What somebody's items add up to, by stretches of days in their own zone.

Closed days come from the day totals, the last two from the quarter hours; where somebody's zone has no totals yet, all
do. Source: docs/decisions/0047-statistics.md
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from accounts.models import User
from core.cultures.places import zone_info
from messaging.activity.choices import Figure
from messaging.activity.days import Counts, CountsByDay, between, counted_by_day
from messaging.activity.models import DayTotal
from messaging.activity.periods import Stretch
from messaging.items.events.kinds import DELIVERIES_COUNTED, EventKind
from messaging.items.models import QuarterHour

Figures = dict[Figure, int]

# What each figure adds up: the words under which events are counted, and which of the counts.
SOURCES: dict[Figure, tuple[tuple[str, ...], str]] = {
    Figure.MESSAGES: ((EventKind.SENT,), "events"),
    Figure.FILES: ((EventKind.SENT,), "files"),
    Figure.SIZE: ((EventKind.SENT,), "size_bytes"),
    Figure.OPENINGS: ((EventKind.OPENED,), "events"),
    Figure.REPLIES: ((EventKind.RETURN_ARRIVED,), "events"),
    Figure.DELIVERIES: ((DELIVERIES_COUNTED,), "events"),
    Figure.SIGNATURES: ((EventKind.SIGNED,), "events"),
    Figure.WRONG_CODES: ((EventKind.CODE_FAILED, EventKind.CODE_STOPPED), "events"),
}
KINDS = sorted({kind for kinds, _count in SOURCES.values() for kind in kinds})
# Today goes on, and what happened last night may be sealed this morning.
OPEN_DAYS = 2


def figures_of(*, owner: User, stretches: list[Stretch], today: date, has_totals: bool) -> list[Figures]:
    """Return the figures of each stretch; at most two queries.

    Args:
        stretches: in order, without gaps.
        today: the present day of the owner's zone.
        has_totals: the days of that zone are totalled.
    """
    counted = _counted(owner, stretches[0].first_on, stretches[-1].last_on, today if has_totals else None)
    by_stretch: list[defaultdict[str, Counts]] = [defaultdict(Counts) for _stretch in stretches]
    place = {day: n for n, stretch in enumerate(stretches) for day in _days(stretch)}
    for (day, kind), counts in counted.items():
        by_stretch[place[day]][kind].add(counts.events, counts.files, counts.size_bytes)
    return [
        {figure: sum(getattr(here[kind], count) for kind in kinds) for figure, (kinds, count) in SOURCES.items()}
        for here in by_stretch
    ]


def sums(figures: Iterable[Figures]) -> Figures:
    """Return the figures of several stretches together."""
    every = list(figures)
    return {figure: sum(one[figure] for one in every) for figure in Figure}


def _counted(owner: User, first_on: date, last_on: date, today: date | None) -> CountsByDay:
    """Count by day; without the present day nothing is totalled, and all comes from the quarter hours."""
    of_owner = {"organization_id": owner.organization_id, "user_id": owner.pk}
    quarters, zone = QuarterHour.objects.filter(**of_owner, kind__in=KINDS), zone_info(owner.time_zone)
    if today is None:
        return counted_by_day(between(quarters, first_on, last_on, zone), zone)
    opens_on = max(first_on, today - timedelta(days=OPEN_DAYS - 1))
    closed = DayTotal.objects.filter(**of_owner, zone=owner.time_zone, kind__in=KINDS)
    rows = closed.filter(day_on__gte=first_on, day_on__lt=opens_on).order_by("day_on", "kind")
    columns = rows.values_list("day_on", "kind", "events", "files", "size_bytes")
    counted = {(day, kind): Counts(events, files, size) for day, kind, events, files, size in columns}
    return counted | counted_by_day(between(quarters, opens_on, last_on, zone), zone)


def _days(stretch: Stretch) -> Iterable[date]:
    return (stretch.first_on + timedelta(days=n) for n in range((stretch.last_on - stretch.first_on).days + 1))
