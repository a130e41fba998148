"""Check that a chain is as it was sealed, and that the counts say what was sealed.

Found are a changed fact, a changed personal value, an event deleted, put in or moved, and an end that somebody else
wrote. Values erased with their salts pass, and so does a purged beginning. Source: docs/decisions/0031-event-log.md
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from core.crypto.chain import START, commit_to
from core.db import read_transaction
from messaging.items.events.chain import SEALED, Recorded, Sealed, recorded
from messaging.items.events.counting import Counted, cells
from messaging.items.events.kinds import written
from messaging.items.limits import EVENTS_A_PASS
from messaging.items.models import ChainHead, Event, EventPerson, QuarterHour

# Salt and value by the name of the personal field; what was erased is not there.
People = dict[str, list[str]]


class Flaw(StrEnum):
    """What is wrong at one place of a chain."""

    CHANGED = "the event was changed or moved"
    MISSING = "the event is missing"
    PUT_IN = "an event was put in"
    PERSON_CHANGED = "a personal value was changed"
    END_MOVED = "the end of the chain was written by somebody else"


@dataclass(frozen=True, slots=True)
class Break:
    """One place at which a chain does not hold."""

    number: int
    flaw: Flaw


def verify_chain(*, organization_id: int) -> list[Break]:
    """Return where an organization's chain does not hold; nothing where it is whole.

    Events not sealed yet are no part of it. Call it inside `read_transaction`: a purge between two reads looks like a
    deletion.
    """
    head = ChainHead.objects.filter(pk=organization_id).first()
    if head is None:
        head = ChainHead(organization_id=organization_id, digest=START, purged_digest=START)
        head.sign()
    breaks = [] if head.is_ours else [Break(head.number, Flaw.END_MOVED)]
    previous, expected = bytes(head.purged_digest), head.purged_number + 1
    for sealed, people in _sealed_events(organization_id):
        if not _are_as_committed(people, sealed.event):
            breaks.append(Break(sealed.number, Flaw.PERSON_CHANGED))
        if sealed.number < expected:
            breaks.append(Break(sealed.number, Flaw.PUT_IN))
            continue
        if sealed.number > expected:
            breaks.append(Break(expected, Flaw.MISSING))
        elif not sealed.follows(previous):
            breaks.append(Break(sealed.number, Flaw.CHANGED))
        previous, expected = sealed.digest, sealed.number + 1
    if expected <= head.number:
        breaks.append(Break(expected, Flaw.MISSING))
    elif (expected - 1, previous) != (head.number, bytes(head.digest)):
        breaks.append(Break(head.number, Flaw.END_MOVED))
    return breaks


def broken_chains() -> Iterator[str]:
    """Yield one line for each place at which the chain of an organization does not hold."""
    for organization_id in _organizations():
        with read_transaction():
            breaks = verify_chain(organization_id=organization_id)
        for found in breaks:
            yield f"organization {organization_id}, event {found.number}: {found.flaw}"


def wrong_counts() -> Iterator[str]:
    """Yield one line for each count by quarter hour that is not the one of the sealed events.

    Counts outlive a purge. Behind a purged beginning a cell may hold more than what is left, but all cells together
    still hold as many events as were ever sealed.
    """
    for organization_id in _organizations():
        with read_transaction():
            head = ChainHead.objects.filter(pk=organization_id).first() or ChainHead()
            found = cells(recorded(Event.objects.filter(organization_id=organization_id, number__isnull=False)))
            rows = QuarterHour.objects.filter(organization_id=organization_id)
            kept = {
                (row.user_id, row.starts_at, row.kind): Counted(row.events, row.files, row.size_bytes) for row in rows
            }
        if sum(counted.events for counted in kept.values()) != head.number:
            yield f"organization {organization_id}: not as many events are counted as were sealed"
        for cell in sorted(found.keys() | kept.keys()):
            here, there = found.get(cell, Counted()), kept.get(cell, Counted())
            if not (there.holds(here) if head.purged_number else there == here):
                user_id, starts_at, kind = cell
                yield f"organization {organization_id}: the count of {kind} of user {user_id} from {written(starts_at)}"


def _organizations() -> list[int]:
    """Return the organizations that have a chain, or events or counts without one."""
    found: set[int] = set()
    for rows in (ChainHead.objects.all(), Event.objects.filter(number__isnull=False), QuarterHour.objects.all()):
        found.update(rows.order_by("organization_id").values_list("organization_id", flat=True).distinct())
    return sorted(found)


def _sealed_events(organization_id: int) -> Iterator[tuple[Sealed, People]]:
    """Yield the sealed events in the order of the chain, each with its personal values."""
    events = Event.objects.filter(organization_id=organization_id, number__isnull=False).order_by("number", "pk")
    rows = map(Sealed.of, events.values_list(*SEALED).iterator(chunk_size=EVENTS_A_PASS))
    while batch := list(islice(rows, EVENTS_A_PASS)):
        persons = EventPerson.objects.in_bulk([sealed.event.id for sealed in batch])
        for sealed in batch:
            person = persons.get(sealed.event.id)
            yield sealed, {} if person is None else person.fields


def _are_as_committed(people: People, event: Recorded) -> bool:
    """Tell whether the personal values that are left are those that were recorded."""
    try:
        return all(
            commit_to(bytes.fromhex(salt), value).hex() == event.commitments.get(name)
            for name, (salt, value) in people.items()
        )
    except (AttributeError, TypeError, ValueError):  # a row that was changed into something else
        return False
