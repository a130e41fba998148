"""Number, chain and count what was recorded: one pass an organization, whichever worker comes first.

The order of the chain is the order of sealing. Whoever seals holds the row of the organization's head, so that numbers
have no gap and nothing is counted twice. Source: docs/decisions/0031-event-log.md
"""

import logging
from functools import partial

from django.db import connection, transaction
from django.db.models import QuerySet

from core.crypto.chain import START
from core.steps import take_step
from messaging.items.events.chain import recorded
from messaging.items.events.counting import count_events
from messaging.items.limits import EVENTS_A_PASS
from messaging.items.models import ChainHead, Event

logger = logging.getLogger("portal.events")


class ChainNotOurs(Exception):
    """The head of a chain was not signed by this portal: nothing is built on it until somebody has looked."""


def seal_events(*, organization_id: int) -> int:
    """Seal all that an organization has recorded so far, and tell how many events; waits for who seals already.

    Raises:
        ChainNotOurs: somebody else wrote the head.
    """
    sealed = count = _seal_pass(organization_id, is_waiting=True)
    while count == EVENTS_A_PASS:
        count = _seal_pass(organization_id, is_waiting=True)
        sealed += count
    return sealed


def seal_what_waits() -> bool:
    """Seal one pass of each organization that has something unsealed, and tell whether one of them has more.

    Called by the worker each round; looks in autocommit first, and leaves an organization to who seals it already. A
    fault in one keeps none of the others unsealed.
    """
    waiting = Event.objects.filter(number=None).order_by("organization_id")
    found = list(waiting.values_list("organization_id", flat=True).distinct())
    passes = [take_step("seal_what_waits", partial(_seal_in_turn, one), row=one) for one in found]
    return any(one.answer == EVENTS_A_PASS for one in passes)


def hold_head(organization_id: int, *, is_waiting: bool) -> ChainHead | None:
    """Return the head for this transaction alone, or None where another one holds it and nobody wants to wait.

    Raises:
        ChainNotOurs: somebody else wrote the head.
    """
    heads: QuerySet[ChainHead] = ChainHead.objects.filter(pk=organization_id)
    if connection.features.has_select_for_update:
        heads = heads.select_for_update(skip_locked=not is_waiting)
    head = heads.first()
    if head is not None and not head.is_ours:
        raise ChainNotOurs
    return head


def _seal_in_turn(organization_id: int) -> int:
    try:
        return _seal_pass(organization_id, is_waiting=False)
    except ChainNotOurs:
        logger.error("events.chain_not_ours", extra={"organization": organization_id})
        return 0


def _seal_pass(organization_id: int, *, is_waiting: bool) -> int:
    unsealed = Event.objects.filter(organization_id=organization_id, number=None).order_by("pk")
    if not unsealed.exists():
        return 0
    _begin_chain(organization_id)
    with transaction.atomic():
        head = hold_head(organization_id, is_waiting=is_waiting)
        events = [] if head is None else list(recorded(unsealed[:EVENTS_A_PASS]))
        if head is None or not events:
            return 0
        places, digest = [], bytes(head.digest)
        for number, event in enumerate(events, head.number + 1):
            digest = event.digest(previous=digest, number=number)
            places.append((event.id, number, digest))
        _write_places(places)
        count_events(organization_id, events)
        head.number += len(places)
        head.digest = digest
        head.sign()
        head.save()
    return len(places)


def _begin_chain(organization_id: int) -> None:
    if not ChainHead.objects.filter(pk=organization_id).exists():
        head = ChainHead(organization_id=organization_id, digest=START, purged_digest=START)
        head.sign()
        ChainHead.objects.bulk_create([head], ignore_conflicts=True)


def _write_places(places: list[tuple[int, int, bytes]]) -> None:
    """Put number and digest on events in one statement."""
    table, rows = Event._meta.db_table, ", ".join(["(%s, %s, %s)"] * len(places))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH place (id, number, digest) AS (VALUES {rows}) "  # noqa: S608  (placeholders and a name of ours)
            f"UPDATE {table} SET number = place.number, digest = place.digest FROM place WHERE {table}.id = place.id",
            [value for place in places for value in place],
        )
