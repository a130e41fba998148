"""What comes back is for its owner alone."""

import uuid
from datetime import timedelta

import pytest
from django.db.models import F

from core.crypto.links import new_secret
from core.crypto.secret import Secret
from core.db import database_now
from messaging.items.access import unread_count
from messaging.items.choices import ReturnKind
from messaging.items.errors import AlreadySent, ContentDamaged, LinkExpired
from messaging.items.manifests import Manifest
from messaging.items.models import Content, Event, Return
from messaging.items.retention import forget_what_is_over
from messaging.items.services.returning import mark_done, mark_read, returned_manifest, take_in
from tests.messaging.items.making import Sent, make_sender, send_item, visitor
from tests.races import on_threads

pytestmark = pytest.mark.django_db


def reply(sent: Sent, *, form_key: uuid.UUID | None = None, key: Secret | None = None) -> Return:
    return take_in(
        participant=sent.links[0].link.participant,
        kind=ReturnKind.REPLY,
        manifest=Manifest("Re", "Canary reply: I agree."),
        data_key=key or new_secret(),
        whole_id=uuid.uuid4(),
        form_key=form_key or uuid.uuid4(),
        is_owner_proof_asked=False,
        visitor=visitor(),
        at=database_now(),
    )


def test_statement_124_the_owner_reads_it_and_nobody_else_can() -> None:
    sender, colleague = make_sender(), make_sender("colleague@demo.example")
    returned = reply(send_item(sender))
    assert returned.owner == sender
    assert returned_manifest(returned, reader=sender).body == "Canary reply: I agree."
    with pytest.raises(ContentDamaged):
        returned_manifest(returned, reader=colleague)


def test_a_box_put_beside_another_return_opens_nothing() -> None:
    sent = send_item(make_sender())
    first, second = reply(sent), reply(sent)
    first.box = second.box
    with pytest.raises(ContentDamaged):
        returned_manifest(first, reader=sent.item.sender)


def test_the_same_form_twice_comes_back_once() -> None:
    sent, form_key = send_item(make_sender()), uuid.uuid4()
    reply(sent, form_key=form_key)
    with pytest.raises(AlreadySent):
        reply(sent, form_key=form_key)
    assert Return.objects.count() == 1


def test_it_is_unread_until_it_is_read_and_waits_until_it_is_done() -> None:
    sent = send_item(make_sender())
    returned, owner = reply(sent), sent.item.sender
    assert unread_count(owner) == 1
    assert mark_read(returned, visitor=visitor(), at=database_now())
    assert not mark_read(returned, visitor=visitor(), at=database_now())
    assert unread_count(owner) == 0
    assert mark_done([returned.pk], reader=make_sender("x@demo.example"), at=database_now()) == 0
    assert mark_done([returned.pk], reader=owner, at=database_now()) == 1


def test_thirty_days_after_its_arrival_it_is_destroyed() -> None:
    sent = send_item(make_sender())
    returned = reply(sent)
    assert returned.expires_at - returned.arrived_at == timedelta(days=30)
    forget_what_is_over(database_now())
    assert Content.objects.filter(whole_id=returned.whole_id).exists()
    Return.objects.update(expires_at=F("arrived_at"))
    forget_what_is_over(database_now())
    returned.refresh_from_db()
    assert (returned.box, returned.shredded_at is not None) == (None, True)
    assert not Content.objects.filter(whole_id=returned.whole_id).exists()
    with pytest.raises(LinkExpired):
        returned_manifest(returned, reader=sent.item.sender)


def destroyed(returned: Return) -> list[dict[str, object]]:
    """Return the facts of each event that says that a return was destroyed."""
    found = Event.objects.filter(kind="item:return:expired", item_id=returned.item_id)
    return list(found.filter(participant_id=returned.participant_id).values_list("facts", flat=True))


def test_that_it_was_destroyed_is_written_down_once() -> None:
    returned = reply(send_item(make_sender()))
    Return.objects.update(expires_at=F("arrived_at"))
    for _ in range(2):
        forget_what_is_over(database_now())
    assert destroyed(returned) == [{"return": str(returned.whole_id), "return_kind": "reply"}]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_workers_at_once_write_down_once_that_it_was_destroyed() -> None:
    sent = send_item(make_sender())
    returns = [reply(sent) for _ in range(6)]
    Return.objects.update(expires_at=F("arrived_at"))
    now = database_now()
    on_threads(4, lambda _number: forget_what_is_over(now))
    told = [str(facts["return"]) for facts in destroyed(returns[0])]
    assert sorted(told) == sorted(str(returned.whole_id) for returned in returns)
