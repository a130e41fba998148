"""The page of a message that was sent: how it stands with each recipient, and what its sender reads there."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.visitors import Visitor
from core.db import database_now
from messaging.items.choices import LinkEnd, Proof
from messaging.items.events.kinds import EventKind
from messaging.items.models import Event, Item, Link, LinkCheck, Participant
from messaging.items.services.controlling import renew_link
from messaging.items.services.opening import prove
from messaging.items.services.shredding import shred_item
from messaging.messages.limits import TIMELINE_MOST_EVENTS
from messaging.messages.models import Message
from tests.cast import make_user, sign_in
from tests.messaging.items.making import by, give, open_link, send_item
from tests.messaging.messages.composing import BODY, NOAH, SUBJECT, ZOE, send
from tests.messaging.outside.making import REPLY_PROVEN, send_message, texted
from tests.outbox import delivered

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"

PAGES = ("", "sent/", "expiry/", "delete/", "people/1/delete/", "people/1/link/")
ACTS = ("copy/", "again/", "expiry/", "delete/", "people/1/delete/", "people/1/link/")


@pytest.fixture
def pro() -> User:
    return make_user("pro@demo.example", plan="pro")


@pytest.fixture
def item(client: Client, pro: User) -> Item:
    return send(client, pro, to=(ZOE, NOAH))


def page_of(client: Client, item: Item) -> str:
    answer = client.get(f"/messages/{item.reference}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_each_recipient_has_a_block_with_state_and_timeline(client: Client, item: Item) -> None:
    delivered("email")
    page = page_of(client, item)
    assert page.index(ZOE) < page.index(NOAH)
    assert page.count("Handed to the mail server") == 2
    assert page.count("Not opened") == 3
    assert f"<h1>{SUBJECT}</h1>" in page


def test_the_timeline_says_where_from_and_with_what(client: Client, pro: User) -> None:
    sign_in(client, pro)
    sent = send_item(pro)
    prove(visit=give(sent.links[0]), answer="", visitor=Visitor("198.51.100.7", "198.51.100.0/24", FIREFOX, ""))
    Message.objects.create(item=sent.item, reply_kind="text")
    page = page_of(client, sent.item)
    assert "198.51.100.7" in page
    assert "Firefox" in page
    assert "opening number 1" in page


def test_the_proof_asked_before_replying_is_said_with_each_recipient(client: Client, pro: User) -> None:
    sign_in(client, pro)
    sent = send_message(pro, [texted(Proof.NONE)], reply_proofs=REPLY_PROVEN)
    page = words(page_of(client, sent.item))
    assert "Proof before replying Code by text message To the number ending in 87" in page
    for address in (f"/account/activity/{sent.item.reference}/",):
        assert "Proof before replying Code by text message" in words(client.get(address).content.decode())
    assert "Proof before replying" not in page_of(client, send_message(pro, [texted(Proof.NONE)]).item)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_openings_by_a_link_before_are_counted(client: Client, pro: User) -> None:
    sign_in(client, pro)
    sent = send_message(pro)
    open_link(sent.links[0])
    assert "Openings 1 of 5" in words(page_of(client, sent.item))
    renew_link(participant=sent.participant, **by(sent))
    page = words(page_of(client, sent.item))
    assert "Openings 1 of 6 With the newest link: 0 of 5" in page


def test_a_delivery_that_is_not_certain_is_shown_after_thirty_minutes(client: Client, item: Item) -> None:
    Link.objects.update(made_at=database_now() - timedelta(minutes=29))
    assert "It is not certain" not in page_of(client, item)
    Link.objects.filter(participant__email=ZOE).update(made_at=database_now() - timedelta(minutes=31))
    page = page_of(client, item)
    assert f"It is not certain that the e-mail to {ZOE} goes out." in page
    assert page.count("It is not certain") == 1
    delivered("email")
    assert "It is not certain" not in page_of(client, item)


def test_visits_that_opened_nothing_stand_with_the_recipient_whose_link_it_was(client: Client, item: Item) -> None:
    noah = Link.objects.get(participant__email=NOAH)
    LinkCheck.objects.create(link=noah, hour_at=database_now(), checks=2, is_automatic=True)
    page = page_of(client, item)
    assert page.count("Automatic check by a mail filter") == 1
    assert page.index(NOAH) < page.index("Automatic check by a mail filter")


def test_much_that_one_person_did_hides_nothing_of_another_and_nothing_of_the_message(
    client: Client, item: Item
) -> None:
    zoe, noah = item.participants.order_by("position")
    happen(item, zoe, EventKind.OPENED)
    happen(item, noah, *[EventKind.FILE_DOWNLOADED] * TIMELINE_MOST_EVENTS)
    page = page_of(client, item)
    assert "Nothing has happened yet." not in page
    parts = page.split("<section ")
    for title, said in ((ZOE, "Opened"), (NOAH, "File downloaded"), ("The message itself", "Sent")):
        assert said in words(next(part for part in parts if f"{title}</h2>" in part))


def test_a_list_that_is_cut_leads_to_the_log(client: Client, item: Item) -> None:
    noah = item.participants.get(email=NOAH)
    hour_at = database_now() - timedelta(hours=2)
    LinkCheck.objects.create(link=Link.objects.get(participant=noah), hour_at=hour_at, checks=2, is_automatic=True)
    link = f'<a href="/account/activity/{item.reference}/">'
    page = page_of(client, item)
    assert link not in page
    assert "Automatic check by a mail filter" in page
    happen(item, noah, *[EventKind.FILE_DOWNLOADED] * TIMELINE_MOST_EVENTS)
    page = page_of(client, item)
    assert page.count(link) == 1
    assert page.index(NOAH) < page.index(link) < page.index("The message itself")
    assert "Not everything is shown here." in words(page)
    assert "Automatic check by a mail filter" not in page
    assert page.count('<span class="mark">') == TIMELINE_MOST_EVENTS + 1


def happen(item: Item, person: Participant, *kinds: EventKind) -> None:
    """Let things happen to a person's part, one after the other."""
    of_item = {"organization_id": item.organization_id, "user_id": item.sender_id, "item_id": item.pk}
    rows = [
        Event(at=database_now(), participant_id=person.pk, kind=kind, facts={}, commitments={}, **of_item)
        for kind in kinds
    ]
    Event.objects.bulk_create(rows)


def test_a_reference_is_found_in_any_writing(client: Client, item: Item) -> None:
    shown = "-".join(item.reference[start : start + 4] for start in (0, 4, 8))
    assert client.get(f"/messages/{shown.lower()}/").status_code == 200


@pytest.mark.parametrize("role", ["colleague", "administrator", "elsewhere"])
def test_others_get_404(client: Client, pro: User, item: Item, role: str) -> None:
    others = {
        "colleague": {"organization": pro.organization},
        "administrator": {"organization": pro.organization, "is_administrator": True},
        "elsewhere": {},
    }
    other = Client()
    sign_in(other, make_user("other@demo.example", plan="pro", **others[role]))  # type: ignore[arg-type]
    address = f"/messages/{item.reference}/"
    assert {other.get(address + page).status_code for page in PAGES} == {404}
    assert {other.post(address + act).status_code for act in ACTS} == {404}
    item.refresh_from_db()
    assert item.revoked_at is None


@pytest.mark.parametrize("page", ["people/3/delete/", "people/0/link/"])
def test_a_recipient_that_is_none_gets_404(client: Client, item: Item, page: str) -> None:
    assert client.get(f"/messages/{item.reference}/{page}").status_code == 404


def test_looking_changes_nothing(client: Client, item: Item) -> None:
    delivered("email")
    before = Event.objects.count()
    for page in PAGES:
        assert client.get(f"/messages/{item.reference}/{page}").status_code == 200
    assert Event.objects.count() == before
    assert Participant.objects.filter(revoked_at=None, openings_used=0).count() == 2


def test_the_copy_is_read_by_a_post_that_is_written_down(client: Client, item: Item) -> None:
    assert client.get(f"/messages/{item.reference}/copy/").status_code == 405
    page = client.post(f"/messages/{item.reference}/copy/").content.decode()
    assert SUBJECT in page
    assert "<p>The second paragraph.</p>" in page
    assert Event.objects.filter(kind=EventKind.COPY_READ).count() == 1


def test_a_hostile_text_is_shown_as_text(client: Client, pro: User) -> None:
    item = send(client, pro, body="<script>alert(1)</script>\n<b>bold</b>", subject="<i>sly</i>")
    for page in (client.post(f"/messages/{item.reference}/copy/").content.decode(), page_of(client, item)):
        assert "<script>alert" not in page
        assert "<i>sly" not in page


def test_without_a_copy_there_is_nothing_to_read(client: Client, pro: User) -> None:
    item = send(client, pro, is_copy_kept=None)
    page = page_of(client, item)
    assert "<h1>Secure message</h1>" in page
    assert "Read my copy" not in page
    assert "No copy was kept for you" in page
    answer = client.post(f"/messages/{item.reference}/copy/", follow=True)
    assert "No copy was kept for you" in answer.content.decode()
    assert BODY.partition("\n")[0] not in answer.content.decode()


def test_french_says_of_the_copy_that_it_was_not_kept(client: Client, pro: User) -> None:
    item = send(client, pro, is_copy_kept=None)
    User.objects.filter(pk=pro.pk).update(language="fr")
    page = words(page_of(client, item))
    assert "Copie pour moi non conservée" in page
    assert "Objet non conservé " in page


def test_files_of_the_copy_are_fetched(client: Client, pro: User) -> None:
    upload = SimpleUploadedFile("terms.pdf", b"%PDF canary", "application/pdf")
    item = send(client, pro, attachments=[upload])
    page = client.post(f"/messages/{item.reference}/copy/").content.decode()
    address = page.partition(f'href="/messages/{item.reference}/files/')[2].partition('"')[0]
    answer = client.get(f"/messages/{item.reference}/files/{address}")
    assert b"".join(answer.streaming_content) == b"%PDF canary"  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    other = Client()
    sign_in(other, make_user("other@demo.example", plan="pro"))
    assert other.get(f"/messages/{item.reference}/files/{address}").status_code == 404


def test_of_what_has_ended_the_page_says_so_and_offers_to_write_again(client: Client, item: Item) -> None:
    now = database_now()
    Item.objects.filter(pk=item.pk).update(revoked_at=now)
    item.participants.update(revoked_at=now)
    shred_item(item, at=now, why=LinkEnd.REVOKED)
    page = page_of(client, item)
    assert "Deleted" in page
    assert "Delete for everybody" not in page
    assert "End access" not in page
    assert "Write again" in page


def test_the_number_of_queries_is_the_same_for_many_recipients(
    client: Client, pro: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    few = send(client, pro)
    many = send(client, pro, to=tuple(f"person{number}@client.example" for number in range(40)))
    client.get(f"/messages/{few.reference}/")
    with django_assert_max_num_queries(12):
        client.get(f"/messages/{few.reference}/")
    with django_assert_max_num_queries(12):
        client.get(f"/messages/{many.reference}/")
