"""How the page of logs and statistics gets at its figures."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, OuterRef, Subquery

from accounts.models import User
from licenses.models import License
from messaging.quota.models import MonthlyCount
from messaging.quota.months import month_of
from messaging.quota.services.counting import standing


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What a person's license has taken in the present month of its count.

    Args:
        limit: whole messages a month; 0 without a license.
        last_sent_at: instant of the newest item that took a message, of whatever month.
    """

    used: int
    limit: int
    starts_at: datetime
    resets_at: datetime
    last_sent_at: datetime | None


def month_figures(*, user: User, held: License | None, at: datetime) -> MonthFigures:
    """Return the figures of the month that an aware instant falls into; at most one query."""
    newest = _newest_count(held) if held else None
    month = standing(limit=held.plan.messages_per_month if held else 0, zone=user.time_zone, at=at, newest=newest)
    return MonthFigures(
        used=month.used,
        limit=month.limit,
        starts_at=_start(user.time_zone, at, newest),
        resets_at=month.resets_at,
        last_sent_at=getattr(newest, "last_sent_at", None),
    )


def _newest_count(held: License) -> MonthlyCount | None:
    of_license = MonthlyCount.objects.filter(license=held)
    latest = of_license.filter(license=OuterRef("license")).values("license").annotate(at=Max("last_taken_at"))
    return of_license.annotate(last_sent_at=Subquery(latest.values("at"))).order_by("-starts_at").first()


def _start(zone: str, at: datetime, newest: MonthlyCount | None) -> datetime:
    """Return when the present count began; after a change of zone it never reaches back into the month before."""
    if newest is not None and newest.starts_at <= at < newest.resets_at:
        return newest.starts_at
    first = month_of(at, zone).starts_at
    return max(first, newest.resets_at) if newest is not None else first
