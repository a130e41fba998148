"""What has ended is destroyed once and said once, however many workers look, and whatever its sender does meanwhile."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.db import database_now
from core.retention import forget_what_is_over as take_round
from core.steps import SomeFailed
from messaging.items import limits, retention
from messaging.items.choices import LinkEnd, State
from messaging.items.errors import LinkExpired
from messaging.items.events.kinds import EventKind
from messaging.items.models import Blob, Content, Event, Item, Link, Return
from messaging.items.retention import _forget_draft, forget_what_is_over
from messaging.items.services.controlling import revoke_item, revoke_participant
from tests.messaging.items.making import Sent, by, expire, make_sender, send_item, visitor
from tests.messaging.outside.browser import Outsider
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
    _forget_draft(whole_id, now=now)
    assert Blob.objects.filter(whole_id=whole_id).exists()
    Blob.objects.update(kept_until=now - timedelta(seconds=1))
    _forget_draft(whole_id, now=now)
    assert not Blob.objects.filter(whole_id=whole_id).exists()


SECRET = "Canary value that no log may hold"


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Item:
    """Make an item, with an answer and the file of a draft, none of which can be destroyed."""
    sent = send_message(files=[TERMS])
    returned = answered(sent)
    draft = draft_file("f" * 32)

    def refusing(name: str, refused: Callable[..., bool]) -> None:
        original = getattr(retention, name)

        def act(*values: Any, **named: Any) -> Any:
            done = original(*values, **named)
            if refused(*values):
                raise ValueError(SECRET)
            return done

        monkeypatch.setattr(retention, name, act)

    refusing("shred_item", lambda item: item.pk == sent.item.pk)
    refusing("shred_return", lambda row: row.pk == returned.pk)
    refusing("forget_whole", lambda whole_id: whole_id == draft.whole_id)
    return sent.item


def draft_file(name: str) -> Blob:
    """Make the row of a file whose draft is forgotten by now."""
    over_at, ids = database_now() - timedelta(minutes=1), {"whole_id": uuid.uuid4(), "file_id": uuid.uuid4()}
    return Blob.objects.create(**ids, name=name, plain_bytes=1, sealed_bytes=1, kept_until=over_at)


def answered(sent: Sent) -> Return:
    outsider = Outsider(sent.links[0]).open()
    form = {"text": "Canary reply", "form_key": str(uuid.uuid4())}
    assert outsider.client.post(outsider.url("link_reply"), form).status_code == 302
    return Return.objects.get(item=sent.item)


def test_what_cannot_be_destroyed_holds_up_nothing_else(broken: Item, caplog: pytest.LogCaptureFixture) -> None:
    sent = send_message(broken.sender, files=[TERMS])
    answered(sent)
    draft_file("e" * 32)
    now = database_now() + timedelta(days=limits.RETURN_KEPT_DAYS, minutes=1)
    with pytest.raises(SomeFailed):
        forget_what_is_over(now)
    assert list(Item.objects.filter(shredded_at=None)) == [broken]
    assert [row.item_id for row in Return.objects.filter(shredded_at=None)] == [broken.pk]
    assert list(Blob.objects.exclude(kept_until=None).values_list("name", flat=True)) == ["f" * 32]
    told = [(vars(line)["step"], vars(line)["fault"]) for line in caplog.records if line.message == "worker.fault"]
    acts = ("_end_item", "_end_return", "_forget_draft")
    assert told == [(f"messaging.items.retention.{act}", "ValueError") for act in acts]
    assert SECRET not in caplog.text


def test_a_round_with_something_that_cannot_be_destroyed_has_failed(broken: Item) -> None:
    assert take_round(database_now() - timedelta(hours=1))
    assert not take_round(database_now() + timedelta(days=8))
    assert Event.objects.filter(item_id=broken.pk, kind=EventKind.EXPIRED).count() == 0
