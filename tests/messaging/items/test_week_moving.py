"""What earlier versions wrote is put under the key of its week, whatever else happens to it meanwhile."""

from datetime import timedelta

import pytest
from django.conf import settings as project

from core import keys
from core.db import database_now
from messaging.items.manifests import Manifest
from messaging.items.models import Item, Return
from messaging.items.services.account_keys import (
    Label,
    account_key_of,
    box_place,
    label_place,
    labels_of,
    sealed_labels,
)
from messaging.items.services.controlling import change_end, copied_manifest
from messaging.items.services.returning import returned_manifest
from messaging.items.services.week_moving import add_missing_weeks, add_week_to_item, add_week_to_return
from messaging.items.weeks import take_off
from tests.messaging.items.making import BODY, SUBJECT, Sent, delete, make_sender, send_item, visitor
from tests.messaging.items.test_returning import reply
from tests.races import on_threads

pytestmark = pytest.mark.django_db


def written_before(sent: Sent) -> Item:
    """Leave an item as a version without weekly layers wrote it, and return it."""
    item = Item.objects.get(pk=sent.item.pk)
    whole, week_on = item.whole_id, item.week_on
    Item.objects.filter(pk=item.pk).update(
        copy_box=take_off(bytes(item.copy_box or b""), week_on=week_on, place=box_place(whole)),
        label_sealed=take_off(bytes(item.label_sealed or b""), week_on=week_on, place=label_place(whole)),
        week_on=None,
    )
    return Item.objects.get(pk=item.pk)


def returned_before(sent: Sent) -> Return:
    """Leave a return as a version without weekly layers wrote it, and return it."""
    returned = reply(sent)
    box = take_off(bytes(returned.box or b""), week_on=returned.week_on, place=box_place(returned.whole_id))
    Return.objects.filter(pk=returned.pk).update(box=box, week_on=None)
    return Return.objects.get(pk=returned.pk)


def fresh(item: Item) -> Item:
    return Item.objects.get(pk=item.pk)


def label_of(item: Item) -> Label | None:
    return labels_of(account_key_of(item.sender), sealed_labels([item])).get(item.whole_id)


def assert_opens(item: Item) -> None:
    assert copied_manifest(item, at=database_now()).body == BODY
    assert label_of(item) == Label(SUBJECT)


def test_what_an_earlier_version_wrote_opens_before_and_after_it_is_moved() -> None:
    sent = send_item(make_sender())
    item, returned = written_before(sent), returned_before(sent)
    assert_opens(item)
    assert returned_manifest(returned, reader=item.sender).subject == "Re"
    add_missing_weeks(database_now())
    item, returned = fresh(item), Return.objects.get(pk=returned.pk)
    assert item.week_on == keys.monday_of(item.expires_at)
    assert returned.week_on == keys.monday_of(returned.expires_at)
    assert_opens(item)
    assert returned_manifest(returned, reader=item.sender).subject == "Re"


def test_the_worker_moves_what_earlier_versions_wrote() -> None:
    assert f"{add_missing_weeks.__module__}.{add_missing_weeks.__name__}" in project.RETENTION_STEPS


def test_what_has_ended_or_has_its_week_is_left_alone() -> None:
    sender = make_sender()
    kept, ended = fresh(send_item(sender).item), written_before(send_item(sender))
    add_missing_weeks(ended.expires_at + timedelta(seconds=1))
    assert [(fresh(one).week_on, fresh(one).copy_box) for one in (kept, ended)] == [
        (kept.week_on, kept.copy_box),
        (None, ended.copy_box),
    ]


def test_without_a_copy_only_the_week_is_written() -> None:
    sent = send_item(make_sender(), is_copy_kept=False)
    Item.objects.update(week_on=None)
    add_missing_weeks(database_now())
    item = fresh(sent.item)
    assert (item.week_on, item.copy_box, item.label_sealed) == (keys.monday_of(item.expires_at), None, None)


def test_a_new_end_moves_what_an_earlier_version_wrote_and_is_not_undone_by_the_worker() -> None:
    sent = send_item(make_sender())
    stale = written_before(sent)
    change_end(item=stale, ends_at=database_now() + timedelta(days=40), by=stale.sender, visitor=visitor())
    moved = fresh(stale)
    add_week_to_item(stale)
    assert (fresh(stale).week_on, fresh(stale).copy_box) == (moved.week_on, moved.copy_box)
    assert moved.week_on == keys.monday_of(moved.expires_at)
    assert_opens(fresh(stale))


def test_what_was_destroyed_meanwhile_stays_destroyed() -> None:
    sent = send_item(make_sender())
    stale, returned = written_before(sent), returned_before(sent)
    delete(sent)
    Return.objects.update(box=None, shredded_at=database_now())
    add_week_to_item(stale)
    add_week_to_return(returned)
    assert (fresh(stale).copy_box, fresh(stale).label_sealed) == (None, None)
    assert Return.objects.get().box is None


def test_a_damaged_copy_lets_an_end_come_sooner_and_stays_damaged() -> None:
    sent = send_item(make_sender(), manifest=Manifest(SUBJECT, BODY))
    Item.objects.update(copy_box=b"damaged")
    change_end(item=sent.item, ends_at=database_now() + timedelta(hours=1), by=sent.item.sender, visitor=visitor())
    item = fresh(sent.item)
    assert bytes(item.copy_box or b"") == b"damaged"
    assert label_of(item) == Label(SUBJECT)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_workers_and_new_ends_at_once_leave_a_copy_that_opens() -> None:
    sent = send_item(make_sender())
    stale = written_before(sent)
    ends = [database_now() + timedelta(days=days) for days in (3, 20, 50, 80)]

    def act(number: int) -> None:
        if number % 2:
            change_end(item=stale, ends_at=ends[number // 2], by=stale.sender, visitor=visitor())
        else:
            add_week_to_item(stale)

    on_threads(8, act)
    item = fresh(stale)
    assert item.week_on == keys.monday_of(item.expires_at)
    assert_opens(item)
