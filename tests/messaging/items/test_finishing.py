"""A person who is done: their link opens nothing, leads on, and is not begun again."""

import pytest

from core.db import database_now
from messaging.items.choices import LinkEnd, State
from messaging.items.errors import LinkDone
from messaging.items.models import Link, OpenSession, Participant
from messaging.items.services.controlling import change_end, renew_link
from messaging.items.services.creating import Person
from messaging.items.services.finishing import finish_part
from messaging.items.services.opening import data_key
from tests.messaging.items.making import by, give, make_sender, open_link, send_item, visitor

pytestmark = pytest.mark.django_db


def test_the_keys_go_and_the_secret_is_still_known() -> None:
    sent = send_item(make_sender())
    visit = open_link(sent.links[0])
    assert finish_part(visit.participant, at=database_now())
    assert not finish_part(Participant.objects.get(), at=database_now())
    link = Link.objects.get()
    assert (link.wrap, link.gate_key_sealed, link.ended_by) == (None, None, LinkEnd.DONE)
    assert OpenSession.objects.count() == 1
    again = give(sent.links[0])
    assert again.is_done
    for known in (visit, again):
        with pytest.raises(LinkDone):
            data_key(known)


def test_neither_end_nor_deletion_hides_that_it_was_done() -> None:
    sent = send_item(make_sender())
    finish_part(sent.participant, at=database_now())
    Participant.objects.update(expires_at=database_now(), revoked_at=database_now())
    assert give(sent.links[0]).is_done


def test_it_gets_no_new_link_and_no_other_end() -> None:
    sent = send_item(make_sender())
    finish_part(sent.participant, at=database_now())
    with pytest.raises(LinkDone):
        renew_link(participant=sent.participant, **by(sent))
    with pytest.raises(LinkDone):
        change_end(item=sent.item, ends_at=sent.item.longest_until, by=sent.item.sender, visitor=visitor())


def test_an_item_is_closed_when_everybody_is_done() -> None:
    sent = send_item(make_sender(), [Person(email="zoe@outside.example"), Person(email="yan@outside.example")])
    first, second = Participant.objects.order_by("position")
    finish_part(first, at=database_now())
    assert sent.item.state_at(database_now(), [first, second]) is State.SENDING
    finish_part(second, at=database_now())
    assert sent.item.state_at(database_now(), [first, second]) is State.CLOSED


def test_a_person_without_an_address_has_the_link_from_the_beginning() -> None:
    sent = send_item(make_sender(), [Person(email="")])
    assert sent.participant.state_at(database_now()) is State.NOT_OPENED
    renew_link(participant=sent.participant, **by(sent))
    assert sent.participant.handed_over_at is not None
