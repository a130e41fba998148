"""The condition of the database and the rule in Python say the same of every item."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from messaging.items.choices import Proof, State
from messaging.items.models import Item, Participant
from messaging.items.standing import is_undone
from messaging.items.states import items_in_state, with_state
from tests.messaging.items.event_log import NOON, make_item
from tests.messaging.items.making import make_sender

INSTANTS = st.sampled_from([None, NOON - timedelta(days=1), NOON])
PARTS = st.fixed_dictionaries(
    {
        "revoked_at": INSTANTS,
        "failed_at": INSTANTS,
        "first_opened_at": INSTANTS,
        "handed_over_at": INSTANTS,
        "expires_at": st.sampled_from([NOON - timedelta(hours=1), NOON, NOON + timedelta(hours=1)]),
        "done_at": INSTANTS,
        "declined_at": INSTANTS,
        "is_waiting": st.booleans(),
        "openings_used": st.integers(0, 2),
        "openings_allowed": st.integers(2, 3),
    }
)


def found_states(*items: Item) -> dict[int, set[State]]:
    """Return the states in which the database finds each of the items, by its key."""
    found: dict[int, set[State]] = {item.pk: set() for item in items}
    for state in State:
        for key in items_in_state(Item.objects.filter(pk__in=found), state, NOON).values_list("pk", flat=True):
            found[key].add(state)
    return found


def add_people(item: Item, parts: list[dict[str, object]]) -> None:
    for position, part in enumerate(parts, 1):
        Participant.objects.create(item=item, position=position, email="a@b.example", proof=Proof.NONE, **part)


@pytest.mark.django_db
@given(cases=st.lists(st.tuples(st.lists(PARTS, max_size=3), INSTANTS), min_size=8, max_size=16))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_agree_on_every_item(cases: list[tuple[list[dict[str, object]], object]]) -> None:
    sender = User.objects.filter(email="robin@demo.example").first() or make_sender()
    items = []
    for parts, revoked_at in cases:
        item = make_item(sender, sent_at=NOON - timedelta(days=2))
        Item.objects.filter(pk=item.pk).update(revoked_at=revoked_at)
        item.refresh_from_db()
        add_people(item, parts)
        items.append(item)
    asked: QuerySet[Any] = with_state(Item.objects.filter(pk__in=[item.pk for item in items]), NOON)
    assert {item.pk: (State(item.state), item.is_undone) for item in asked} == {
        item.pk: (item.state_at(NOON, list(item.participants.all())), is_undone(item.participants.all()))
        for item in items
    }
    assert found_states(*items) == {
        item.pk: {item.state_at(NOON, list(item.participants.order_by("position")))} for item in items
    }


@pytest.mark.django_db
def test_every_state_can_be_found() -> None:
    lives, over = NOON + timedelta(hours=1), NOON
    bare = {"expires_at": lives, "openings_allowed": 1}
    parts = {
        State.SENDING: bare,
        State.NOT_OPENED: {**bare, "handed_over_at": over},
        State.OPEN: {**bare, "first_opened_at": over},
        State.USED_UP: {**bare, "openings_used": 1},
        State.EXPIRED: {**bare, "expires_at": over},
        State.FAILED: {**bare, "failed_at": over},
        State.DELETED: {**bare, "revoked_at": over},
    }
    sender = make_sender()
    for one, part in parts.items():
        item = make_item(sender)
        add_people(item, [part])
        assert found_states(item) == {item.pk: {one}}
