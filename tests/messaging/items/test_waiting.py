"""People who wait for others have no link before it is handed out; one who declines ends the item for everybody."""

from datetime import timedelta

import pytest

from core.db import database_now
from messaging.items.choices import LinkEnd, Proof, State
from messaging.items.errors import LinkDeclined, LinkExpired, LinkReplaced, LinkRevoked
from messaging.items.events.kinds import EventKind
from messaging.items.invariants import incomplete_items
from messaging.items.models import Event, Item, Link, Participant
from messaging.items.services.creating import Person
from messaging.items.services.finishing import decline_part, finish_part
from messaging.items.services.handing import hand_out_link
from messaging.items.services.opening import manifest_of
from tests.messaging.items.making import SUBJECT, Sent, delete, give, make_sender, open_link, send_item

pytestmark = pytest.mark.django_db

FIRST = Person(email="zoe@outside.example")
SECOND = Person(email="yan@outside.example", proof=Proof.OPENING_CODE, is_waiting=True)


def send_in_turns() -> Sent:
    return send_item(make_sender(), [FIRST, SECOND])


def second() -> Participant:
    return Participant.objects.get(position=2)


def test_who_waits_has_no_link_and_is_counted() -> None:
    sent = send_in_turns()
    assert [made.link.participant.position for made in sent.links] == [1]
    assert not Link.objects.filter(participant=second()).exists()
    assert second().state_at(database_now()) is State.WAITING
    assert Event.objects.get(kind=EventKind.SENT).facts["people"] == 2
    assert list(incomplete_items()) == []


def test_the_link_opens_once_it_is_handed_out() -> None:
    sent = send_in_turns()
    link, secret = hand_out_link(second(), data_key=sent.data_key, at=database_now())
    assert second().state_at(database_now()) is State.SENDING
    assert manifest_of(open_link(link, answer=secret.value)).subject == SUBJECT
    event = Event.objects.get(kind=EventKind.LINK_SENT)
    assert (event.participant_id, event.facts) == (second().pk, {"link": 1, "proof": "opening_code"})
    assert secret.value not in str(event.facts)


def test_a_part_that_is_done_opens_again_by_a_link_of_its_own() -> None:
    sent = send_in_turns()
    finish_part(sent.participant, at=database_now())
    link, _ = hand_out_link(sent.participant, data_key=sent.data_key, at=database_now())
    assert manifest_of(open_link(link)).subject == SUBJECT
    with pytest.raises(LinkReplaced):
        give(sent.links[0])
    assert list(incomplete_items()) == []


def test_declining_ends_every_link_and_keeps_what_the_sender_has() -> None:
    sent = send_in_turns()
    link, _ = hand_out_link(second(), data_key=sent.data_key, at=database_now())
    assert decline_part(second(), at=database_now())
    assert not decline_part(second(), at=database_now())
    assert set(Link.objects.values_list("ended_by", "wrap")) == {(LinkEnd.DECLINED, None)}
    for each in (link, sent.links[0]):
        with pytest.raises(LinkDeclined):
            give(each)
    item = Item.objects.get()
    assert item.copy_box is not None
    assert item.state_at(database_now(), list(item.participants.all())) is State.DECLINED
    assert list(incomplete_items()) == []
    with pytest.raises(LinkDeclined):
        hand_out_link(sent.participant, data_key=sent.data_key, at=database_now())


def test_nobody_declines_what_they_did() -> None:
    sent = send_in_turns()
    finish_part(sent.participant, at=database_now())
    assert not decline_part(sent.participant, at=database_now())


def test_an_item_that_has_ended_hands_out_nothing() -> None:
    sent = send_in_turns()
    with pytest.raises(LinkExpired):
        hand_out_link(second(), data_key=sent.data_key, at=sent.item.expires_at + timedelta(seconds=1))
    delete(sent)
    with pytest.raises(LinkRevoked):
        hand_out_link(second(), data_key=sent.data_key, at=database_now())
    assert not Link.objects.filter(participant=second()).exists()
