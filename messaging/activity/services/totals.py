"""Keep the day totals up to what was sealed, in every zone in which somebody reads their own.

The worker calls it each round right after the sealing. Days into which new events fell are added up anew from their
quarter hours, so that a pass may be repeated, come late or come twice. Source: docs/decisions/0047-statistics.md
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from core.cultures.places import zone_info
from core.steps import take_each, take_step
from messaging.activity.days import between, counted_by_day, days_of
from messaging.activity.models import DayTotal, TotalledUpTo, ZoneInUse
from messaging.items.limits import EVENTS_A_PASS
from messaging.items.models import ChainHead, Event, QuarterHour


def total_what_waits() -> bool:
    """Take one pass for each organization with events that no total holds, and tell whether one has more.

    A fault in one keeps none of the others from being totalled.
    """
    counted = TotalledUpTo.objects.filter(organization_id=OuterRef("organization_id")).values("number")
    heads = ChainHead.objects.annotate(counted=Coalesce(Subquery(counted), 0)).filter(number__gt=F("counted"))
    behind = list(heads.order_by("organization_id").values_list("organization_id", "number"))
    passes = [take_step("total_what_waits", partial(_pass, one, up_to), row=one) for one, up_to in behind]
    return any(one.answer for one in passes)


def move_zones(_now: datetime) -> None:
    """Total the days of people who chose another zone, and drop those of the zone before; called with the retention."""
    own_zone = User.objects.filter(pk=OuterRef("user_id")).values("time_zone")
    left = ZoneInUse.objects.annotate(own_zone=Subquery(own_zone)).exclude(zone=F("own_zone"))
    take_each(_move_zone, list(left.order_by("pk")))


def drop_totals(*, organization_id: int) -> None:
    """Delete the totals of an organization whose chain is gone."""
    for model in (DayTotal, ZoneInUse, TotalledUpTo):
        model.objects.filter(organization_id=organization_id).delete()


def _pass(organization_id: int, up_to: int) -> bool:
    """Add up the days into which the next events of a chain fall, and tell whether there are more."""
    with transaction.atomic():
        mark = _hold(organization_id)
        events = Event.objects.filter(organization_id=organization_id, number__gt=mark.number, number__lte=up_to)
        found = list(events.order_by("number").values_list("number", "user_id", "at")[:EVENTS_A_PASS])
        instants: defaultdict[int, set[datetime]] = defaultdict(set)
        for _number, user_id, at in found:
            instants[user_id].add(at)
        for user in User.objects.filter(pk__in=instants).order_by("pk"):
            _begin_zone(organization_id, user.pk, user.time_zone)
        of_users = ZoneInUse.objects.filter(organization_id=organization_id, user_id__in=instants)
        for row in of_users.order_by("user_id", "zone"):
            _total(row, days_of(instants[row.user_id], zone_info(row.zone)))
        is_full = len(found) == EVENTS_A_PASS
        TotalledUpTo.objects.filter(pk=organization_id).update(number=found[-1][0] if is_full else up_to)
    return is_full


@transaction.atomic
def _move_zone(row: Any) -> None:
    """Total a person's days in the zone they chose, annotated as `own_zone`, in place of the one of the row."""
    _hold(row.organization_id)
    _begin_zone(row.organization_id, row.user_id, row.own_zone)
    of_row = {"organization_id": row.organization_id, "user_id": row.user_id, "zone": row.zone}
    DayTotal.objects.filter(**of_row).delete()
    ZoneInUse.objects.filter(**of_row).delete()


def _hold(organization_id: int) -> TotalledUpTo:
    """Return the mark of an organization, for this transaction alone."""
    marks = TotalledUpTo.objects.filter(pk=organization_id)
    TotalledUpTo.objects.bulk_create([TotalledUpTo(organization_id=organization_id)], ignore_conflicts=True)
    return (marks.select_for_update() if connection.features.has_select_for_update else marks).get()


def _begin_zone(organization_id: int, user_id: int, zone: str) -> None:
    """Total all days of a person in a zone in which nobody has read them yet."""
    row = ZoneInUse(organization_id=organization_id, user_id=user_id, zone=zone)
    if ZoneInUse.objects.filter(organization_id=organization_id, user_id=user_id, zone=zone).exists():
        return
    row.save()
    _total(row, None)


def _total(row: ZoneInUse, days: Iterable[date] | None) -> None:
    """Write the totals of some days of a person in a zone, or of all."""
    zone, wanted = zone_info(row.zone), None if days is None else set(days)
    quarters = QuarterHour.objects.filter(organization_id=row.organization_id, user_id=row.user_id)
    if wanted is not None:
        quarters = between(quarters, min(wanted), max(wanted), zone)
    DayTotal.objects.bulk_create(
        [
            DayTotal(
                organization_id=row.organization_id,
                user_id=row.user_id,
                zone=row.zone,
                day_on=day,
                kind=kind,
                events=counts.events,
                files=counts.files,
                size_bytes=counts.size_bytes,
            )
            for (day, kind), counts in counted_by_day(quarters, zone).items()
            if wanted is None or day in wanted
        ],
        update_conflicts=True,
        unique_fields=["organization_id", "user_id", "zone", "day_on", "kind"],
        update_fields=["events", "files", "size_bytes"],
    )
