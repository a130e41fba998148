"""A request that ends is told in time, once; what waits too long for its seal is told to support."""

from datetime import timedelta

import pytest
from django.conf import settings

from core.db import database_now
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.models import Item
from messaging.items.services.warning import warn_of_unread
from signatures.services.controlling import cancel
from signatures.services.warning import warn_of_ends, warn_of_late_seals
from tests.messaging.items.making import make_sender, visitor
from tests.outbox import delivered
from tests.signatures.signing import YAN, ZOE, ask, opened, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]

SOON = timedelta(days=28)


def mails_to(address: str) -> list[str]:
    return [entry.subject for entry in delivered("email") if entry.to == address]


def test_the_requester_and_whose_turn_it_is_are_told_once() -> None:
    asked = ask(make_sender())
    warn_of_ends(database_now() + timedelta(days=26))
    assert asked.row.end_warned_at is None
    for _ in range(2):
        warn_of_ends(database_now() + SOON)
    assert mails_to(asked.item.sender.email) == ["Your signature request ends soon"]
    assert len(mails_to(ZOE.email)) == 2
    assert mails_to(YAN.email) == []


def test_who_has_signed_is_not_told() -> None:
    asked = ask(make_sender())
    sign_all(opened(asked))
    warn_of_ends(database_now() + SOON)
    assert not any(subject.startswith("Little time") for subject in mails_to(ZOE.email))
    assert any(subject.startswith("Il reste peu") for subject in mails_to(YAN.email))


def test_one_for_a_short_time_and_one_that_is_over_are_not_told() -> None:
    sender = make_sender()
    short, over = ask(sender, [ZOE], days=3), ask(sender, [ZOE])
    cancel(item=over.item, by=sender, visitor=visitor())
    warn_of_ends(database_now() + timedelta(days=1))
    warn_of_ends(database_now() + SOON)
    assert (short.row.end_warned_at, over.row.end_warned_at) == (None, None)


@pytest.mark.parametrize("days", [4, 5])
def test_one_that_lives_a_little_longer_than_the_warning_is_told_three_days_before(days: int) -> None:
    asked = ask(make_sender(), [ZOE], days=days)
    warn_of_ends(asked.row.ends_at - timedelta(days=3, minutes=1))
    assert asked.row.end_warned_at is None
    warn_of_ends(asked.row.ends_at - timedelta(days=3))
    assert asked.row.end_warned_at is not None


def test_the_warning_of_other_items_leaves_requests_alone() -> None:
    asked = ask(make_sender())
    Item.objects.update(expires_at=database_now() + timedelta(hours=5), sent_at=database_now() - timedelta(days=9))
    warn_of_unread(database_now())
    assert mails_to(asked.item.sender.email) == []


def test_support_is_told_what_waits_for_its_seal_once_a_day() -> None:
    asked = ask(make_sender(), [ZOE])
    sign_all(opened(asked))
    signed_at = asked.row.signed_by_all_at
    assert signed_at is not None
    warn_of_late_seals(signed_at + timedelta(minutes=9))
    assert mails_to(settings.SUPPORT_EMAIL) == []
    for _ in range(2):
        warn_of_late_seals(signed_at + timedelta(minutes=11))
    assert len(mails_to(settings.SUPPORT_EMAIL)) == 1


def test_nobody_is_told_of_what_was_sealed() -> None:
    ask(make_sender())
    warn_of_late_seals(database_now() + timedelta(days=1))
    assert mails_to(settings.SUPPORT_EMAIL) == []


def test_159_support_is_told_each_day_how_many_requests_are_held_for_a_time_stamp() -> None:
    asked = ask(make_sender(), [ZOE])
    sign_all(opened(asked))
    record(kind=EventKind.SEAL_HELD, item=asked.item, facts={}, at=database_now())
    later = database_now() + timedelta(hours=5)
    for at in (later, later, later + timedelta(days=1)):
        warn_of_late_seals(at)
    told = [entry.text for entry in delivered("email") if entry.to == settings.SUPPORT_EMAIL]
    assert len(told) == 2
    for text in told:
        assert "Requests that wait: 1" in text
        assert "Held until the time-stamp server answers: 1" in text
