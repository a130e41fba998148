"""How a person's part and an item stand at an instant: pure rules about what was read, whoever read it.

Source: docs/decisions/0037-items.md
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from messaging.items.choices import State

# The first of these in which one of its people stands is the state of an item.
DECIDING_ORDER = (
    State.DECLINED,
    State.SENDING,
    State.OPEN,
    State.NOT_OPENED,
    State.WAITING,
    State.USED_UP,
    State.EXPIRED,
    State.FAILED,
    # Only where everybody who is not deleted did what was asked.
    State.CLOSED,
    State.DELETED,
)


class Part(Protocol):
    """What decides how a person's part stands."""

    expires_at: datetime
    openings_allowed: int
    openings_used: int
    handed_over_at: datetime | None
    failed_at: datetime | None
    first_opened_at: datetime | None
    done_at: datetime | None
    is_waiting: bool
    declined_at: datetime | None
    revoked_at: datetime | None


def part_at(at: datetime, part: Part) -> State:
    """Return how a person's part stands at an aware instant."""
    if part.revoked_at is not None:
        return State.DELETED
    if part.declined_at is not None:
        return State.DECLINED
    if part.done_at is not None:
        return State.CLOSED
    if part.failed_at is not None and part.first_opened_at is None:
        return State.FAILED
    if part.expires_at <= at:
        return State.EXPIRED
    if part.is_waiting:
        return State.WAITING
    if part.openings_used >= part.openings_allowed:
        return State.USED_UP
    if part.first_opened_at is not None:
        return State.OPEN
    return State.NOT_OPENED if part.handed_over_at is not None else State.SENDING


def item_at(at: datetime, *, revoked_at: datetime | None, parts: Iterable[Part]) -> State:
    """Return how an item stands at an aware instant, from how its people stand."""
    if revoked_at is not None:
        return State.DELETED
    people = list(parts)
    states = {part_at(at, part) for part in people}
    found = next((state for state in DECIDING_ORDER if state in states), State.EXPIRED)
    if found is State.NOT_OPENED and any(part.first_opened_at is not None for part in people):
        # Somebody has read it who cannot any more, or has signed; another one still can.
        return State.OPEN
    return found


def is_undone(parts: Iterable[Part]) -> bool:
    """Tell whether somebody did not do what was asked, and nobody declined."""
    people = list(parts)
    return any(part.done_at is None for part in people) and all(part.declined_at is None for part in people)
