"""The conditions of the database and the rule in Python say the same of every request."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from messaging.items.models import Draft, Item
from signatures.choices import KIND, RequestState, Stage
from signatures.models import SignatureRequest
from signatures.standing import SENT_STATES, counts_of, requests_in_state
from tests.messaging.items.event_log import NOON, make_item
from tests.messaging.items.making import make_sender

INSTANTS = st.sampled_from([None, NOON - timedelta(days=1), NOON])
ENDS = st.sampled_from([NOON - timedelta(hours=1), NOON, NOON + timedelta(hours=1)])


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


def found_states(item: Item, at: datetime = NOON) -> set[RequestState]:
    items = Item.objects.filter(pk=item.pk)
    return {state for state in RequestState if requests_in_state(items, state, at).exists()}


@pytest.mark.django_db
@given(stage=st.sampled_from(Stage), revoked_at=INSTANTS, declined_at=INSTANTS, ends_at=ENDS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_agree_on_every_request(
    stage: Stage, revoked_at: datetime | None, declined_at: datetime | None, ends_at: datetime
) -> None:
    sender = User.objects.filter(email="robin@demo.example").first() or make_sender()
    # Nobody declines what all have signed: a rule of the database.
    declined_at = declined_at if stage is Stage.IN_PROGRESS else None
    item = make_request(sender, stage=stage, revoked_at=revoked_at, declined_at=declined_at, ends_at=ends_at)
    state = SignatureRequest.objects.select_related("item").get(pk=item.pk).state_at(NOON)
    assert found_states(item) == {state}
    counted = counts_of(Item.objects.filter(pk=item.pk), Draft.objects.none(), NOON)
    assert counted == {one: int(one is state) for one in RequestState}


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
        assert found_states(make_request(sender, **values)) == {state}
    counted = counts_of(Item.objects.all(), Draft.objects.all(), NOON)
    assert counted == dict.fromkeys(SENT_STATES, 1) | {RequestState.DRAFT: 0}


@pytest.mark.django_db
def test_what_is_no_request_stands_in_no_state() -> None:
    item = make_item(make_sender())
    assert found_states(item) == set()
