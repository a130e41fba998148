"""How the page of logs and statistics gets at its figures."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from core.db import first_row, stored_instant
from messaging.quota.access import count_in
from messaging.quota.models import MonthlyCount
from messaging.quota.months import month_of
from messaging.quota.services.counting import standing

STATEMENT = """
SELECT p.messages_per_month, m.used, m.month_on, m.starts_at AS month_starts_at, m.resets_at,
       (SELECT MAX(x.last_taken_at) FROM quota_monthlycount x WHERE x.license_id = l.id) AS last_sent_at,
       EXISTS (SELECT 1 FROM activity_zoneinuse z
               WHERE z.organization_id = u.organization_id AND z.user_id = u.id AND z.zone = u.time_zone) AS has_totals
FROM accounts_user u
LEFT JOIN licenses_license l ON l.holder_id = u.id
LEFT JOIN licenses_plan p ON p.id = l.plan_id
LEFT JOIN quota_monthlycount m ON m.id = (
    SELECT n.id FROM quota_monthlycount n WHERE n.license_id = l.id ORDER BY n.starts_at DESC LIMIT 1
)
WHERE u.id = %s
"""
INSTANTS = ("month_starts_at", "resets_at", "last_sent_at")


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What a person's license has taken in the present month of its count.

    Args:
        limit: whole messages a month; 0 without a license.
        last_sent_at: instant of the newest item that took a message, of whatever month.
        has_license: one is held, also one whose period is over.
        has_totals: the days of the person's zone are totalled.
    """

    used: int
    limit: int
    starts_at: datetime
    resets_at: datetime
    last_sent_at: datetime | None
    has_license: bool
    has_totals: bool


def month_figures(*, user: User, at: datetime) -> MonthFigures:
    """Return the figures of the month that an aware instant falls into; one query."""
    row = first_row(STATEMENT, [user.pk]) or {}
    row |= {name: stored_instant(row[name]) for name in INSTANTS}
    limit, newest = row["messages_per_month"], count_in(row)
    month = standing(limit=limit or 0, zone=user.time_zone, at=at, newest=newest)
    return MonthFigures(
        used=month.used,
        limit=month.limit,
        starts_at=_start(user.time_zone, at, newest),
        resets_at=month.resets_at,
        last_sent_at=row["last_sent_at"],
        has_license=limit is not None,
        has_totals=bool(row["has_totals"]),
    )


def _start(zone: str, at: datetime, newest: MonthlyCount | None) -> datetime:
    """Return when the present count began; after a change of zone it never reaches back into the month before."""
    if newest is not None and newest.starts_at <= at < newest.resets_at:
        return newest.starts_at
    first = month_of(at, zone).starts_at
    return max(first, newest.resets_at) if newest is not None else first
