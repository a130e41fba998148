"""Sealing: numbers without a gap, digests that hold each other, counts by quarter hour."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core.crypto.chain import START, link_digest
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.events.sealing import ChainNotOurs, seal_events, seal_what_waits
from messaging.items.models import ChainHead, Event, Item, QuarterHour
from tests.messaging.items.event_log import NOON, make_item, make_participant, make_sender, open_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def item() -> Item:
    return make_item(make_sender())


@pytest.fixture
def small_pass(monkeypatch: pytest.MonkeyPatch) -> int:
    """Let a pass take three events only."""
    monkeypatch.setattr("messaging.items.events.sealing.EVENTS_A_PASS", 3)
    return 3


def numbers(organization_id: int) -> list[int | None]:
    """Return the numbers of an organization's events in the order in which they were recorded."""
    return list(Event.objects.filter(organization_id=organization_id).order_by("pk").values_list("number", flat=True))


def counts() -> dict[tuple[object, str], tuple[int, int, int]]:
    """Return the counts by quarter hour and kind."""
    rows = QuarterHour.objects.order_by("pk")
    return {(row.starts_at, row.kind): (row.events, row.files, row.size_bytes) for row in rows}


def test_the_digest_is_the_one_that_is_written_down(item: Item) -> None:
    participant = make_participant(item)
    event = open_item(item, participant, at=NOON + timedelta(microseconds=5))
    assert seal_events(organization_id=item.organization_id) == 1
    event.refresh_from_db()
    facts = {
        "event": event.pk,
        "at": "2026-11-21T17:00:00.000005+00:00",
        "organization": item.organization_id,
        "user": item.sender_id,
        "item": item.pk,
        "participant": participant.pk,
        "kind": "item:message:opened",
        "facts": {"link": 1, "proof": "opening_code", "opening": 1},
    }
    commitments = {field: bytes.fromhex(kept) for field, kept in event.commitments.items()}
    assert event.digest is not None
    assert (event.number, bytes(event.digest)) == (1, link_digest(START, 1, facts, commitments))


def test_the_chain_goes_on_from_pass_to_pass(item: Item, small_pass: int) -> None:
    for _ in range(2 * small_pass + 1):
        open_item(item)
    assert seal_events(organization_id=item.organization_id) == 7
    open_item(item)
    assert seal_events(organization_id=item.organization_id) == 1
    assert numbers(item.organization_id) == [1, 2, 3, 4, 5, 6, 7, 8]
    head, newest = ChainHead.objects.get(), Event.objects.get(number=8)
    assert newest.digest is not None
    assert (head.number, bytes(head.digest)) == (8, bytes(newest.digest))


def test_nothing_new_changes_nothing(item: Item) -> None:
    open_item(item)
    seal_events(organization_id=item.organization_id)
    before = ChainHead.objects.values().get(), counts()
    assert seal_events(organization_id=item.organization_id) == 0
    assert (ChainHead.objects.values().get(), counts()) == before


def test_each_organization_has_a_chain_of_its_own(item: Item) -> None:
    other = make_item(make_sender("pro@other.example"))
    for _ in range(2):
        open_item(item)
        open_item(other)
    assert not seal_what_waits()
    assert numbers(item.organization_id) == numbers(other.organization_id) == [1, 2]
    assert ChainHead.objects.count() == 2


def test_a_pass_says_whether_more_is_waiting(item: Item, small_pass: int) -> None:
    for _ in range(small_pass + 1):
        open_item(item)
    assert seal_what_waits()
    assert numbers(item.organization_id) == [1, 2, 3, None]
    assert not seal_what_waits()


def test_an_idle_round_takes_one_look_and_no_lock() -> None:
    with CaptureQueriesContext(
        connection,
    ) as looked:
        seal_what_waits()
    assert len(looked) == 1
    assert "FOR UPDATE" not in looked[0]["sql"]


def test_a_pass_takes_as_many_statements_for_thirty_events_as_for_three(item: Item) -> None:
    taken = []
    for events in (3, 30, 3):
        for _ in range(events):
            open_item(item)
        with CaptureQueriesContext(connection) as statements:
            seal_events(organization_id=item.organization_id)
        taken.append(len(statements))
    assert taken[1:] == [taken[2], taken[2]]
    assert taken[2] <= 10


def test_events_are_counted_by_the_quarter_hour_of_utc_in_which_they_happened(item: Item) -> None:
    for minutes in (0, 14, 15, -1):
        open_item(item, at=NOON + timedelta(minutes=minutes))
    seal_events(organization_id=item.organization_id)
    quarter = timedelta(minutes=15)
    opened = str(EventKind.OPENED)
    assert counts() == {
        (NOON, opened): (2, 0, 0),
        (NOON + quarter, opened): (1, 0, 0),
        (NOON - quarter, opened): (1, 0, 0),
    }


def test_files_and_bytes_are_counted_over_many_passes(item: Item) -> None:
    for size_bytes in (1_000, 234):
        facts = {"people": 1, "files": 2, "size_bytes": size_bytes, "expires_at": item.expires_at}
        record(kind=EventKind.SENT, item=item, facts=facts, at=NOON)
        seal_events(organization_id=item.organization_id)
    open_item(item)
    seal_events(organization_id=item.organization_id)
    assert counts() == {(NOON, "item:item:sent"): (2, 4, 1_234), (NOON, "item:message:opened"): (1, 0, 0)}
    assert set(QuarterHour.objects.values_list("organization_id", "user_id")) == {
        (item.organization_id, item.sender_id)
    }


@pytest.mark.parametrize("change", [{"number": 0}, {"digest": bytes(32)}, {"purged_number": 1}, {"tag": b""}])
def test_nothing_is_built_on_a_head_that_somebody_else_wrote(item: Item, change: dict[str, object]) -> None:
    open_item(item)
    seal_events(organization_id=item.organization_id)
    ChainHead.objects.update(**change)
    open_item(item)
    with pytest.raises(ChainNotOurs):
        seal_events(organization_id=item.organization_id)
    assert numbers(item.organization_id) == [1, None]


def test_one_chain_that_is_not_ours_does_not_stop_the_others(item: Item, caplog: pytest.LogCaptureFixture) -> None:
    other = make_item(make_sender("pro@other.example"))
    open_item(item)
    seal_events(organization_id=item.organization_id)
    ChainHead.objects.update(number=7)
    open_item(item)
    open_item(other)
    assert not seal_what_waits()
    assert (numbers(item.organization_id), numbers(other.organization_id)) == ([1, None], [1])


def test_a_fault_in_one_organization_leaves_the_others_sealed(item: Item, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_item(make_sender("pro@other.example"))
    open_item(item)
    open_item(other)

    def count(organization_id: int, events: object) -> None:
        if organization_id == item.organization_id:
            raise ValueError

    monkeypatch.setattr("messaging.items.events.sealing.count_events", count)
    assert not seal_what_waits()
    assert (numbers(item.organization_id), numbers(other.organization_id)) == ([None], [1])


def test_what_is_taken_back_is_not_sealed(item: Item) -> None:
    with transaction.atomic():
        open_item(item)
        seal_events(organization_id=item.organization_id)
        transaction.set_rollback(True)
    assert not ChainHead.objects.exists()
    assert not QuarterHour.objects.exists()
