"""Take messages from a license's month, and tell what is left."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from licenses.models import License
from messaging.quota.access import newest_count
from messaging.quota.errors import QuotaExceeded
from messaging.quota.models import MonthlyCount
from messaging.quota.months import Month, month_of

WARNED_FROM_PERCENT = 80
ALMOST_USED_PERCENT = 95


@dataclass(frozen=True, slots=True)
class Standing:
    """What a month has left."""

    limit: int
    used: int
    resets_at: datetime

    @property
    def left(self) -> int:
        """Whole messages that can still be taken; never below zero."""
        return max(0, self.limit - self.used)

    @property
    def is_nearly_used(self) -> bool:
        """Tell whether the share from which the person is warned is used."""
        return self._has_used(WARNED_FROM_PERCENT)

    @property
    def is_almost_used(self) -> bool:
        """Tell whether the share of the last warning is used."""
        return self._has_used(ALMOST_USED_PERCENT)

    def _has_used(self, percent: int) -> bool:
        return self.used * 100 >= self.limit * percent


def take_message(*, license: License, at: datetime, cost: int = 1) -> int:
    """Count messages against a license's month and return how many are left.

    Args:
        license: with its plan and its holder.
        at: aware instant; the month is the calendar month in the zone that was in force when the month began.
        cost: whole messages, at least 1.

    Raises:
        QuotaExceeded: fewer than `cost` were left; nothing was taken.

    Source: docs/decisions/0008-monthly-count.md
    """
    count = _open_month(license, at)
    limit = license.plan.messages_per_month
    row = MonthlyCount.objects.filter(pk=count.pk, used__lte=limit - cost) if cost <= limit else None
    if row is None or not row.update(used=F("used") + cost, last_taken_at=at):
        raise QuotaExceeded
    used = MonthlyCount.objects.values_list("used", flat=True).get(pk=count.pk)
    return max(0, limit - used)


def standing(*, limit: int, zone: str, at: datetime, newest: MonthlyCount | None) -> Standing:
    """Return what is left at an instant; reads nothing and writes nothing.

    Args:
        limit: whole messages a month.
        zone: the holder's present zone, which counts only from the next month on.
        newest: the count of the newest month of the license, or None before the first message.
    """
    if newest is not None and newest.starts_at <= at < newest.resets_at:
        return Standing(limit=limit, used=newest.used, resets_at=newest.resets_at)
    return Standing(limit=limit, used=0, resets_at=_next_month(zone, at, newest).resets_at)


def standing_of(license: License, *, zone: str, at: datetime) -> Standing:
    """Return what a license has left at an instant; reads its newest count.

    Args:
        zone: the holder's present zone.
    """
    return standing(limit=license.plan.messages_per_month, zone=zone, at=at, newest=newest_count(license))


def _open_month(license: License, at: datetime) -> MonthlyCount:
    newest = newest_count(license)
    if newest is not None and newest.starts_at <= at < newest.resets_at:
        return newest
    holder = license.holder
    zone = holder.time_zone if holder is not None else license.organization.time_zone
    month = _next_month(zone, at, newest)
    try:
        with transaction.atomic():
            return MonthlyCount.objects.create(
                license=license,
                month_on=month.first_on,
                zone=month.zone,
                starts_at=month.starts_at,
                resets_at=month.resets_at,
            )
    except IntegrityError:
        # Two first messages of a month at once: the other one opened it.
        return MonthlyCount.objects.get(license=license, month_on=month.first_on)


def _next_month(zone: str, at: datetime, newest: MonthlyCount | None) -> Month:
    """Return the month to open: a zone changed westwards at the turn of a month never opens the old month twice."""
    month = month_of(at, zone)
    if newest is None or month.first_on > newest.month_on:
        return month
    following = month_of(month.resets_at, zone)
    return Month(following.first_on, zone, newest.resets_at, following.resets_at)
