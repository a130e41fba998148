"""The database itself keeps events as they were written, whatever statement comes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from messaging.items.events.sealing import seal_events
from messaging.items.models import ChainHead, Event
from tests.messaging.items.event_log import NOON, make_item, make_participant, make_sender, open_item

pytestmark = pytest.mark.django_db

# One other value for each column, so that a column added later is missed here, and not in the triggers.
OTHER: dict[str, object] = {
    "id": 9_999_999,
    "at": NOON + timedelta(microseconds=1),
    "organization_id": 9_999_999,
    "user_id": 9_999_999,
    "item_id": 9_999_999,
    "participant_id": 9_999_999,
    "kind": "item:item:deleted",
    "facts": {"link": 2},
    "commitments": {},
    "number": 9_999_999,
    "digest": bytes(32),
}
PLACE = {"number", "digest"}


@pytest.fixture
def event() -> Event:
    item = make_item(make_sender())
    return open_item(item, make_participant(item))


def seal(event: Event) -> None:
    """Seal the organization of an event."""
    seal_events(organization_id=event.organization_id)


def is_refused(act: Callable[[], object]) -> bool:
    """Tell whether the database refuses, and leave the test's transaction usable."""
    try:
        with transaction.atomic():
            act()
    except IntegrityError:
        return True
    return False


def test_every_column_is_tried() -> None:
    assert {field.attname for field in Event._meta.concrete_fields} == OTHER.keys()


@pytest.mark.parametrize("column", OTHER)
def test_172_of_a_sealed_event_nothing_changes(event: Event, column: str) -> None:
    seal(event)
    assert is_refused(lambda: Event.objects.update(**{column: OTHER[column]}))
    if column != "id":
        assert is_refused(lambda: Event.objects.update(**{column: None}))


@pytest.mark.parametrize("column", sorted(OTHER.keys() - PLACE))
def test_172_sealing_changes_nothing_else(event: Event, column: str) -> None:
    place = {"number": 1, "digest": bytes(32)}
    assert is_refused(lambda: Event.objects.update(**{column: OTHER[column]}))
    assert is_refused(lambda: Event.objects.update(**{column: OTHER[column]}, **place))
    assert not is_refused(lambda: Event.objects.update(**place))


@pytest.mark.parametrize("column", sorted(PLACE))
def test_172_number_and_digest_come_together(event: Event, column: str) -> None:
    assert is_refused(lambda: Event.objects.update(**{column: OTHER[column]}))


def test_201_no_event_is_deleted_before_it_is_sealed_or_purged(event: Event) -> None:
    assert is_refused(Event.objects.all().delete)
    seal(event)
    assert is_refused(Event.objects.all().delete)
    assert Event.objects.count() == 1


def test_201_the_purged_end_of_one_chain_lets_no_other_one_go(event: Event) -> None:
    other = open_item(make_item(make_sender("pro@other.example")))
    seal(event)
    seal(other)
    ChainHead.objects.filter(pk=other.organization_id).update(purged_number=1)
    assert is_refused(Event.objects.filter(pk=event.pk).delete)
    assert not is_refused(Event.objects.filter(pk=other.pk).delete)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_triggers_can_be_taken_away_and_come_back() -> None:
    event = open_item(make_item(make_sender()))
    # Every app's: what builds on the items goes back with them.
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        MigrationExecutor(connection).migrate([("items", "0002_sign_ends_of_chains")])
        assert not is_refused(lambda: Event.objects.update(kind="item:item:expired"))
    finally:
        MigrationExecutor(connection).migrate(newest)
    assert is_refused(lambda: Event.objects.update(kind="item:message:opened"))
    assert Event.objects.get().pk == event.pk
