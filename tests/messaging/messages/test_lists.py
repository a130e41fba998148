"""What one sent, one's drafts, and what came back: rows, pages, and what stands there as long as nothing does."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from core.db import database_now
from messaging.items.choices import State
from messaging.items.manifests import Manifest
from messaging.items.models import Draft, Item
from messaging.items.services.creating import Person
from messaging.messages.limits import ROWS_A_PAGE
from messaging.messages.paging import Place, place_of
from messaging.messages.services.drafting import keep_draft
from messaging.messages.standing import STATE_TONES
from messaging.messages.typed import Row, row_fields
from tests.cast import count_a_message, make_user, sign_in
from tests.messaging.items.making import send_item
from tests.messaging.messages.composing import SUBJECT, send

pytestmark = pytest.mark.django_db

LISTS = [
    ("messages:message_list", "", "Sent and drafts", "Nothing sent yet"),
    ("messages:message_list", "?box=drafts", "Sent and drafts", "No drafts"),
    ("messages:returns", "", "Received", "Nothing received yet"),
]


@pytest.mark.parametrize("plan", [None, "eco", "pro"])
@pytest.mark.parametrize(("name", "query", "heading", "empty"), LISTS)
def test_an_empty_list_says_what_will_stand_in_it(
    client: Client,
    django_assert_max_num_queries: object,
    name: str,
    query: str,
    heading: str,
    empty: str,
    plan: str | None,
) -> None:
    sign_in(client, make_user("any@demo.example", plan=plan))
    address = reverse(name) + query
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        page = client.get(address).content.decode()
    assert f"<h1>{heading}</h1>" in page
    assert empty in page
    assert 'role="columnheader"' in page


def test_what_was_counted_before_there_was_a_list_is_explained(client: Client) -> None:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    count_a_message(user)
    sent, drafts = (client.get(f"/messages/{box}").content.decode() for box in ("", "?box=drafts"))
    assert "This list begins with the version of the portal that sends messages" in sent
    assert "Nothing sent yet" not in sent
    assert "No drafts" in drafts
    assert "This list begins" not in drafts


def test_an_unknown_box_shows_what_was_sent(client: Client) -> None:
    sign_in(client, make_user("pro@demo.example", plan="pro"))
    page = client.get("/messages/?box=trash").content.decode()
    assert "Nothing sent yet" in page
    current = re.findall(r'<a href="([^"]+)" aria-current="true">', page)
    assert current == ["/messages/"]


def test_every_state_has_its_tint() -> None:
    assert set(STATE_TONES) == set(State)


@pytest.mark.parametrize("address", ["/messages/", "/returns/"])
def test_a_list_only_shows(client: Client, address: str) -> None:
    assert client.get(address).headers["Location"] == f"/sign-in/?next={address}"
    sign_in(client, make_user("pro@demo.example", plan="pro"))
    assert client.post(address).status_code == 405


def subjects(page: str) -> list[str]:
    """Return the subjects of a list in their order."""
    return re.findall(r'<a href="/messages/[^"]+">\s*([^<]+?)\s*</a>\s*</th>', page)


def send_several(sender: User, count: int) -> None:
    """Send messages, two of them in the same instant, the last one newest."""
    for number in range(count):
        item = send_item(sender, manifest=Manifest(f"Subject {number}", "")).item
        at = datetime(2026, 11, 1, 12, tzinfo=UTC) + timedelta(minutes=number // 2)
        Item.objects.filter(pk=item.pk).update(sent_at=at)


@pytest.fixture
def pro(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    return user


def test_a_row_says_what_was_sent_to_whom_and_how_it_stands(client: Client, pro: User) -> None:
    people = [Person(email=f"person{number}@client.example") for number in range(3)]
    item = send_item(pro, people, manifest=Manifest("Terms of a lease", "")).item
    item.participants.filter(position=1).update(handed_over_at=database_now(), first_opened_at=database_now())
    item.participants.exclude(position=1).update(handed_over_at=database_now())
    page = client.get("/messages/").content.decode()
    assert subjects(page) == ["Terms of a lease"]
    assert f'href="/messages/{item.reference}/"' in page
    assert "person0@client.example" in page
    assert "and 2 others" in page
    assert re.search(r"is-good[^>]*>Open<", page)


def test_another_like_a_sent_one_is_begun_from_its_row(client: Client, pro: User) -> None:
    item = send(client, pro)
    page = client.get("/messages/").content.decode()
    (address,) = re.findall(r'form="again"\s+formaction="([^"]+)"', page)
    begun = client.post(address).headers["Location"]
    assert begun.startswith("/messages/drafts/")
    shown = client.get(begun).content.decode()
    assert SUBJECT in shown
    assert Item.objects.get() == item


def test_without_a_copy_the_subject_is_not_kept(client: Client, pro: User) -> None:
    send_item(pro, is_copy_kept=False)
    page = client.get("/messages/").content.decode()
    assert subjects(page) == ["Subject not kept"]
    assert "Canary" not in page


def test_what_others_sent_is_not_listed(client: Client, pro: User) -> None:
    send_item(make_user("other@demo.example", plan="pro", organization=pro.organization))
    assert "Nothing sent yet" in client.get("/messages/").content.decode()


def test_pages_show_every_row_once_newest_first(client: Client, pro: User) -> None:
    send_several(pro, 2 * ROWS_A_PAGE + 1)
    found: list[str] = []
    address: str | None = "/messages/"
    lengths = []
    while address:
        page = client.get(address).content.decode()
        lengths.append(len(subjects(page)))
        found += subjects(page)
        following = re.search(r'href="([^"]+)">Older ones', page)
        address = following[1].replace("&amp;", "&") if following else None
    assert lengths == [ROWS_A_PAGE, ROWS_A_PAGE, 1]
    assert found == [f"Subject {number}" for number in reversed(range(2 * ROWS_A_PAGE + 1))]


@pytest.mark.parametrize(
    "place", ["x", "1", "1-", "-1-2", "9" * 30 + "-1", "99999999999999999-1", "1-2-3", "\u0661-\u0662"]
)
def test_a_forged_place_shows_the_newest_page(client: Client, pro: User, place: str) -> None:
    send_item(pro)
    assert len(subjects(client.get("/messages/", {"behind": place}).content.decode())) == 1


def test_a_place_is_written_and_read_exactly() -> None:
    place = Place(datetime(2026, 11, 28, 12, 30, 1, 123_457, tzinfo=UTC), 42)
    assert place_of(str(place)) == place


@pytest.mark.parametrize("box", ["sent", "drafts"])
def test_a_list_costs_the_same_with_many_rows(client: Client, pro: User, box: str) -> None:
    def make(count: int) -> None:
        for number in range(count):
            people = [Person(email=f"person{each}@client.example") for each in range(3)]
            send_item(pro, people, manifest=Manifest(f"Subject {number}", ""))
            keep_draft(owner=pro, form_key=uuid.uuid4(), version=0, fields={"subject": ["A draft"]})

    address = f"/messages/?box={box}"
    make(2)
    client.get(address)
    few = _queries(client, address)
    make(20)
    assert _queries(client, address) == few


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_drafts_are_listed_with_ways_to_go_on_and_to_delete(client: Client, pro: User) -> None:
    rows = row_fields([Row("zoe@outside.example"), Row("noah@outside.example"), Row()])
    draft = keep_draft(
        owner=pro, form_key=uuid.uuid4(), version=0, fields={"subject": ["Begun"], "kind": ["file"], **rows}
    )
    keep_draft(owner=pro, form_key=uuid.uuid4(), version=0, fields={"kind": ["message"]})
    page = client.get("/messages/?box=drafts").content.decode()
    assert subjects(page) == ["No subject yet", "Begun"]
    assert "and 1 other" in page
    address = f"/messages/drafts/{draft.row.form_key}/"
    assert page.count(f'href="{address}"') == 2
    assert f'href="{address}delete/"' in page


def test_a_draft_whose_key_is_gone_hides_itself_and_not_the_others(client: Client, pro: User) -> None:
    lost = keep_draft(owner=pro, form_key=uuid.uuid4(), version=0, fields={"subject": ["Lost"]})
    keep_draft(owner=pro, form_key=uuid.uuid4(), version=0, fields={"subject": ["Here"]})
    Draft.objects.filter(pk=lost.row.pk).update(key_sealed_on=datetime(2020, 1, 1, tzinfo=UTC).date())
    assert subjects(client.get("/messages/?box=drafts").content.decode()) == ["Here"]
    assert client.get(f"/messages/drafts/{lost.row.form_key}/").status_code == 404
