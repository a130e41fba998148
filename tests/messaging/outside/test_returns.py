"""Received: what came back to a person, in order, for that person alone."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.crypto.links import new_secret
from core.db import database_now
from messaging.items.access import unread_count
from messaging.items.choices import ReturnKind
from messaging.items.events.kinds import EventKind
from messaging.items.manifests import Manifest
from messaging.items.models import Blob, Event, Return
from messaging.items.services.returning import take_in
from messaging.messages.received import ROWS_A_PAGE, page_of_received
from tests.accounts.steps import let_proof_grow_old
from tests.cast import make_organization, make_staff, make_user, sign_in
from tests.messaging.items.making import ADDRESS, SUBJECT, Sent, visitor
from tests.messaging.outside.making import FIGURES, TERMS, File, sealed, send_message

pytestmark = pytest.mark.django_db

TEXT = "Canary reply: I agree."


def make_owner(email: str = "robin@demo.example", **values: object) -> User:
    return make_user(email, plan="pro", **values)  # type: ignore[arg-type]


def came_back(sent: Sent, *, files: Sequence[File] = (), is_owner_proof_asked: bool = False) -> Return:
    data_key, whole_id = new_secret(), uuid.uuid4()
    return take_in(
        participant=sent.participant,
        kind=ReturnKind.REPLY,
        manifest=Manifest(SUBJECT, TEXT, [sealed(file, data_key, whole_id) for file in files]),
        data_key=data_key,
        whole_id=whole_id,
        form_key=uuid.uuid4(),
        is_owner_proof_asked=is_owner_proof_asked,
        visitor=visitor(),
        at=database_now(),
    )


def url(name: str, returned: Return, *more: object) -> str:
    return reverse(f"messages:{name}", args=[returned.whole_id, *more])


@pytest.mark.parametrize("is_read", [True, False])
def test_after_its_end_nothing_of_it_is_shown_though_no_worker_came_by(client: Client, is_read: bool) -> None:
    owner = make_owner()
    returned = came_back(send_message(owner), files=[TERMS])
    sign_in(client, owner)
    Return.objects.update(expires_at=F("arrived_at"), read_at=F("arrived_at") if is_read else None)
    file = url("return_file", returned, Blob.objects.get(whole_id=returned.whole_id).file_id)
    for address in (url("return_detail", returned), url("return_files", returned), file):
        assert client.get(address).status_code == 404
    assert client.post(url("return_read", returned)).status_code == 404
    assert str(returned.whole_id) not in client.get("/returns/").content.decode()
    assert unread_count(owner) == 0


def test_a_reply_waits_in_the_list_and_in_the_menu_until_it_is_read(client: Client) -> None:
    owner = make_owner()
    returned = came_back(send_message(owner), files=[TERMS])
    sign_in(client, owner)
    page = client.get("/returns/").content.decode()
    assert ADDRESS in page
    assert SUBJECT in page
    assert '<span class="count">1<span class="visually-hidden"> unread</span></span>' in page
    assert client.get(url("return_detail", returned)).content.decode().count(TEXT) == 0
    assert not Event.objects.filter(kind=EventKind.RETURN_READ).exists()
    answer = client.post(url("return_read", returned))
    page = client.get(answer.url).content.decode()  # type: ignore[attr-defined]
    assert TEXT in page
    assert TERMS.name in page
    assert 'class="count"' not in page
    assert Event.objects.filter(kind=EventKind.RETURN_READ).count() == 1


def test_statement_124_nobody_else_finds_it(client: Client) -> None:
    organization = make_organization()
    owner = make_owner(organization=organization)
    returned = came_back(send_message(owner), files=[TERMS])
    Return.objects.update(read_at=database_now())
    others = [
        make_owner("colleague@demo.example", organization=organization),
        make_owner("admin@demo.example", organization=organization, is_administrator=True),
        make_owner("stranger@other.example"),
        make_staff(),
    ]
    file = Blob.objects.get().file_id
    for other in others:
        sign_in(client := Client(), other)
        assert SUBJECT not in client.get("/returns/").content.decode()
        for name, more in (("return_detail", ()), ("return_files", ()), ("return_file", (file,))):
            assert client.get(url(name, returned, *more)).status_code == 404, name
        for name in ("return_read", "return_done", "return_undone"):
            assert client.post(url(name, returned)).status_code == 404, name
    returned.refresh_from_db()
    assert returned.done_at is None


def test_files_come_one_by_one_and_all_at_once_and_are_noted_once(client: Client) -> None:
    owner = make_owner()
    returned = came_back(send_message(owner), files=[TERMS, FIGURES])
    first = Blob.objects.order_by("pk")[0].file_id
    sign_in(client, owner)
    assert client.get(url("return_file", returned, first)).url == url("return_detail", returned)  # type: ignore[attr-defined]
    client.post(url("return_read", returned))
    for _ in range(2):
        assert client.get(url("return_file", returned, first)).getvalue() == TERMS.content
    part = client.get(url("return_file", returned, first), headers={"range": "bytes=1-3"})
    assert (part.status_code, part.getvalue()) == (206, TERMS.content[1:4])
    assert client.get(url("return_files", returned)).getvalue().startswith(b"PK")
    assert client.get(url("return_file", returned, uuid.uuid4())).status_code == 404
    assert Event.objects.filter(kind=EventKind.FILE_DOWNLOADED).count() == 2


def test_statement_137_a_hostile_name_is_text_on_the_page_and_safe_in_the_header(client: Client) -> None:
    owner = make_owner()
    returned = came_back(send_message(owner), files=[File('<img src=x onerror="alert(1)">.pdf', b"x")])
    sign_in(client, owner)
    client.post(url("return_read", returned))
    page = client.get(url("return_detail", returned)).content.decode()
    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;.pdf" in page
    header = client.get(url("return_file", returned, Blob.objects.get().file_id)).headers["Content-Disposition"]
    assert header.startswith('attachment; filename="_img src_x onerror__alert(1)__.pdf"; filename*=UTF-8')


def test_what_was_asked_for_before_opening_is_asked_with_every_request(client: Client) -> None:
    owner = make_owner()
    returned = came_back(send_message(owner), files=[TERMS], is_owner_proof_asked=True)
    sign_in(client, owner)
    let_proof_grow_old(client)
    asked = reverse("accounts:confirm")
    assert client.post(url("return_read", returned)).url.startswith(asked)  # type: ignore[attr-defined]
    Return.objects.update(read_at=database_now())
    for name, more in (("return_detail", ()), ("return_files", ()), ("return_file", (Blob.objects.get().file_id,))):
        answer = client.get(url(name, returned, *more))
        assert answer.status_code == 302, name
        assert answer["Location"].startswith(asked), name
    sign_in(client, owner)
    assert TEXT in client.get(url("return_detail", returned)).content.decode()


def test_it_is_put_away_and_taken_back(client: Client) -> None:
    owner = make_owner()
    returned = came_back(send_message(owner))
    sign_in(client, owner)
    client.post(url("return_read", returned))
    client.post(url("return_done", returned))
    assert SUBJECT not in client.get("/returns/").content.decode()
    assert SUBJECT in client.get("/returns/?box=done").content.decode()
    assert "Not done yet" in client.get(url("return_detail", returned)).content.decode()
    client.post(url("return_undone", returned))
    assert SUBJECT in client.get("/returns/").content.decode()


def test_unread_ones_stand_first_then_the_newest_on_every_page() -> None:
    owner = make_owner()
    sent = send_message(owner)
    made = [came_back(sent) for _ in range(ROWS_A_PAGE + 5)]
    now = database_now()
    for age, returned in enumerate(made):
        read_at = None if age % 3 == 0 else now
        Return.objects.filter(pk=returned.pk).update(arrived_at=now - timedelta(minutes=age), read_at=read_at)
    expected = sorted(
        Return.objects.all(), key=lambda found: (found.read_at is not None, -found.arrived_at.timestamp())
    )
    shown, after = list[int](), ""
    for _ in range(3):
        page = page_of_received(owner, is_done=False, after=after)
        shown += [row.returned.pk for row in page.rows]
        after = page.next
        if not after:
            break
    assert shown == [found.pk for found in expected]
    Return.objects.update(read_at=None)
    Return.objects.filter(pk__in=[found.pk for found in expected[ROWS_A_PAGE:]]).update(read_at=now)
    first = page_of_received(owner, is_done=False, after="")
    rest = page_of_received(owner, is_done=False, after=first.next)
    assert (len(first.rows), len(rest.rows), rest.next) == (ROWS_A_PAGE, 5, "")
    Return.objects.exclude(read_at=None).delete()
    assert page_of_received(owner, is_done=False, after="").next == ""


def test_a_page_from_which_everything_went_leads_back_and_does_not_say_that_nothing_came(client: Client) -> None:
    owner = make_owner()
    came_back(send_message(owner))
    sign_in(client, owner)
    page = client.get("/returns/", {"after": "read:"}).content.decode()
    assert "Nothing received yet" not in page
    assert "First page" in page


@pytest.mark.parametrize("after", ["nonsense", "unread:x-y", "read:99999999999999999999999-1", "read:1-1", "unread:"])
def test_a_forged_place_breaks_nothing(client: Client, after: str) -> None:
    owner = make_owner()
    came_back(send_message(owner))
    sign_in(client, owner)
    assert client.get("/returns/", {"after": after}).status_code == 200


def test_the_list_costs_as_many_queries_with_many_rows(client: Client, django_assert_max_num_queries: object) -> None:
    owner = make_owner()
    sent = send_message(owner)
    for _ in range(30):
        came_back(sent)
    sign_in(client, owner)
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        assert client.get("/returns/").content.decode().count("<tr ") == 31


def test_what_was_destroyed_is_not_listed(client: Client) -> None:
    owner = make_owner()
    returned = came_back(send_message(owner))
    Return.objects.update(box=None, shredded_at=F("arrived_at"))
    sign_in(client, owner)
    assert "Nothing received yet" in client.get("/returns/").content.decode()
    assert client.get(url("return_detail", returned)).status_code == 404


@pytest.mark.parametrize(("language", "word"), [("en", "Help"), ("fr", "Aide")])
def test_a_damaged_return_leads_to_the_help(client: Client, language: str, word: str) -> None:
    owner = make_owner()
    User.objects.filter(pk=owner.pk).update(language=language)
    one, other = came_back(send_message(owner)), came_back(send_message(owner))
    Return.objects.filter(pk=one.pk).update(box=other.box, read_at=database_now())
    sign_in(client, owner)
    page = client.get(url("return_detail", one)).content.decode()
    assert f'<a class="btn btn-plain" href="/help/">{word}</a>' in page


def test_a_damaged_return_is_said_to_be(client: Client) -> None:
    owner = make_owner()
    one, other = came_back(send_message(owner)), came_back(send_message(owner))
    Return.objects.filter(pk=one.pk).update(box=other.box, read_at=database_now())
    sign_in(client, owner)
    page = client.get(url("return_detail", one))
    assert page.status_code == 500
    assert "was not released" in page.content.decode()
    assert client.get(url("return_files", one)).status_code == 500
