"""What became of the mail with a link: only the mail of the living link counts."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connections, transaction

from messaging.items.events.kinds import EventKind, MailFailure
from messaging.items.models import Event, Link, Participant
from messaging.items.services.controlling import renew_link
from messaging.items.services.delivering import note_failed, note_handed_over
from tests.messaging.items.making import Sent, by, make_sender, send_item
from tests.races import THREADS_WAIT_SECONDS

pytestmark = pytest.mark.django_db

MAIL = [EventKind.MAIL_HANDED_OVER, EventKind.MAIL_FAILED]


def noted() -> list[tuple[str, int]]:
    """Return what the log says of mails, each with the number of its link."""
    found = Event.objects.filter(kind__in=MAIL).order_by("pk")
    return [(event.kind, event.facts["link"]) for event in found]


def renew(sent: Sent) -> Link:
    return renew_link(participant=sent.participant, **by(sent))[0].link


def hand_over(link: Link) -> None:
    note_handed_over(link)


def fail(link: Link) -> None:
    note_failed(link, MailFailure.REFUSED)


@pytest.mark.parametrize("late", [hand_over, fail])
def test_a_mail_whose_link_was_renewed_in_flight_leaves_the_new_one_its_own_note(late: Callable[[Link], None]) -> None:
    sent = send_item(make_sender())
    new = renew(sent)
    late(sent.links[0].link)
    person = sent.participant
    assert (person.handed_over_at, person.failed_at, noted()) == (None, None, [])
    fail(new)
    hand_over(new)
    assert noted() == [(EventKind.MAIL_FAILED, 2), (EventKind.MAIL_HANDED_OVER, 2)]
    assert sent.participant.handed_over_at is not None


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("late", [hand_over, fail])
def test_a_note_waits_for_a_renewal_that_is_being_written(late: Callable[[Link], None]) -> None:
    sent = send_item(make_sender())

    def act() -> None:
        try:
            late(sent.links[0].link)
        finally:
            connections.close_all()

    noting = Thread(target=act)
    with transaction.atomic():
        renew(sent)
        noting.start()
        noting.join(0.3)
        assert noting.is_alive()
    noting.join(THREADS_WAIT_SECONDS)
    person = Participant.objects.get()
    assert (person.handed_over_at, person.failed_at, noted()) == (None, None, [])
