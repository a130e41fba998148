"""How items stand: the database says the same as the rows of their people do."""

import itertools
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from core.db import database_now
from messaging.items.choices import State
from messaging.items.models import Item, Participant
from messaging.items.services.creating import Person
from messaging.items.states import with_state
from tests.messaging.items.making import delete, make_sender, send_item

pytestmark = pytest.mark.django_db

# Columns of a person's row, each as it is at first and as it may become.
BECOMES: dict[str, Callable[[datetime], object]] = {
    "handed_over_at": lambda now: now,
    "failed_at": lambda now: now,
    "first_opened_at": lambda now: now,
    "openings_used": lambda _now: 5,
    "revoked_at": lambda now: now,
    "done_at": lambda now: now,
    "declined_at": lambda now: now,
    "is_waiting": lambda _now: True,
    "expires_at": lambda now: now - timedelta(seconds=1),
}


def word_of(item: Item) -> str:
    return str(with_state(Item.objects.filter(pk=item.pk), database_now()).get().state)  # type: ignore[attr-defined]


def another(item: Item, number: int) -> Item:
    """Return an item that differs in nothing but what is its own; not yet stored."""
    values = {field.attname: getattr(item, field.attname) for field in Item._meta.concrete_fields}
    own = {"id": None, "reference": f"{number:012}", "form_key": uuid.uuid4(), "whole_id": uuid.uuid4()}
    return Item(**values | own)


def another_person(person: Participant, item: Item, changes: dict[str, object]) -> Participant:
    """Return the person of another item; not yet stored."""
    values = {field.attname: getattr(person, field.attname) for field in Participant._meta.concrete_fields}
    return Participant(**values | {"id": None, "item_id": item.pk, "holder_id": uuid.uuid4()} | changes)


def test_one_person_in_every_condition() -> None:
    item = send_item(make_sender()).item
    person, now = item.participants.get(), database_now()
    conditions = [
        {name: become(now) for (name, become), is_changed in zip(BECOMES.items(), chosen, strict=True) if is_changed}
        for chosen in itertools.product((False, True), repeat=len(BECOMES))
    ]
    items = Item.objects.bulk_create([another(item, number) for number in range(len(conditions))])
    people = Participant.objects.bulk_create(
        [another_person(person, one, changes) for one, changes in zip(items, conditions, strict=True)]
    )
    words = {one.pk: str(one.state) for one in with_state(Item.objects.exclude(pk=item.pk), now)}  # type: ignore[attr-defined]
    states = {one.pk: one.state_at(now, [person]) for one, person in zip(items, people, strict=True)}
    assert words == states
    assert set(states.values()) == set(State)


def test_of_two_people_the_same_one_decides() -> None:
    item = send_item(make_sender(), [Person(email="a@x.example"), Person(email="b@x.example")]).item
    now = database_now()
    parts: list[dict[str, object]] = [
        {},
        {"handed_over_at": now},
        {"handed_over_at": now, "first_opened_at": now},
        {"openings_used": 5},
        {"failed_at": now},
        {"revoked_at": now},
        {"done_at": now},
        {"expires_at": now - timedelta(seconds=1)},
    ]
    one, two = item.participants.order_by("position")
    plain = {name: getattr(one, name) for name in BECOMES}
    for first, second in itertools.product(parts, repeat=2):
        Participant.objects.filter(pk=one.pk).update(**plain | first)
        Participant.objects.filter(pk=two.pk).update(**plain | second)
        people = list(item.participants.order_by("position"))
        assert word_of(item) == item.state_at(database_now(), people), (first, second)


def test_a_deleted_item_is_deleted_whatever_its_people_are() -> None:
    sent = send_item(make_sender())
    delete(sent)
    sent.item.refresh_from_db()
    assert word_of(sent.item) == State.DELETED
