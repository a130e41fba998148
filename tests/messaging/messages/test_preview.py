"""The preview: what each recipient would get, in their templates and language, with nothing in it that acts."""

import re
from html import unescape
from typing import Any

import html5lib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from core.models import Counter, Job
from messaging.items.models import Draft, Event, Gate, Item, Link, LinkCheck, OpenSession, Participant
from messaging.items.services.links import to_text
from tests.cast import make_user, sign_in
from tests.messaging.messages.composing import (
    BODY,
    NOAH,
    SUBJECT,
    ZOE,
    composer_values,
    filled,
    press_keep,
)
from tests.messaging.messages.test_message_send import NUMBER
from tests.pages import XHTML

pytestmark = pytest.mark.django_db

THIRD = "third@outside.example"
EACH_AN_OWN = {"to-0-proof": "sms_code", "to-0-cell_number": NUMBER, "to-1-proof": "item_password", "hint": "a horse"}


@pytest.fixture
def pro(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    return user


@pytest.fixture
def address(client: Client, pro: User) -> str:
    """Keep a draft for three people, and return the address of its preview."""
    return kept(client, to=(ZOE, NOAH, THIRD), **EACH_AN_OWN)


def kept(client: Client, **changes: Any) -> str:
    files = {"attachments": [SimpleUploadedFile("canary terms.pdf", b"%PDF", "application/pdf")]}
    values = filled(composer_values(client), **changes)
    return str(press_keep(client, values, then="preview", **files).headers["Location"])


def shown(client: Client, address: str, part: str, person: int = 1) -> str:
    """Return the page of the preview, and hold that it came."""
    answer = client.get(f"{address}?part={part}&person={person}")
    assert answer.status_code == 200
    return answer.content.decode()


def frame_of(page: str) -> Any:
    """Return the frame in which a recipient's page is shown."""
    document = html5lib.parse(page)
    (frame,) = document.iter(f"{XHTML}iframe")
    return frame


def framed(client: Client, address: str, part: str, person: int = 1) -> str:
    """Return a recipient's page as it is shown to the sender."""
    return str(frame_of(shown(client, address, part, person)).get("srcdoc"))


def words_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_the_mail_of_each_says_what_they_are_asked(client: Client, address: str) -> None:
    assert "number ending in 87" in shown(client, address, "mail", 1)
    assert "by phone, for example" in shown(client, address, "mail", 2)
    assert "opening code: 000000" in shown(client, address, "mail", 3)
    assert "/o/…" in shown(client, address, "mail", 3)


def test_the_page_of_the_link_tells_nothing_of_the_message(client: Client, address: str) -> None:
    page = framed(client, address, "link")
    assert "A secure message for you" in page
    assert "Canary" not in page
    assert "Tremblay" not in page


def test_each_is_shown_the_proof_that_they_are_asked(client: Client, address: str) -> None:
    pages = [words_of(framed(client, address, "proof", person)) for person in (1, 2, 3)]
    assert "It goes by text message to the number ending in 87" in pages[0]
    assert "The sender’s hint: a horse" in pages[1]
    assert "It is in the e-mail that brought you here" in pages[2]
    assert [email in page for page, email in zip(pages, (ZOE, NOAH, THIRD), strict=True)] == [True] * 3
    assert all("It can still be opened 5 times" in page for page in pages)
    assert all("Canary" not in page for page in pages)
    assert all("5550187" not in page for page in pages)


def test_the_message_stands_as_it_is_read(client: Client, address: str) -> None:
    page = words_of(framed(client, address, "message", 2))
    for words in (SUBJECT, BODY.partition("\n")[0], "canary terms.pdf", "Opening 1 of 5", "Reply", "Robin Tremblay"):
        assert words in page


def test_a_reply_is_offered_as_it_will_be(client: Client, pro: User) -> None:
    without = kept(client, reply_kind="none")
    assert "Reply" not in words_of(framed(client, without, "message"))
    protected = kept(client, reply_sms="on", **{"to-0-cell_number": NUMBER})
    assert "Before a reply you are asked to prove who you are." in words_of(framed(client, protected, "message"))


def test_the_pages_are_in_the_language_of_the_recipients(client: Client, pro: User) -> None:
    address = kept(client, language="fr")
    assert "Un message sécurisé pour vous" in framed(client, address, "link")
    assert '<html lang="fr"' in framed(client, address, "proof")
    assert "What they will get" in shown(client, address, "proof")
    assert "Robin Tremblay vous a envoyé un message sécurisé" in shown(client, address, "mail")


@pytest.mark.parametrize("part", ["link", "proof", "message"])
@pytest.mark.parametrize("person", [1, 2, 3])
def test_nothing_in_it_acts(client: Client, address: str, part: str, person: int) -> None:
    frame = frame_of(shown(client, address, part, person))
    assert frame.get("sandbox") == "allow-same-origin"
    document = html5lib.parse(frame.get("srcdoc"))
    (body,) = document.iter(f"{XHTML}body")
    assert body.get("inert") is not None
    inner = [form.get("action") or "" for form in document.iter(f"{XHTML}form")]
    locator = to_text(bytes(16))
    assert [action for action in inner if action.startswith("/o/") and locator not in action] == []
    assert client.post(f"/o/{locator}", {"link": to_text(bytes(32))}).status_code == 404


@pytest.mark.parametrize("part", ["mail", "link", "proof", "message"])
def test_looking_at_it_makes_nothing(client: Client, address: str, part: str) -> None:
    tables = (Item, Participant, Link, Gate, OpenSession, LinkCheck, Event, Job, Counter)
    before = [table.objects.count() for table in tables]
    draft = Draft.objects.values().get()
    for person in (1, 2, 3):
        shown(client, address, part, person)
    assert [table.objects.count() for table in tables] == before
    assert Draft.objects.values().get() == draft
    assert client.post(address).status_code == 405


def test_what_a_token_of_the_frame_could_do_is_nothing(client: Client, address: str) -> None:
    page = shown(client, address, "proof", 3)
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', str(frame_of(page).get("srcdoc")))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert tokens
    assert strict.post("/sign-out/", {"csrfmiddlewaretoken": tokens[0]}).status_code == 403


@pytest.mark.parametrize("person", ["0", "4", "-1", "x", "1e9", "9" * 5000, ""])
def test_a_recipient_who_is_not_there_is_the_first_one(client: Client, address: str, person: str) -> None:
    page = client.get(address, {"part": "mail", "person": person}).content.decode()
    assert "number ending in 87" in page


def test_an_unknown_part_is_the_mail(client: Client, address: str) -> None:
    assert "A secure message for you" not in shown(client, address, "x")
    assert "number ending in 87" in shown(client, address, "x")


def test_what_is_wrong_in_a_draft_is_shown_as_far_as_it_goes(client: Client, pro: User) -> None:
    wrong = {"proof": "sms_code", "to-0-cell_number": "12", "language": "x", "life_hours": "9" * 30, "openings": "many"}
    address = kept(client, to=("zoe at outside",), subject="", body="", **wrong)
    for part in ("mail", "link", "proof", "message"):
        shown(client, address, part)
    assert "number ending in ··" in words_of(framed(client, address, "proof"))
    nobody = kept(client, to=(), proof="none")
    assert "opening code: 000000" in shown(client, nobody, "mail")


def test_the_strength_is_named_where_not_all_are_asked_the_same(client: Client, address: str) -> None:
    page = words_of(shown(client, address, "mail"))
    assert f"Basic: {THIRD} Good: {NOAH} Strong: {ZOE}" in page
    assert "weakest" not in shown(client, kept(client, to=(ZOE, NOAH)), "mail")


def test_only_the_owner_of_a_draft_sees_it(address: str) -> None:
    other = Client()
    sign_in(other, make_user("other@demo.example", plan="pro"))
    assert other.get(address, {"part": "message"}).status_code == 404
