"""What the event log forgets, and when; every chain still holds.

A personal value goes with its salt, and its commitment stays. Events go from the beginning of their chain only, behind
a number and a digest that are signed; one that waits for an older item to end has lost its personal values by then.
Source: docs/decisions/0031-event-log.md
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Func, JSONField, OuterRef

from core.db import database_now
from core.limits import FULL_ADDRESS_KEPT_DAYS
from core.steps import take_each
from messaging.items.events.chain import SEALED, Sealed
from messaging.items.events.sealing import ChainNotOurs, hold_head, seal_events
from messaging.items.limits import EVENT_KEPT_DAYS, EVENTS_A_PASS
from messaging.items.models import ChainHead, Event, EventPerson, Item, Participant, QuarterHour, log_is_kept

logger = logging.getLogger("portal.events")


class Without(Func):
    """A JSON object without some of its keys."""

    output_field = JSONField()

    def __init__(self, column: str, *names: str) -> None:
        super().__init__(F(column))
        self.names = names

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the expression for SQLite."""
        column, values = compiler.compile(self.source_expressions[0])
        paths = [f'$."{name}"' for name in self.names]
        return f"JSON_REMOVE({column}, {', '.join(['%s'] * len(paths))})", (*values, *paths)

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the expression for PostgreSQL."""
        column, values = compiler.compile(self.source_expressions[0])
        return f"{column} - %s::text[]", (*values, list(self.names))


def forget_what_is_over(now: datetime) -> None:
    """Shorten old addresses, forget the people of items long over, and purge the beginnings of chains."""
    shorten_addresses(now)
    over_at = now - timedelta(days=EVENT_KEPT_DAYS)
    _forget_people(over_at)
    take_each(partial(_purge_chain, over_at=over_at), _purgeable(over_at))


def forget_organization(*, organization_id: int) -> None:
    """Purge the whole chain of an organization whose items are all gone, and its counts with it.

    A chain that does not hold is purged up to the break and stays, so that somebody looks.
    """
    seal_events(organization_id=organization_id)
    _purge_chain(organization_id, over_at=database_now() + timedelta(days=1))
    if not Event.objects.filter(organization_id=organization_id).exists():
        QuarterHour.objects.filter(organization_id=organization_id).delete()
        ChainHead.objects.filter(pk=organization_id).delete()


def erase_participant(*, participant: Participant) -> int:
    """Erase what the log knows of an outside person in an item, and tell in how many events."""
    events = Event.objects.filter(item_id=participant.item_id, participant_id=participant.pk)
    return EventPerson.objects.filter(event_id__in=events.values("pk")).delete()[0]


def shorten_addresses(now: datetime) -> None:
    """Erase full IP addresses and browser names of some age; the network stays, with a commitment of its own."""
    old = EventPerson.objects.filter(shortened_at=None, at__lt=now - timedelta(days=FULL_ADDRESS_KEPT_DAYS))
    while found := list(old.order_by("at").values_list("pk", flat=True)[:EVENTS_A_PASS]):
        EventPerson.objects.filter(pk__in=found).update(fields=Without("fields", "ip", "browser"), shortened_at=now)


def _forget_people(over_at: datetime) -> None:
    """Erase all personal values of items that ended before an instant."""
    people = EventPerson.objects.filter(shortened_at__isnull=False, at__lt=over_at)
    events = Event.objects.filter(~_lives_on(over_at), pk=OuterRef("event_id"), at__lt=over_at)
    people.filter(Exists(events)).delete()


def _purgeable(over_at: datetime) -> list[int]:
    """Return the organizations whose chain has a beginning to purge."""
    first = Event.objects.filter(organization_id=OuterRef("organization_id"), number=OuterRef("purged_number") + 1)
    heads = ChainHead.objects.filter(Exists(first.filter(~_lives_on(over_at), at__lt=over_at)))
    return list(heads.order_by("organization_id").values_list("organization_id", flat=True))


def _purge_chain(organization_id: int, *, over_at: datetime) -> None:
    while _purge_pass(organization_id, over_at) == EVENTS_A_PASS:
        pass


def _purge_pass(organization_id: int, over_at: datetime) -> int:
    """Delete events from the beginning of a chain up to the first one that has to stay, and tell how many.

    Each is checked before it goes: a purge signs where it ended, and must not sign what somebody else wrote.
    """
    with transaction.atomic():
        try:
            head = hold_head(organization_id, is_waiting=False)
        except ChainNotOurs:
            head = None
            logger.error("events.chain_not_ours", extra={"organization": organization_id})
        gone = [] if head is None else list(_gone(head, over_at))
        if head is None or not gone:
            return 0
        head.purged_number, head.purged_digest = gone[-1].number, gone[-1].digest
        head.sign()
        head.save()
        ids = [sealed.event.id for sealed in gone]
        EventPerson.objects.filter(pk__in=ids, at__lt=over_at).delete()
        Event.objects.filter(pk__in=ids, at__lt=over_at).delete()
    return len(gone)


def _gone(head: ChainHead, over_at: datetime) -> Iterator[Sealed]:
    """Yield the events at the beginning of a chain that are over, as long as the chain holds."""
    sealed = Event.objects.filter(organization_id=head.organization_id, number__lte=head.number)
    over = sealed.filter(~_lives_on(over_at), number__gt=head.purged_number, at__lt=over_at).order_by("number", "pk")
    previous = bytes(head.purged_digest)
    rows = over.values_list(*SEALED)[:EVENTS_A_PASS]
    for number, event in enumerate(map(Sealed.of, rows), head.purged_number + 1):
        if event.number != number:
            return
        if not event.follows(previous):
            logger.error("events.chain_broken", extra={"organization": head.organization_id, "number": number})
            return
        previous = event.digest
        yield event


def _lives_on(over_at: datetime) -> Exists:
    """Return the condition under which an event's item did not end before an instant, or is kept longer."""
    kept = log_is_kept(over_at + timedelta(days=EVENT_KEPT_DAYS))
    return Exists(Item.objects.filter(kept, pk=OuterRef("item_id")))
