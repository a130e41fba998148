"""Warn senders of what nobody has opened, a day before it ends, and of what came back unread, three days before.

Source: docs/decisions/0037-items.md
"""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from core.steps import take_each
from messaging.items.inbox import return_url
from messaging.items.kinds import all_kinds, kind_of
from messaging.items.limits import RETURN_WARNED_DAYS, UNREAD_WARNED_HOURS, WARNED_FROM_LIFE_HOURS
from messaging.items.models import Item, Participant, Return
from messaging.items.services.shredding import ITEMS_A_ROUND
from messaging.items.services.telling import tell_sender


def warn_of_unread(now: datetime) -> None:
    """Write to who sent what ends within a day, lived two days or longer, and somebody has not opened; once an item.

    Whoever has switched it off is not written to. Called with the retention.
    """
    ending = Item.objects.filter(
        shredded_at=None,
        revoked_at=None,
        unread_warned_at=None,
        sender__is_warned_of_unread=True,
        expires_at__gt=now,
        expires_at__lte=now + timedelta(hours=UNREAD_WARNED_HOURS),
        sent_at__lte=F("expires_at") - timedelta(hours=WARNED_FROM_LIFE_HOURS),
    )
    ending = ending.exclude(kind__in=[kind.code for kind in all_kinds() if kind.is_end_told])
    found = ending.filter(Exists(_unread().filter(item=OuterRef("pk")))).order_by("expires_at")
    take_each(partial(_warn, now=now), found.select_related("sender__organization")[:ITEMS_A_ROUND])


@transaction.atomic
def _warn(item: Item, *, now: datetime) -> None:
    # Whoever sets the instant writes the mail: two workers warn once.
    if not Item.objects.filter(pk=item.pk, unread_warned_at=None).update(unread_warned_at=now):
        return
    people = list(_unread().filter(item=item).select_related("item").order_by("position"))
    page = kind_of(item.kind).page_link(item.reference)
    tell_sender(item, "items/emails/unread_ends", people=people, ends_at=item.expires_at, link=page)


def warn_of_unread_returns(now: datetime) -> None:
    """Write to the owner of what came back, was neither read nor put away, and is destroyed within three days; once.

    Called with the retention.
    """
    ending = _unread_returns(now).select_related("participant", "item__sender__organization").order_by("expires_at")
    take_each(partial(_warn_of_return, now=now), ending[:ITEMS_A_ROUND])


@transaction.atomic
def _warn_of_return(returned: Return, *, now: datetime) -> None:
    # Whoever sets the instant writes the mail: two workers warn once.
    if _unread_returns(now).filter(pk=returned.pk).update(unread_warned_at=now):
        page, participant = settings.PUBLIC_URL + return_url(returned), returned.participant
        template = "items/emails/return_ends"
        tell_sender(returned.item, template, participant=participant, returned=returned, link=page)


def _unread_returns(now: datetime) -> QuerySet[Return]:
    """Return what is destroyed soon without having been read, and of which nobody was warned."""
    unread = Return.objects.filter(read_at=None, done_at=None, shredded_at=None, unread_warned_at=None)
    return unread.filter(expires_at__gt=now, expires_at__lte=now + timedelta(days=RETURN_WARNED_DAYS))


def _unread() -> QuerySet[Participant]:
    """Return who could have opened something and has not; who waits has no link, and what was declined is over."""
    unread = Participant.objects.filter(first_opened_at=None, failed_at=None, done_at=None, revoked_at=None)
    return unread.filter(is_waiting=False).exclude(item__participants__declined_at__isnull=False)
