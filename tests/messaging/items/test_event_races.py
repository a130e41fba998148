"""Many write and several seal at once, each on a connection of its own: one chain, no gap, nothing counted twice."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connection, connections, transaction

from messaging.items.events import sealing
from messaging.items.events.checking import verify_chain, wrong_counts
from messaging.items.events.sealing import seal_events, seal_what_waits
from messaging.items.models import ChainHead, Event, Item, QuarterHour
from tests.messaging.items.event_log import NOON, make_item, make_sender, open_item
from tests.races import THREADS_WAIT_SECONDS, on_threads

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

ON_POSTGRESQL = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
WRITERS, SEALERS, EVENTS_EACH = 8, 2, 25


def own_thread(act: Callable[[], object]) -> Thread:
    """Return a thread with a connection of its own."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    return Thread(target=run)


def hold_that_the_log_is_right(item: Item, events: int) -> None:
    """Hold that numbers run from 1 without gap or repetition, digests hold each other, and all are counted once."""
    numbers = Event.objects.filter(organization_id=item.organization_id).order_by("number")
    assert list(numbers.values_list("number", flat=True)) == list(range(1, events + 1))
    assert verify_chain(organization_id=item.organization_id) == []
    assert ChainHead.objects.get(pk=item.organization_id).number == events
    rows = QuarterHour.objects.filter(organization_id=item.organization_id).order_by("pk")
    assert sum(row.events for row in rows) == events
    assert list(wrong_counts()) == []


@pytest.mark.parametrize("is_worker", [True, False])
def test_eight_write_while_two_seal(is_worker: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "EVENTS_A_PASS", 7)
    item = make_item(make_sender())
    total = WRITERS * EVENTS_EACH

    def unsealed_or_missing() -> bool:
        return Event.objects.filter(number__isnull=False).count() < total

    def act(thread: int) -> None:
        if thread >= WRITERS:
            while unsealed_or_missing():
                seal_what_waits() if is_worker else seal_events(organization_id=item.organization_id)
            return
        for turn in range(EVENTS_EACH):
            with transaction.atomic():
                open_item(item, at=NOON + timedelta(minutes=turn))

    on_threads(WRITERS + SEALERS, act)
    hold_that_the_log_is_right(item, total)


def test_two_sealers_at_once_of_what_is_there_seal_each_event_once() -> None:
    item = make_item(make_sender())
    for _ in range(60):
        open_item(item)
    assert sum(on_threads(6, lambda _thread: seal_events(organization_id=item.organization_id))) == 60
    hold_that_the_log_is_right(item, 60)


@ON_POSTGRESQL
def test_a_worker_leaves_a_chain_that_another_one_seals_and_a_proof_waits_for_it() -> None:
    item = make_item(make_sender())
    open_item(item)
    seal_events(organization_id=item.organization_id)
    open_item(item)
    waited: list[int] = []
    worker = own_thread(seal_what_waits)
    proof = own_thread(lambda: waited.append(seal_events(organization_id=item.organization_id)))
    with transaction.atomic():
        ChainHead.objects.select_for_update().get(pk=item.organization_id)
        worker.start()
        worker.join(THREADS_WAIT_SECONDS)
        assert not worker.is_alive()
        assert Event.objects.filter(number=None).count() == 1
        proof.start()
        proof.join(0.3)
        assert proof.is_alive()
    proof.join(THREADS_WAIT_SECONDS)
    assert waited == [1]
    hold_that_the_log_is_right(item, 2)


@ON_POSTGRESQL
def test_an_act_that_commits_late_is_sealed_later() -> None:
    item = make_item(make_sender())
    is_written, may_commit = Signal(), Signal()

    def write_slowly() -> None:
        with transaction.atomic():
            open_item(item)
            is_written.set()
            may_commit.wait(THREADS_WAIT_SECONDS)

    slow = own_thread(write_slowly)
    slow.start()
    assert is_written.wait(THREADS_WAIT_SECONDS)
    quick = open_item(item)
    assert seal_events(organization_id=item.organization_id) == 1
    may_commit.set()
    slow.join(THREADS_WAIT_SECONDS)
    assert seal_events(organization_id=item.organization_id) == 1
    late = Event.objects.exclude(pk=quick.pk).get()
    assert (late.pk < quick.pk, late.number) == (True, 2)
    hold_that_the_log_is_right(item, 2)
