"""Begin the next period of licenses whose plan costs nothing, at the instant the last one ends.

Source: docs/decisions/0079-renewal.md
"""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from accounts.choices import SecurityEventKind
from accounts.models import User
from accounts.services.security_log import record
from core.db import database_now
from core.steps import take_step
from licenses.models import License, Plan
from licenses.periods import day_of, period_end

BATCH = 100


def renew_what_ended() -> bool:
    """Renew a batch of licenses, and tell whether there may be more; a fault in one keeps no other from it."""
    now = database_now()
    ended = _renewable().filter(expires_at__lte=now).select_related("plan", "organization")
    batch = list(ended.order_by("expires_at", "pk")[:BATCH])
    outcomes = [take_step("renew_what_ended", partial(renew, license, now), row=license.pk) for license in batch]
    return len(batch) == BATCH and any(outcome.is_well for outcome in outcomes)


def renew(license: License, at: datetime) -> bool:
    """Begin the period of a license that is going on at an instant, and tell whether this call did it.

    Periods that nobody renewed meanwhile are not begun one by one: the license goes on in the one that has not ended.

    Args:
        license: as it was read, with its plan and its organization; whatever changed since wins.
        at: aware instant.
    """
    starts_at, expires_at = license.starts_at, license.expires_at
    while expires_at <= at:
        starts_at, expires_at = expires_at, _end_after(license, expires_at)
    with transaction.atomic():
        seen = _renewable().filter(pk=license.pk, expires_at=license.expires_at, plan=license.plan)
        if not seen.update(starts_at=starts_at, expires_at=expires_at):
            return False
        holder = User.objects.filter(license__pk=license.pk).first()
        if holder is not None:
            record(user=holder, kind=SecurityEventKind.LICENSE_RENEWED, at=starts_at)
    return True


def _renewable() -> QuerySet[License]:
    """Return the licenses that go on by themselves.

    No join: an UPDATE that waited for another one looks once more at its own row alone.
    """
    return License.objects.filter(is_suspended=False, plan__in=Plan.objects.filter(is_renewed=True, price_cents=0))


def _end_after(license: License, ended_at: datetime) -> datetime:
    zone = license.organization.time_zone
    begun_on = day_of(ended_at, zone)
    return period_end(starts_on=begun_on, length=license.plan.period_length, unit=license.plan.period_unit, zone=zone)
