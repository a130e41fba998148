"""A country whose codes are not typed stops by itself: somebody earns money with numbers there.

Whoever sends a code looks at the codes of the last hour, so that a stop counts at once. The worker looks as well,
writes each stop down once and has it told; a stop ends when the hour looked at is better, or when somebody lets the
country go on.
Source: docs/decisions/0010-text-messages.md, docs/decisions/0026-text-message-switch.md
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from core.db import database_now
from core.models.sms import CountryStop, Text
from core.sms import limits
from core.sms.errors import StopOver, TextsPaused
from core.sms.states import State

logger = logging.getLogger("portal.sms")


@dataclass(frozen=True, slots=True)
class CodesLately:
    """The codes of a region in the hour looked at that were typed, or that had the time to be."""

    sent: int
    confirmed: int

    @property
    def are_too_few_typed(self) -> bool:
        """Tell whether the region has to stop."""
        if self.sent <= limits.COUNTRY_STOPS_ABOVE_TEXTS:
            return False
        return 100 * self.confirmed < limits.COUNTRY_STOPS_BELOW_CONFIRMED_PERCENT * self.sent


def refuse_stopped_country(region: str) -> None:
    """Refuse a country of whose codes too few were typed lately.

    Raises:
        TextsPaused: until the hour looked at has other codes in it, or somebody lets the country go on.
    """
    codes = codes_lately(region, database_now())
    if codes.are_too_few_typed:
        logger.warning(
            "sms.country_stopped", extra={"region": region, "sent": codes.sent, "confirmed": codes.confirmed}
        )
        raise TextsPaused(region)


def watch_countries(now: datetime) -> None:
    """Write down which countries have stopped and which go on again.

    A stop and the jobs that tell of it, left by the functions that the setting COUNTRY_STOP_STEPS names, are written
    together, once however many workers look.
    """
    standing = set(CountryStop.objects.filter(ended_at=None).values_list("region", flat=True))
    since = now - timedelta(seconds=limits.COUNTRY_WATCHED_SECONDS)
    texted = Text.objects.filter(is_code=True, created_at__gt=since).order_by().values_list("region", flat=True)
    for region in sorted(standing.union(texted.distinct())):
        codes = codes_lately(region, now)
        if codes.are_too_few_typed and region not in standing:
            _begin(region, codes, now)
        elif not codes.are_too_few_typed and region in standing:
            CountryStop.objects.filter(region=region, ended_at=None).update(ended_at=now)


def let_go_on(*, stop: CountryStop) -> None:
    """Let texts to a stopped country go on; only codes sent from now on say whether it stops again.

    Raises:
        StopOver: it goes on already.
    """
    standing = CountryStop.objects.filter(pk=stop.pk, ended_at=None)
    if not standing.update(ended_at=database_now(), is_let_go_on=True):
        raise StopOver


def codes_lately(region: str, now: datetime) -> CodesLately:
    """Count the codes of the last hour; what never left and what came before a release say nothing."""
    since = now - timedelta(seconds=limits.COUNTRY_WATCHED_SECONDS)
    let_go = CountryStop.objects.filter(region=region, is_let_go_on=True, ended_at__gt=since).order_by("-ended_at")
    since = let_go.values_list("ended_at", flat=True).first() or since
    grace = now - timedelta(seconds=limits.CONFIRMATION_GRACE_SECONDS)
    codes = Text.objects.filter(region=region, is_code=True, created_at__gt=since)
    codes = codes.exclude(state=State.FAILED, error_code="off")
    confirmed = codes.filter(confirmed_at__isnull=False).count()
    return CodesLately(confirmed + codes.filter(confirmed_at=None, created_at__lte=grace).count(), confirmed)


def _begin(region: str, codes: CodesLately, now: datetime) -> None:
    seen = {"began_at": now, "sent": codes.sent, "confirmed": codes.confirmed}
    with transaction.atomic():
        stop, is_new = CountryStop.objects.get_or_create(region=region, ended_at=None, defaults=seen)
        if is_new:
            for step in settings.COUNTRY_STOP_STEPS:
                import_string(step)(stop)
