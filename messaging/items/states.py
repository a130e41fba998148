"""How items stand, asked of the database: the rules of `standing.py`, as conditions on the rows of people.

Source: docs/decisions/0037-items.md
"""

from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When

from messaging.items.choices import State
from messaging.items.models import Item, Participant
from messaging.items.standing import DECIDING_ORDER


def with_state(items: QuerySet[Item], at: datetime) -> QuerySet[Item]:
    """Add to each item, as `state`, how it stands at an aware instant, and as `is_undone` what that rule says."""
    people = _people_at(at)
    found = [
        When(condition, then=Value(state.value))
        for decider in DECIDING_ORDER
        for condition, state in _decided_by(decider, people)
    ]
    is_deleted = When(revoked_at__isnull=False, then=Value(State.DELETED.value))
    state = Case(is_deleted, *found, default=Value(State.EXPIRED.value), output_field=CharField())
    is_declined = Exists(people.filter(declined_at__isnull=False))
    return items.annotate(state=state, is_undone=Exists(people.filter(done_at=None)) & ~is_declined)


def items_in_state(items: QuerySet[Item], state: State, at: datetime) -> QuerySet[Item]:
    """Return those of some items that stand in a state at an aware instant."""
    people, condition = _people_at(at), Q()
    for place, decider in enumerate(DECIDING_ORDER):
        of_state = [found for found, decided in _decided_by(decider, people) if decided is state]
        if of_state:
            is_first = ~Q(Exists(people.filter(part__in=DECIDING_ORDER[:place])))
            condition |= of_state[0] & is_first
    if state is State.EXPIRED:
        condition |= ~Q(Exists(people))
    if state is State.DELETED:
        return items.filter(Q(revoked_at__isnull=False) | condition)
    return items.filter(condition, revoked_at=None)


def _people_at(at: datetime) -> QuerySet[Any]:
    """Return the people of an item, each with `part`: how their part stands."""
    return Participant.objects.filter(item=OuterRef("pk")).annotate(part=_part_at(at))


def _decided_by(decider: State, people: QuerySet[Any]) -> list[tuple[Q, State]]:
    """Return which states an item has whose first deciding person stands so, each with its condition.

    One condition excludes the others: a statement that asks for one state alone has no order.
    """
    found = Q(Exists(people.filter(part=decider)))
    if decider is not State.NOT_OPENED:
        return [(found, decider)]
    is_read = Q(Exists(people.filter(first_opened_at__isnull=False)))
    return [(found & is_read, State.OPEN), (found & ~is_read, decider)]


def _part_at(at: datetime) -> Case:
    """Return how a person's part stands, as `part_at` says it."""
    return Case(
        When(revoked_at__isnull=False, then=Value(State.DELETED.value)),
        When(declined_at__isnull=False, then=Value(State.DECLINED.value)),
        When(done_at__isnull=False, then=Value(State.CLOSED.value)),
        When(failed_at__isnull=False, first_opened_at=None, then=Value(State.FAILED.value)),
        When(expires_at__lte=at, then=Value(State.EXPIRED.value)),
        When(is_waiting=True, then=Value(State.WAITING.value)),
        When(openings_used__gte=F("openings_allowed"), then=Value(State.USED_UP.value)),
        When(first_opened_at__isnull=False, then=Value(State.OPEN.value)),
        When(handed_over_at__isnull=False, then=Value(State.NOT_OPENED.value)),
        default=Value(State.SENDING.value),
        output_field=CharField(),
    )
