"""Whoever writes to the database behind the portal's back is found: chains, ends, personal values, counts."""

from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from core import keys
from core.crypto.chain import START
from messaging.items.events.chain import recorded
from messaging.items.events.checking import Break, Flaw, broken_chains, verify_chain, wrong_counts
from messaging.items.events.sealing import seal_events
from messaging.items.models import ChainHead, Event, EventPerson, Item, QuarterHour
from tests.messaging.items.event_log import (
    RECIPIENT,
    change_triggers,
    make_item,
    make_participant,
    make_sender,
    open_item,
)

pytestmark = pytest.mark.django_db

EVENTS = 6


@pytest.fixture
def chain() -> Iterator[int]:
    """A sealed chain in a database whose triggers somebody has taken away; its organization."""
    item = make_item(make_sender())
    participant = make_participant(item)
    for _ in range(EVENTS):
        open_item(item, participant)
    seal_events(organization_id=item.organization_id)
    assert verify_chain(organization_id=item.organization_id) == []
    change_triggers("release_events")
    yield item.organization_id
    change_triggers("keep_events")


def event(number: int) -> Event:
    """Return the event with a number."""
    return Event.objects.get(number=number)


def seal_anew(organization_id: int) -> None:
    """Write all numbers, digests and the head anew, as somebody can who has the code and the database, but no key."""
    digest = START
    events = list(recorded(Event.objects.filter(organization_id=organization_id).order_by("number", "pk")))
    for number, one in enumerate(events, 1):
        digest = one.digest(previous=digest, number=number)
        Event.objects.filter(pk=one.id).update(number=number, digest=digest)
    ChainHead.objects.update(number=len(events), digest=digest)


def broken(organization_id: int) -> list[tuple[int, Flaw]]:
    """Return number and flaw of each break."""
    return [(found.number, found.flaw) for found in verify_chain(organization_id=organization_id)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2026-11-21T17:00:00.000001Z"),
        ("organization_id", None),
        ("user_id", 9_999),
        ("item_id", 9_999),
        ("participant_id", None),
        ("kind", "item:item:deleted"),
        ("facts", {"link": 2, "proof": "opening_code", "opening": 1}),
        ("facts", {"link": 1.5}),
        ("facts", "nothing"),
        ("commitments", {}),
        ("commitments", {"name": "zz"}),
        ("commitments", ["name"]),
        ("digest", bytes(32)),
    ],
)
def test_161_a_changed_fact_is_found(chain: int, column: str, value: object) -> None:
    if column == "organization_id":
        Event.objects.filter(number=3).update(organization_id=chain + 1)
        assert broken(chain) == [(3, Flaw.MISSING)]
        assert Break(3, Flaw.MISSING) not in verify_chain(organization_id=chain + 1)
        assert verify_chain(organization_id=chain + 1) != []
        return
    Event.objects.filter(number=3).update(**{column: value})
    assert (3, Flaw.CHANGED) in broken(chain)


@pytest.mark.parametrize("number", range(1, EVENTS + 1))
def test_161_a_deleted_event_is_found(chain: int, number: int) -> None:
    event(number).delete()
    assert broken(chain) == [(number, Flaw.MISSING)]


@pytest.mark.parametrize("number", [0, 1, 4, EVENTS])
def test_161_an_inserted_event_is_found(chain: int, number: int) -> None:
    forged = event(4)
    forged.pk, forged.number = None, number
    forged.save()
    assert broken(chain) != []


def test_161_an_event_put_behind_the_end_is_found(chain: int) -> None:
    forged, last = event(4), event(EVENTS)
    (one,) = recorded(Event.objects.filter(pk=last.pk))
    assert last.digest is not None
    forged.pk, forged.number = None, EVENTS + 1
    forged.digest = one.digest(previous=bytes(last.digest), number=EVENTS + 1)
    forged.save()
    assert (EVENTS, Flaw.END_MOVED) in broken(chain)


def test_161_swapped_events_are_found(chain: int) -> None:
    first, second = event(2), event(3)
    Event.objects.filter(pk=first.pk).update(number=3, digest=second.digest)
    Event.objects.filter(pk=second.pk).update(number=2, digest=first.digest)
    assert broken(chain) == [(2, Flaw.CHANGED), (3, Flaw.CHANGED)]


@pytest.mark.parametrize(
    "change",
    [
        lambda: Event.objects.filter(number=2).update(kind="item:item:deleted"),
        lambda: Event.objects.filter(number=2).delete(),
        lambda: Event.objects.filter(number=EVENTS).delete(),
    ],
)
def test_161_whoever_writes_the_whole_chain_anew_lacks_the_key_for_its_end(
    chain: int, change: Callable[[], object]
) -> None:
    change()
    seal_anew(chain)
    assert [flaw for _number, flaw in broken(chain)] == [Flaw.END_MOVED]


def test_161_a_beginning_said_to_be_purged_is_found(chain: int) -> None:
    second = event(2)
    ChainHead.objects.update(purged_number=2, purged_digest=second.digest)
    Event.objects.filter(number__lte=2).delete()
    assert broken(chain) == [(EVENTS, Flaw.END_MOVED)]


def test_161_a_chain_without_its_head_is_found(chain: int) -> None:
    ChainHead.objects.all().delete()
    assert broken(chain) == [(0, Flaw.END_MOVED)]


def test_161_the_head_of_another_root_key_is_not_ours(chain: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "derived", lambda _purpose: bytes(32))
    assert broken(chain) == [(EVENTS, Flaw.END_MOVED)]


@pytest.mark.parametrize("name", ["name", "address", "ip", "network", "browser"])
def test_161_a_changed_personal_value_is_found(chain: int, name: str) -> None:
    person = EventPerson.objects.get(pk=event(5).pk)
    person.fields[name][1] += "x"
    person.save()
    assert broken(chain) == [(5, Flaw.PERSON_CHANGED)]


@pytest.mark.parametrize("fields", [{"nickname": ["00", "Dom"]}, {"name": "Dom"}, {"name": ["zz", "Dom"]}, ["name"]])
def test_161_a_personal_value_that_was_put_in_is_found(chain: int, fields: object) -> None:
    EventPerson.objects.filter(pk=event(5).pk).update(fields=fields)
    assert broken(chain) == [(5, Flaw.PERSON_CHANGED)]


def test_161_personal_values_of_another_event_are_found(chain: int) -> None:
    fourth, fifth = (EventPerson.objects.get(pk=event(number).pk).fields for number in (4, 5))
    assert fourth["name"][1] == fifth["name"][1] == RECIPIENT
    EventPerson.objects.filter(pk=event(4).pk).update(fields=fifth)
    assert broken(chain) == [(4, Flaw.PERSON_CHANGED)]


def test_long_chains_are_read_in_parts(chain: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("messaging.items.events.checking.EVENTS_A_PASS", 2)
    assert broken(chain) == []
    Event.objects.filter(number=5).update(user_id=9_999)
    assert broken(chain) == [(5, Flaw.CHANGED)]


def test_what_is_not_sealed_yet_is_no_break(chain: int) -> None:
    open_item(Item.objects.get())
    assert broken(chain) == []


CHECKS_OF_EVENTS = ["messaging.items.events.checking.broken_chains", "messaging.items.events.checking.wrong_counts"]


def said() -> tuple[str, int]:
    """Return what the command prints and its exit code."""
    out = StringIO()
    try:
        call_command("check_invariants", stdout=out)
    except SystemExit as end:
        return out.getvalue(), int(end.code or 0)
    return out.getvalue(), 0


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_command_says_that_every_promise_is_kept(chain: int, settings: Settings) -> None:
    settings.INVARIANT_CHECKS = CHECKS_OF_EVENTS
    open_item(make_item(make_sender("pro@other.example")))
    seal_events(organization_id=Event.objects.get(number=None).organization_id)
    assert said() == ("Every promise is kept.\n", 0)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_command_prints_one_line_a_broken_promise_and_ends_with_one(chain: int, settings: Settings) -> None:
    settings.INVARIANT_CHECKS = CHECKS_OF_EVENTS
    Event.objects.filter(number=3).update(user_id=9_999)
    event(EVENTS).delete()
    printed, code = said()
    assert code == 1
    assert [line.partition(f"organization {chain}")[2] for line in printed.splitlines()] == [
        ", event 3: the event was changed or moved",
        f", event {EVENTS}: the event is missing",
        *(line.partition(f"organization {chain}")[2] for line in wrong_counts()),
    ]
    assert RECIPIENT not in printed


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(
    "change",
    [
        {"events": EVENTS + 1},
        {"events": EVENTS - 1},
        {"files": 1},
        {"size_bytes": 1},
        {"user_id": 9_999},
        {"kind": "item:item:sent"},
        {"starts_at": "2026-11-21T17:15:00Z"},
    ],
)
def test_a_wrong_count_is_found(chain: int, change: dict[str, object]) -> None:
    assert list(wrong_counts()) == []
    QuarterHour.objects.update(**change)
    lines = list(wrong_counts())
    assert lines != []
    assert all(line.startswith(f"organization {chain}: ") for line in lines)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_events_and_counts_without_a_head_are_found(chain: int) -> None:
    ChainHead.objects.all().delete()
    assert list(broken_chains()) == [f"organization {chain}, event 0: {Flaw.END_MOVED}"]
    assert len(list(wrong_counts())) == 1
