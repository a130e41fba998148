"""What the log showed is deleted four hundred days after an item's end, with everything that hung on it."""

from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from django.db import connection

from core.db import database_now
from core.steps import SomeFailed
from messaging.items.limits import EVENT_KEPT_DAYS
from messaging.items.models import Gate, Item, Link, LinkCheck, OpenSession, Participant, Return
from messaging.items.retention import forget_what_is_over
from messaging.items.services.purging import purge_what_is_old
from messaging.messages.models import Message
from tests.messaging.items.making import Sent, delete, make_sender, open_link, send_item
from tests.messaging.items.test_returning import reply

pytestmark = pytest.mark.django_db

KEPT, MOMENT = timedelta(days=EVENT_KEPT_DAYS), timedelta(seconds=1)
TABLES = (Item, Participant, Link, Gate, LinkCheck, OpenSession, Return, Message)


@pytest.fixture
def sent() -> Sent:
    """An item with everything that can hang on one."""
    sent = send_item(make_sender())
    open_link(sent.links[0])
    reply(sent)
    LinkCheck.objects.create(link=sent.links[0].link, hour_at=database_now(), checks=1)
    Message.objects.create(item=sent.item)
    return sent


class Over(NamedTuple):
    """Keys of items that are over, and the instant from which they are purged."""

    items: list[int]
    at: datetime


@pytest.fixture
def five_over(monkeypatch: pytest.MonkeyPatch) -> Over:
    """Five items to purge, two in a round."""
    monkeypatch.setattr("messaging.items.services.purging.ITEMS_A_ROUND", 2)
    sender = make_sender()
    sent = [send_item(sender) for _ in range(5)]
    over_at = end_of(sent[-1]) + KEPT + MOMENT
    forget_what_is_over(over_at)
    return Over([one.item.pk for one in sent], over_at)


def rows() -> dict[str, int]:
    return {table.__name__: table._default_manager.count() for table in TABLES}


def end_of(sent: Sent) -> datetime:
    item = Item.objects.get(pk=sent.item.pk)
    return item.revoked_at or item.expires_at


def test_it_goes_with_all_that_hung_on_it_four_hundred_days_after_its_end(sent: Sent) -> None:
    assert min(rows().values()) == 1
    over_at = end_of(sent) + KEPT
    forget_what_is_over(over_at)
    purge_what_is_old(over_at)
    assert rows()["Item"] == 1
    purge_what_is_old(over_at + MOMENT)
    assert set(rows().values()) == {0}


def test_a_deleted_item_is_counted_from_its_deletion(sent: Sent) -> None:
    delete(sent)
    deleted_at = end_of(sent)
    forget_what_is_over(deleted_at + KEPT)
    purge_what_is_old(deleted_at + KEPT - MOMENT)
    assert rows()["Item"] == 1
    purge_what_is_old(deleted_at + KEPT + MOMENT)
    assert rows()["Item"] == 0


def test_what_came_back_and_still_lives_keeps_its_item(sent: Sent) -> None:
    delete(sent)
    purge_what_is_old(end_of(sent) + KEPT + MOMENT)
    assert rows()["Item"] == 1


def test_what_was_not_shredded_is_never_purged() -> None:
    sent = send_item(make_sender())
    purge_what_is_old(end_of(sent) + 2 * KEPT)
    assert rows()["Item"] == 1


def test_others_stay(sent: Sent) -> None:
    kept = send_item(sent.item.sender, days=80)
    over_at = end_of(sent) + KEPT + MOMENT
    forget_what_is_over(end_of(kept) - MOMENT)
    Return.objects.update(shredded_at=over_at, box=None)
    purge_what_is_old(over_at)
    assert list(Item.objects.values_list("pk", flat=True)) == [kept.item.pk]


def test_many_go_round_by_round(five_over: Over) -> None:
    purge_what_is_old(five_over.at)
    assert rows()["Item"] == 0


def test_one_that_cannot_be_deleted_keeps_no_other(five_over: Over) -> None:
    held = five_over.items[2]
    refuse_deleting(held)
    with pytest.raises(SomeFailed):
        purge_what_is_old(five_over.at)
    assert list(Item.objects.values_list("pk", flat=True)) == [held]
    assert Link.objects.filter(participant__item=held).exists()


def refuse_deleting(item: int) -> None:
    """Let a table point to an item that no step of the purge knows of; the test's transaction takes it back."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE stranger (item bigint REFERENCES items_item (id))")
        cursor.execute("INSERT INTO stranger VALUES (%s)", [item])
