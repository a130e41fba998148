"""How items stand, asked of the database: the rules of `standing.py`, as conditions on the rows of people.

Source: docs/decisions/0037-items.md
"""

from datetime import datetime

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When

from messaging.items.choices import State
from messaging.items.models import Item, Participant
from messaging.items.standing import DECIDING_ORDER


def with_state(items: QuerySet[Item], at: datetime) -> QuerySet[Item]:
    """Add to each item, as `state`, the word for how it stands at an aware instant."""
    people = Participant.objects.filter(item=OuterRef("pk")).annotate(part=_part_at(at))
    found = [When(Exists(people.filter(part=state)), then=Value(state.value)) for state in DECIDING_ORDER]
    is_deleted = When(revoked_at__isnull=False, then=Value(State.DELETED.value))
    return items.annotate(state=Case(is_deleted, *found, default=Value(State.EXPIRED.value), output_field=CharField()))


def items_in_state(items: QuerySet[Item], state: State, at: datetime) -> QuerySet[Item]:
    """Return those of some items that stand in a state at an aware instant."""
    people = Participant.objects.filter(item=OuterRef("pk")).annotate(part=_part_at(at))
    deciding_before = DECIDING_ORDER[: DECIDING_ORDER.index(state)]
    condition = Q(Exists(people.filter(part=state))) & ~Q(Exists(people.filter(part__in=deciding_before)))
    if state is State.EXPIRED:
        condition |= ~Q(Exists(people))
    if state is State.DELETED:
        return items.filter(Q(revoked_at__isnull=False) | condition)
    return items.filter(condition, revoked_at=None)


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
