"""The conditions of the database and the rule in Python say the same of every request."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from messaging.items.models import Draft, Item
from signatures.choices import KIND, RequestState, Stage
from signatures.models import SignatureRequest
from signatures.standing import SENT_STATES, counts_of, requests_in_state
from tests.messaging.items.event_log import NOON, make_item
from tests.messaging.items.making import make_sender

INSTANTS = (None, NOON - timedelta(days=1), NOON)
ENDS = (NOON - timedelta(hours=1), NOON, NOON + timedelta(hours=1))


def make_request(sender: User, *, stage: Stage, revoked_at: datetime | None, **values: Any) -> Item:
    """Make the rows of a request as they can stand."""
    item = make_item(sender, sent_at=NOON - timedelta(days=2))
    Item.objects.filter(pk=item.pk).update(kind=KIND, revoked_at=revoked_at)
    is_completed = stage is Stage.COMPLETED
    SignatureRequest.objects.create(
        item=item,
        stage=stage,
        completed_at=NOON if is_completed else None,
        sealed_whole_id=uuid4() if is_completed else None,
        **values,
    )
    item.refresh_from_db()
    return item


def found_states(*items: Item) -> dict[int, set[RequestState]]:
    """Return the states in which the database finds each of the items, by its key."""
    found: dict[int, set[RequestState]] = {item.pk: set() for item in items}
    for state in RequestState:
        for key in requests_in_state(Item.objects.filter(pk__in=found), state, NOON).values_list("pk", flat=True):
            found[key].add(state)
    return found


@pytest.mark.django_db
def test_both_agree_on_every_request() -> None:
    sender = make_sender()
    items = [
        make_request(sender, stage=stage, revoked_at=revoked_at, declined_at=declined_at, ends_at=ends_at)
        for stage, revoked_at, declined_at, ends_at in product(Stage, INSTANTS, INSTANTS, ENDS)
        # Nobody declines what all have signed: a rule of the database.
        if stage is Stage.IN_PROGRESS or declined_at is None
    ]
    states = {one.item_id: one.state_at(NOON) for one in SignatureRequest.objects.select_related("item")}
    assert found_states(*items) == {key: {state} for key, state in states.items()}
    counted = Counter(states.values())
    assert counts_of(Item.objects.all(), Draft.objects.none(), NOON) == {one: counted[one] for one in RequestState}


@pytest.mark.django_db
def test_every_state_can_be_found() -> None:
    sender, later = make_sender(), NOON + timedelta(hours=1)
    going: dict[str, Any] = {"stage": Stage.IN_PROGRESS, "revoked_at": None, "ends_at": later}
    rows = {
        RequestState.IN_PROGRESS: going,
        RequestState.COMPLETED: going | {"stage": Stage.COMPLETED},
        RequestState.EXPIRED: going | {"ends_at": NOON},
        RequestState.DECLINED: going | {"declined_at": NOON},
        RequestState.CANCELLED: going | {"revoked_at": NOON},
    }
    assert set(rows) == set(SENT_STATES)
    for state, values in rows.items():
        item = make_request(sender, **values)
        assert found_states(item) == {item.pk: {state}}
    counted = counts_of(Item.objects.all(), Draft.objects.all(), NOON)
    assert counted == dict.fromkeys(SENT_STATES, 1) | {RequestState.DRAFT: 0}


@pytest.mark.django_db
def test_what_is_no_request_stands_in_no_state() -> None:
    item = make_item(make_sender())
    assert found_states(item) == {item.pk: set()}
