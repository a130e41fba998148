"""The fixed statement of the log finds what the ORM finds, and reads people and labels with it."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from messaging.activity.access.log import Wanted, items_wanted, log_page
from messaging.activity.access.log_rows import Row, rows_of_items
from messaging.activity.places import Place, Turn, page_of
from messaging.items.choices import Proof
from messaging.items.models import Item
from messaging.items.services.creating import Person
from tests.cast import make_organization, make_user
from tests.messaging.activity.logging_items import sent_at
from tests.messaging.items.making import open_link, send_item

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOURS = (0, 1, 1, 1, 2, 3, 3, 4)
FRACTION = timedelta(microseconds=1)

SPANS: dict[str, Wanted] = {
    "all": Wanted(),
    "from": Wanted(begins_at=NOON + timedelta(hours=1)),
    "before": Wanted(ends_at=NOON + timedelta(hours=3)),
    "both": Wanted(begins_at=NOON + timedelta(hours=1), ends_at=NOON + timedelta(hours=3, microseconds=1)),
    "none": Wanted(begins_at=NOON + timedelta(days=1)),
}


@pytest.fixture
def sender() -> User:
    """Somebody whose items came at equal instants, and beside others of the same organization."""
    organization = make_organization("One")
    user = make_user("pro@demo.example", plan="pro", organization=organization)
    other = make_user("other@demo.example", plan="pro", organization=organization)
    for hour in HOURS:
        sent_at(user, NOON + timedelta(hours=hour))
    sent_at(other, NOON)
    return user


@pytest.mark.parametrize("span", SPANS)
def test_each_page_is_the_one_the_orm_would_show(sender: User, span: str) -> None:
    """Behind and before each item, between two of one instant, and beyond both ends."""
    wanted, keys = SPANS[span], list(Item.objects.filter(sender=sender).values_list("sent_at", "pk"))
    instants = {
        NOON - FRACTION,
        NOON + timedelta(days=2),
        *(at for at, _pk in keys),
        *(at + FRACTION for at, _pk in keys),
    }
    places = [*(Place(at, 0) for at in instants), *(Place(*key) for key in keys)]
    turns = [Turn(), *(Turn(older_than=place) for place in places), *(Turn(newer_than=place) for place in places)]
    for turn in turns:
        for length in (2, 3, 100):
            fixed, ways = log_page(owner=sender, wanted=wanted, turn=turn, length=length)
            by_orm, orm_ways = page_by_orm(sender, wanted, turn, length)
            assert ([row.pk for row in fixed], ways) == ([row.pk for row in by_orm], orm_ways), (turn, length)
            assert [plain(row) for row in fixed] == [plain(row) for row in by_orm]


def test_a_page_of_a_log_is_one_query(sender: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        rows, _ways = log_page(owner=sender, wanted=Wanted(), turn=Turn(), length=50)
    assert len(rows) == len(HOURS)


def test_a_row_holds_its_people_in_their_order_whatever_they_are_called() -> None:
    people = [
        Person(f"{n}@outside.example", name, proof=Proof.NONE)
        for n, name in enumerate(['"Zoé" \\ 🐈', "[null]", "'; --", "{shown}", *(f"Person {n}" for n in range(4, 12))])
    ]
    user = make_user("pro@demo.example", plan="pro")
    sent = send_item(user, people, openings=3)
    open_link(sent.links[1])
    ((row,), _ways) = log_page(owner=user, wanted=Wanted(), turn=Turn(), length=50)
    assert [(one.name, one.email) for one in row.people] == [(one.name, one.email) for one in people]
    opened = sent.item.participants.get(position=sent.item.participants.order_by("position")[1].position)
    told = row.people[1]
    assert (told.first_opened_at, told.expires_at) == (opened.first_opened_at, opened.expires_at)
    assert (told.openings_used, told.openings_allowed, told.is_waiting) == (1, 3, False)
    assert all(one.first_opened_at is None for one in [row.people[0], *row.people[2:]])
    assert (row.sent_at, row.expires_at) == (sent.item.sent_at, sent.item.expires_at)


def test_an_item_without_people_is_a_row_all_the_same(sender: User) -> None:
    item = Item.objects.filter(sender=sender).latest("pk")
    alone = Item.objects.get(pk=item.pk)
    alone.pk, alone.whole_id, alone.form_key, alone.reference = None, item.form_key, item.whole_id, "ALONE0000000"
    alone.save(force_insert=True)
    rows, _ways = log_page(owner=sender, wanted=Wanted(), turn=Turn(), length=50)
    assert [row.people for row in rows if row.pk == alone.pk] == [[]]


def page_by_orm(owner: User, wanted: Wanted, turn: Turn, length: int) -> tuple[list[Row], Turn]:
    at = timezone.now()
    read = partial(rows_of_items, owner=owner, at=at)
    items = items_wanted(owner, wanted, at)
    return page_of(items, turn, instant="sent_at", length=length, read=read, span=wanted.span)


def plain(row: Row) -> tuple[object, ...]:
    return row.sent_at, row.reference, row.state, row.label, row.events, row.latest_at, row.people
