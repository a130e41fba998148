"""What the log forgets in time, what it keeps until then, and that every chain still holds."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.db import database_now
from core.limits import FULL_ADDRESS_KEPT_DAYS
from messaging.items.events.chain import recorded
from messaging.items.events.checking import verify_chain, wrong_counts
from messaging.items.events.forgetting import erase_participant, forget_organization, forget_what_is_over
from messaging.items.events.sealing import seal_events
from messaging.items.limits import EVENT_KEPT_DAYS
from messaging.items.models import ChainHead, Event, EventPerson, Item, QuarterHour
from tests.messaging.items.event_log import (
    ADDRESS,
    BROWSER,
    IP,
    NOON,
    RECIPIENT,
    change_triggers,
    make_item,
    make_participant,
    make_sender,
    open_item,
)

pytestmark = pytest.mark.django_db

MOMENT = timedelta(seconds=1)
KEPT = timedelta(days=EVENT_KEPT_DAYS)
FULL = timedelta(days=FULL_ADDRESS_KEPT_DAYS)
ALL_NAMES = {"name", "address", "ip", "network", "browser"}


@pytest.fixture
def item() -> Item:
    return make_item(make_sender())


def seal(item: Item) -> None:
    """Seal the organization of an item."""
    seal_events(organization_id=item.organization_id)


def is_whole(item: Item) -> bool:
    """Tell whether the chain of an item's organization holds."""
    return verify_chain(organization_id=item.organization_id) == []


def numbers() -> list[int | None]:
    """Return the numbers of the events that are left."""
    return list(Event.objects.order_by("pk").values_list("number", flat=True))


def names() -> list[set[str]]:
    """Return the names of the personal values that are left of each event that has any."""
    return [set(person.fields) for person in EventPerson.objects.order_by("pk")]


def test_full_addresses_are_kept_for_ninety_days_then_shortened_to_the_network(item: Item) -> None:
    open_item(item)
    open_item(item, at=NOON + 2 * MOMENT)
    seal(item)
    forget_what_is_over(NOON + FULL)
    assert names() == [ALL_NAMES, ALL_NAMES]
    forget_what_is_over(NOON + FULL + MOMENT)
    assert names() == [ALL_NAMES - {"ip", "browser"}, ALL_NAMES]
    first = EventPerson.objects.order_by("pk")[0]
    assert (first.fields["network"][1], first.shortened_at) == ("203.0.113.0/24", NOON + FULL + MOMENT)
    assert IP not in str(first.fields)
    assert BROWSER not in str(first.fields)
    assert is_whole(item)


def test_a_shortened_address_can_still_not_be_changed_unseen(item: Item) -> None:
    open_item(item)
    seal(item)
    forget_what_is_over(NOON + FULL + MOMENT)
    person = EventPerson.objects.get()
    person.fields["network"][1] = "198.51.100.0/24"
    person.save()
    assert not is_whole(item)


def test_shortening_goes_on_until_all_are_short(item: Item, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("messaging.items.events.forgetting.EVENTS_A_PASS", 2)
    for _ in range(5):
        open_item(item)
    forget_what_is_over(NOON + FULL + MOMENT)
    assert names() == [ALL_NAMES - {"ip", "browser"}] * 5


def test_an_event_that_is_not_sealed_yet_can_be_shortened(item: Item) -> None:
    open_item(item)
    forget_what_is_over(NOON + FULL + MOMENT)
    seal(item)
    assert is_whole(item)


def test_204_of_an_erased_person_nothing_is_left_and_the_chain_holds(item: Item) -> None:
    other = make_item(item.sender)
    erased, kept = make_participant(item), make_participant(other)
    open_item(item, erased)
    open_item(item)
    open_item(other, kept)
    seal(item)
    assert erase_participant(participant=erased) == 1
    assert len(names()) == 2
    events = Event.objects.filter(participant_id=erased.pk).values()
    assert not [value for value in (RECIPIENT, ADDRESS, IP, BROWSER) if value in str(list(events))]
    assert is_whole(item)


@pytest.mark.parametrize("ended_by", ["expires_at", "revoked_at"])
def test_205_events_are_kept_for_400_days_after_the_items_end(item: Item, ended_by: str) -> None:
    ended_at = NOON + timedelta(days=2)
    Item.objects.update(**{ended_by: ended_at})
    for _ in range(3):
        open_item(item)
    seal(item)
    forget_what_is_over(ended_at + KEPT)
    assert numbers() == [1, 2, 3]
    forget_what_is_over(ended_at + KEPT + MOMENT)
    assert (numbers(), names()) == ([], [])
    assert is_whole(item)


def test_205_what_happened_after_the_end_is_kept_as_long_after_it_happened(item: Item) -> None:
    open_item(item)
    open_item(item, at=item.expires_at + timedelta(days=5))
    seal(item)
    forget_what_is_over(item.expires_at + KEPT + MOMENT)
    assert numbers() == [2]
    assert is_whole(item)


def test_the_end_of_a_purged_beginning_is_kept_and_the_chain_goes_on_from_there(item: Item) -> None:
    open_item(item)
    open_item(item)
    seal(item)
    last = Event.objects.get(number=2)
    later = item.expires_at + KEPT + MOMENT
    forget_what_is_over(later)
    head = ChainHead.objects.get()
    assert last.digest is not None
    assert (head.number, head.purged_number, bytes(head.purged_digest)) == (2, 2, bytes(last.digest))
    open_item(make_item(item.sender, sent_at=later), at=later)
    seal(item)
    assert (numbers(), is_whole(item)) == ([3], True)


def test_a_long_living_item_holds_the_events_behind_it_but_not_their_people(item: Item) -> None:
    long_living = make_item(item.sender, days=365)
    open_item(item)
    open_item(long_living)
    open_item(item)
    seal(item)
    forget_what_is_over(item.expires_at + KEPT + MOMENT)
    assert numbers() == [2, 3]
    assert list(EventPerson.objects.values_list("event_id", flat=True)) == [Event.objects.get(number=2).pk]
    assert is_whole(item)
    forget_what_is_over(long_living.expires_at + KEPT + MOMENT)
    assert (numbers(), names(), is_whole(item)) == ([], [], True)


def test_an_item_whose_row_is_gone_is_over(item: Item) -> None:
    open_item(item)
    seal(item)
    Item.objects.all().delete()
    forget_what_is_over(NOON + KEPT)
    assert numbers() == [1]
    forget_what_is_over(NOON + KEPT + MOMENT)
    assert numbers() == []


def test_purging_goes_on_from_pass_to_pass(item: Item, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("messaging.items.events.forgetting.EVENTS_A_PASS", 2)
    for _ in range(5):
        open_item(item)
    seal(item)
    forget_what_is_over(item.expires_at + KEPT + MOMENT)
    assert (numbers(), is_whole(item)) == ([], True)


def test_an_event_that_is_not_sealed_is_not_purged(item: Item) -> None:
    open_item(item)
    seal(item)
    open_item(item)
    forget_what_is_over(item.expires_at + KEPT + MOMENT)
    assert numbers() == [None]


def test_totals_outlive_the_purge(item: Item) -> None:
    open_item(item)
    seal(item)
    forget_what_is_over(item.expires_at + KEPT + MOMENT)
    assert QuarterHour.objects.get().events == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_counts_are_checked_also_behind_a_purged_beginning() -> None:
    item = make_item(make_sender())
    open_item(item)
    later = item.expires_at + KEPT + MOMENT
    open_item(item, at=later)
    seal(item)
    forget_what_is_over(later)
    assert list(wrong_counts()) == []
    QuarterHour.objects.filter(starts_at__lt=later - timedelta(days=1)).update(events=2)
    assert len(list(wrong_counts())) == 1


def test_a_purge_takes_nothing_that_somebody_made_look_old(item: Item, monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[dict[str, int]] = []
    monkeypatch.setattr("messaging.items.events.forgetting.logger.error", lambda _event, extra: logged.append(extra))
    open_item(item, at=NOON - 2 * KEPT)
    open_item(item)
    seal(item)
    change_triggers("release_events")
    Item.objects.all().delete()
    Event.objects.filter(number=2).update(at=NOON - 2 * KEPT)
    change_triggers("keep_events")
    forget_what_is_over(NOON)
    assert (numbers(), ChainHead.objects.get().purged_number) == ([2], 1)
    assert logged == [{"organization": item.organization_id, "number": 2}]
    assert not is_whole(item)


def test_a_purge_does_not_go_beyond_the_end_of_the_chain(item: Item) -> None:
    open_item(item)
    seal(item)
    forged = open_item(item)
    previous = ChainHead.objects.get().digest
    (one,) = recorded(Event.objects.filter(pk=forged.pk))
    Event.objects.filter(pk=forged.pk).update(number=2, digest=one.digest(previous=bytes(previous), number=2))
    forget_what_is_over(item.expires_at + KEPT + MOMENT)
    assert (numbers(), ChainHead.objects.get().purged_number) == ([2], 1)
    assert not is_whole(item)


def test_nothing_is_purged_from_a_chain_whose_end_is_not_ours(item: Item) -> None:
    open_item(item)
    seal(item)
    ChainHead.objects.update(number=7)
    forget_what_is_over(item.expires_at + KEPT + MOMENT)
    assert numbers() == [1]


@pytest.mark.parametrize("now", [NOON, NOON + FULL])
def test_while_nothing_is_over_a_round_takes_three_looks(item: Item, now: datetime) -> None:
    open_item(item)
    seal(item)
    with CaptureQueriesContext(connection) as looked:
        forget_what_is_over(now)
    assert len(looked) == 3


def test_an_organization_whose_items_are_gone_loses_its_whole_log_and_no_other_one(item: Item) -> None:
    other = make_item(make_sender("pro@other.example"))
    for each in (item, item, other):
        open_item(each)
    seal(item)
    seal(other)
    item.delete()
    forget_organization(organization_id=item.organization_id)
    for model in (Event, ChainHead, QuarterHour):
        assert set(model._default_manager.values_list("organization_id", flat=True)) == {other.organization_id}
    assert len(names()) == 1
    assert is_whole(item)
    assert is_whole(other)
    assert list(wrong_counts()) == []


def test_what_is_forgotten_at_once_is_what_belongs_to_no_living_item(item: Item) -> None:
    open_item(item)
    Item.objects.update(expires_at=database_now() + timedelta(days=9), longest_until=database_now() + timedelta(days=9))
    forget_organization(organization_id=item.organization_id)
    assert numbers() == [1]
    assert is_whole(item)


def test_a_broken_chain_is_not_forgotten_beyond_its_break(item: Item) -> None:
    change_triggers("release_events")
    for _time in range(3):
        open_item(item)
    seal(item)
    Event.objects.filter(number=2).update(user_id=9_999)
    item.delete()
    forget_organization(organization_id=item.organization_id)
    assert numbers() == [2, 3]
    assert ChainHead.objects.get().purged_number == 1
    change_triggers("keep_events")
