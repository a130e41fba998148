"""The sender is warned a day before the end of what somebody has not opened, once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import User
from core.db import database_now
from messaging.items.kinds import kind_of
from messaging.items.models import Item, Participant, Return
from messaging.items.services import warning
from messaging.items.services.controlling import change_end, revoke_item
from messaging.items.services.creating import Person
from messaging.items.services.warning import warn_of_unread, warn_of_unread_returns
from tests.messaging.items.making import Sent, make_sender, send_item, visitor
from tests.messaging.outside.browser import Outsider
from tests.messaging.outside.making import send_message
from tests.messaging.outside.test_reply import reply
from tests.outbox import delivered

pytestmark = pytest.mark.django_db

SENDER = "robin@demo.example"
MAX = Person(email="max@outside.example")


def sent_long_ago(hours_left: float = 23, life_hours: float = 72, **values: object) -> tuple[Sent, datetime]:
    """Send to two people so long ago that so much is left; return it, and the present instant."""
    sent, now = send_item(make_sender(), (Person(email="zoe@outside.example"), MAX)), database_now()
    ends_at = now + timedelta(hours=hours_left)
    sent_at = ends_at - timedelta(hours=life_hours)
    Item.objects.update(sent_at=sent_at, expires_at=ends_at, longest_until=ends_at + timedelta(days=30), **values)
    Participant.objects.update(expires_at=ends_at)
    return sent, now


def mails() -> list[str]:
    """Return the texts of the mails to the sender, newest first."""
    return [mail.text for mail in delivered("email") if mail.to == SENDER]


def warned(now: datetime) -> list[str]:
    """Look for what ends, and return the texts of the mails that were written for that."""
    before = len(mails())
    warn_of_unread(now)
    return mails()[: len(mails()) - before]


def test_the_sender_is_told_who_has_not_opened_it_and_when_it_ends() -> None:
    sent, now = sent_long_ago()
    Participant.objects.filter(email="zoe@outside.example").update(first_opened_at=now)
    (mail,) = warned(now)
    assert "max@outside.example" in mail
    assert "zoe@outside.example" not in mail
    assert kind_of(sent.item.kind).url(sent.item.reference) in mail


def test_it_is_told_once() -> None:
    _sent, now = sent_long_ago()
    assert len(warned(now)) == 1
    assert warned(now + timedelta(hours=1)) == []


def test_whoever_switched_it_off_is_not_told_until_it_is_on_again() -> None:
    sent, now = sent_long_ago()
    User.objects.update(is_warned_of_unread=False)
    assert warned(now) == []
    assert Item.objects.get(pk=sent.item.pk).unread_warned_at is None
    User.objects.update(is_warned_of_unread=True)
    (mail,) = warned(now)
    assert "You can switch this warning off on your account page" in mail


@pytest.mark.parametrize(
    ("hours_left", "life_hours"), [(25, 72), (23, 47), (-1, 72)], ids=["not yet", "a short life", "over"]
)
def test_there_is_nothing_to_warn_of(hours_left: float, life_hours: float) -> None:
    _sent, now = sent_long_ago(hours_left, life_hours)
    assert warned(now) == []


@pytest.mark.parametrize("column", ["first_opened_at", "failed_at", "done_at", "revoked_at"])
def test_nobody_is_missing(column: str) -> None:
    _sent, now = sent_long_ago()
    Participant.objects.update(**{column: now})
    assert warned(now) == []


def test_what_was_deleted_warns_of_nothing() -> None:
    sent, now = sent_long_ago()
    revoke_item(item=sent.item, by=sent.item.sender, visitor=visitor(), at=now)
    assert warned(now) == []


def test_after_more_time_it_is_told_again_before_the_new_end() -> None:
    sent, now = sent_long_ago()
    assert len(warned(now)) == 1
    ends_at = now + timedelta(days=5)
    change_end(item=sent.item, ends_at=ends_at, by=sent.item.sender, visitor=visitor())
    assert warned(now + timedelta(hours=2)) == []
    assert len(warned(ends_at - timedelta(hours=20))) == 1


def test_two_workers_warn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another worker warns between this one's look and its mark: the mark is one conditional UPDATE."""
    _sent, now = sent_long_ago()

    def other_first(item: Item, *, now: datetime) -> None:
        Item.objects.filter(pk=item.pk).update(unread_warned_at=now)
        warn(item, now=now)

    warn = warning._warn
    monkeypatch.setattr(warning, "_warn", other_first)
    assert warned(now) == []


def came_back(days_left: float) -> tuple[Return, datetime]:
    """Let somebody answer, so that so much of the time a return is kept is left; return it, and the present instant."""
    assert reply(Outsider(send_message(make_sender()).links[0]).open()).status_code == 302
    now, returned = database_now(), Return.objects.get()
    Return.objects.update(expires_at=now + timedelta(days=days_left))
    return returned, now


def warned_of_returns(now: datetime) -> list[str]:
    before = len(mails())
    warn_of_unread_returns(now)
    return mails()[: len(mails()) - before]


def test_the_owner_is_warned_once_three_days_before_an_unread_return_goes() -> None:
    returned, now = came_back(days_left=2.9)
    (mail,) = warned_of_returns(now)
    assert "zoe@outside.example" in mail
    assert f"/returns/{returned.whole_id}/" in mail
    assert "Canary" not in mail
    assert warned_of_returns(now + timedelta(hours=1)) == []


@pytest.mark.parametrize(
    ("days_left", "values"),
    [(3.1, {}), (-0.1, {}), (2, {"read_at": True}), (2, {"done_at": True}), (2, {"shredded_at": True, "box": None})],
)
def test_of_what_is_kept_longer_was_read_or_is_gone_nobody_is_warned(days_left: float, values: dict[str, Any]) -> None:
    _returned, now = came_back(days_left)
    Return.objects.update(**{name: now if value else value for name, value in values.items()})
    assert warned_of_returns(now) == []


def test_the_worker_warns_of_unread_returns(settings: Settings) -> None:
    assert f"{warn_of_unread_returns.__module__}.{warn_of_unread_returns.__name__}" in settings.RETENTION_STEPS
