"""What has ended is destroyed once and said once, however many workers look, and whatever its sender does meanwhile."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from core.db import database_now
from messaging.items.choices import LinkEnd, State
from messaging.items.errors import LinkExpired
from messaging.items.events.kinds import EventKind
from messaging.items.models import Blob, Content, Event, Item, Link
from messaging.items.retention import _forget_draft, forget_what_is_over
from messaging.items.services.controlling import revoke_item, revoke_participant
from tests.messaging.items.making import Sent, by, expire, make_sender, send_item, visitor
from tests.messaging.outside.making import TERMS, send_message
from tests.races import on_threads

pytestmark = pytest.mark.django_db

ON_CONNECTIONS = pytest.mark.django_db(transaction=True, serialized_rollback=True)
WORKERS, ITEMS = 4, 6


def end() -> datetime:
    """Let the life of everything sent be over, and return an instant at which it is."""
    now = database_now()
    for item in Item.objects.all():
        expire(item, now - timedelta(minutes=1))
    return now


def kinds(item: Item) -> list[str]:
    """Return what happened to an item since it was sent."""
    return list(Event.objects.filter(item_id=item.pk).order_by("pk").values_list("kind", flat=True))[1:]


def state(sent: Sent) -> State:
    item = Item.objects.get(pk=sent.item.pk)
    return item.state_at(database_now(), list(item.participants.all()))


def test_an_item_is_destroyed_at_its_end_and_not_before() -> None:
    sent = send_item(make_sender())
    forget_what_is_over(database_now())
    assert kinds(sent.item) == []
    now = end()
    for _ in range(2):
        forget_what_is_over(now)
    assert kinds(sent.item) == [EventKind.EXPIRED]
    assert Item.objects.get().shredded_at == now
    assert Link.objects.get().ended_by == LinkEnd.EXPIRED
    assert not Content.objects.exists()


@ON_CONNECTIONS
def test_workers_at_once_destroy_each_item_once() -> None:
    sender = make_sender()
    items = [send_item(sender).item for _ in range(ITEMS)]
    now = end()
    on_threads(WORKERS, lambda _number: forget_what_is_over(now))
    assert [kinds(item) for item in items] == [[EventKind.EXPIRED]] * ITEMS


@ON_CONNECTIONS
def test_an_item_that_is_deleted_at_its_end_ends_in_one_way() -> None:
    sent = send_item(make_sender())
    ended_at = end()
    before = Item.objects.get().expires_at - timedelta(seconds=1)

    def act(number: int) -> None:
        if number % 2:
            forget_what_is_over(ended_at)
            return
        with suppress(LinkExpired):
            revoke_item(item=sent.item, by=sent.item.sender, visitor=visitor(), at=before)

    on_threads(WORKERS, act)
    assert kinds(sent.item) in ([EventKind.EXPIRED], [EventKind.DELETED])


@pytest.mark.parametrize("is_swept", [True, False])
def test_what_has_expired_is_not_deleted_any_more(is_swept: bool) -> None:
    sent = send_item(make_sender())
    now = end()
    if is_swept:
        forget_what_is_over(now)
    with pytest.raises(LinkExpired):
        revoke_item(item=sent.item, **by(sent))
    with pytest.raises(LinkExpired):
        revoke_participant(participant=sent.participant, **by(sent))
    assert state(sent) is State.EXPIRED
    forget_what_is_over(now)
    assert kinds(sent.item) == [EventKind.EXPIRED]


def test_the_files_of_a_draft_that_was_sent_since_the_look_stay() -> None:
    whole_id, now = send_message(files=[TERMS]).item.whole_id, database_now()
    _forget_draft(whole_id, now)
    assert Blob.objects.filter(whole_id=whole_id).exists()
    Blob.objects.update(kept_until=now - timedelta(seconds=1))
    _forget_draft(whole_id, now)
    assert not Blob.objects.filter(whole_id=whole_id).exists()
