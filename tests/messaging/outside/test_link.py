"""The page of a link: the same for every link, changing nothing, and taking a secret."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from core.crypto.links import new_secret
from core.db import database_now
from core.models import Job
from messaging.items import limits
from messaging.items.choices import Proof
from messaging.items.limits import WRONG_SECRETS_PER_NETWORK
from messaging.items.models import LinkCheck, OpenSession, Participant
from messaging.items.services.gates import agreed_password
from messaging.items.services.links import to_text
from messaging.items.services.telling import WRONG_SECRETS_KIND
from tests.messaging.items.making import BODY, SUBJECT, delete, make_sender, open_link, send_item, with_proof
from tests.messaging.outside.browser import AGENT, Outsider
from tests.outbox import delivered
from tests.pages import InspectingClient
from tests.races import on_threads

pytestmark = pytest.mark.django_db

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


def without_token(response, locator: str) -> str:  # type: ignore[no-untyped-def]
    """Return a page without what differs from request to request."""
    return TOKEN.sub("", response.content.decode()).replace(locator, "LOCATOR")


def test_a_link_leads_by_its_secret_and_a_button_to_the_message() -> None:
    outsider = Outsider(send_item(make_sender()).links[0])
    page = outsider.look().content.decode()
    assert "A secure message for you" in page
    assert "robin@demo.example" not in page
    assert outsider.give().url == outsider.url("link_proof")
    asked = outsider.client.get(outsider.url("link_proof")).content.decode()
    assert "robin@demo.example" in asked
    assert SUBJECT not in asked
    assert outsider.answer().url == outsider.url("message_read")
    message = outsider.read().content.decode()
    assert SUBJECT in message
    assert BODY in message


def test_looks_are_counted_by_link_and_hour_and_programs_told_apart() -> None:
    sent = send_item(make_sender(), [with_proof(Proof.NONE), with_proof(Proof.NONE)])
    person, program = Outsider(sent.links[0]), Outsider(sent.links[1], **{"user-agent": "curl/8.5"})
    for browser in (person, program):
        browser.look()
        browser.look()
    rows = LinkCheck.objects.order_by("link").values_list("link", "checks", "is_automatic")
    assert list(rows) == [(sent.links[0].link.pk, 2, False), (sent.links[1].link.pk, 2, True)]
    LinkCheck.objects.update(hour_at=database_now() - timedelta(hours=2))
    person.client.head(person.url("link"))
    newest = LinkCheck.objects.order_by("-hour_at")[0]
    assert (newest.checks, newest.is_automatic) == (1, True)
    person.look()
    newest.refresh_from_db()
    assert (newest.checks, newest.automatic_checks, newest.is_automatic) == (2, 1, False)
    person.client.head(person.url("link"))
    newest.refresh_from_db()
    assert (newest.checks, newest.automatic_checks, newest.is_automatic) == (3, 2, False)


@pytest.mark.parametrize(
    ("headers", "ip_address"),
    [
        ({"sec-purpose": "prefetch;prerender"}, "192.0.2.7"),
        ({"user-agent": "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0"}, "192.0.2.7"),
        ({}, "52.100.1.2"),
    ],
)
def test_a_look_that_no_person_asked_for_is_called_automatic(headers: dict[str, str], ip_address: str) -> None:
    Outsider(send_item(make_sender()).links[0], ip_address=ip_address, **headers).look()
    assert LinkCheck.objects.get().is_automatic


def test_a_look_is_a_persons_once_the_same_browser_opens() -> None:
    link = send_item(make_sender()).links[0]
    other = AGENT.replace("Linux", "Ubuntu")
    Outsider(link, **{"user-agent": other}).look()
    LinkCheck.objects.update(hour_at=database_now() - timedelta(hours=2))
    person = Outsider(link)
    person.look()
    opened = LinkCheck.objects.order_by("hour_at").values_list("is_opened", flat=True)
    assert list(opened) == [False, False]
    person.open()
    assert list(opened.all()) == [False, True]
    LinkCheck.objects.filter(is_opened=True).update(hour_at=database_now() - timedelta(hours=1))
    person.look()
    person.give()
    assert list(opened.all()) == [False, True, True], "its opening goes on"


def test_many_browsers_of_an_hour_are_known_and_forgotten_with_the_link() -> None:
    sent = send_item(make_sender(), openings=9)
    for number in range(limits.BROWSERS_KNOWN_AN_HOUR):
        Outsider(sent.links[0], **{"user-agent": f"{AGENT} {number}"}).look()
    person = Outsider(sent.links[0])
    for _ in range(3):
        person.look()
    assert len(LinkCheck.objects.get().browsers) == limits.BROWSERS_KNOWN_AN_HOUR * limits.BROWSER_CHARACTERS
    Outsider(sent.links[0], **{"user-agent": f"{AGENT} 0"}).open()
    assert not LinkCheck.objects.get().is_opened, "the first one made place for the newest"
    person.open()
    assert LinkCheck.objects.get().is_opened
    delete(sent)
    assert LinkCheck.objects.get().browsers == ""


def test_a_phone_whose_name_ends_like_a_program_is_a_person() -> None:
    agent = "Mozilla/5.0 (Linux; Android 9; CUBOT NOTE 20) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
    Outsider(send_item(make_sender()).links[0], **{"user-agent": agent}).look()
    assert not LinkCheck.objects.get().is_automatic


def test_statement_87_the_page_of_a_link_is_the_same_whatever_its_state() -> None:
    sender = make_sender()
    expired, revoked, used_up, living = (send_item(sender, openings=1) for _ in range(4))
    Participant.objects.filter(item=expired.item).update(expires_at=database_now())
    delete(revoked)
    open_link(used_up.links[0])
    pages, wrong = set[tuple[object, ...]](), set[tuple[object, ...]]()
    locators = [to_text(bytes(sent.links[0].link.locator)) for sent in (expired, revoked, used_up, living)]
    for locator in [*locators, to_text(b"n" * 16), "short"]:
        client, address = InspectingClient(headers={"user-agent": AGENT}), reverse("messages:link", args=[locator])
        looked = client.get(address)
        refused = client.post(address, {"link": to_text(new_secret().reveal())})
        for response, seen in ((looked, pages), (refused, wrong)):
            headers = {name: value for name, value in response.headers.items() if name != "X-Request-Id"}
            headers.pop("Content-Length", None)
            cookies = sorted(response.cookies)
            seen.add(
                (response.status_code, without_token(response, locator), str(sorted(headers.items())), str(cookies))
            )
    assert len(pages) == 1
    assert len(wrong) == 1
    assert (next(iter(pages))[0], next(iter(wrong))[0]) == (200, 404)
    assert "This link does not work" in str(wrong)


def test_statement_87_ten_wrong_secrets_pause_the_link_and_say_nothing_of_it() -> None:
    sent = send_item(make_sender())
    outsider = Outsider(sent.links[0])
    refused = {without_token(outsider.give(new_secret()), outsider.locator) for _ in range(10)}
    refused.add(without_token(outsider.give(), outsider.locator))
    assert len(refused) == 1
    assert Outsider(sent.links[0], ip_address="198.51.100.1").give().status_code == 302


def test_statement_87_of_a_link_that_nobody_made_nobody_is_told() -> None:
    client, address = InspectingClient(headers={"user-agent": AGENT}), reverse("messages:link", args=["n" * 22])
    for _ in range(WRONG_SECRETS_PER_NETWORK.most + 2):
        client.post(address, {"link": to_text(new_secret().reveal())})
    assert Job.objects.get().kind == WRONG_SECRETS_KIND
    assert delivered("email") == []
    assert Job.objects.get().state == Job.State.DONE


@pytest.mark.parametrize(
    ("end", "heading"),
    [
        (lambda sent: Participant.objects.update(expires_at=database_now()), "This message has expired"),
        (delete, "The sender has deleted this message"),
        (lambda sent: open_link(sent.links[0]), "This message has been opened as often as allowed"),
    ],
)
def test_after_the_right_secret_the_page_says_why_and_whom_to_write_to(end, heading: str) -> None:  # type: ignore[no-untyped-def]
    sent = send_item(make_sender(), openings=1)
    end(sent)
    page = Outsider(sent.links[0]).give()
    assert page.status_code == 410
    assert f"<h1>{heading}</h1>" in page.content.decode()
    assert "mailto:robin@demo.example" in page.content.decode()
    assert SUBJECT not in page.content.decode()


def test_who_was_reading_when_it_was_deleted_is_told_so() -> None:
    sent = send_item(make_sender())
    outsider = Outsider(sent.links[0]).open()
    delete(sent)
    page = outsider.read()
    assert page.status_code == 410
    assert "The sender has deleted this message" in page.content.decode()
    assert outsider.client.get(outsider.url("link_proof")).status_code == 410


def test_statement_89_an_encoded_mark_leads_to_the_real_fragment_and_keeps_nothing() -> None:
    outsider = Outsider(send_item(make_sender()).links[0])
    secret = to_text(outsider.link.secret.reveal())
    for end in ("", "/"):
        address = reverse("messages:link_fragment", args=[outsider.locator, secret + end])
        assert address == f"/o/{outsider.locator}%23{secret}{end}"
        response = outsider.client.get(address)
        assert (response.status_code, response["Location"]) == (303, f"/o/{outsider.locator}#{secret}")
        assert not response.cookies
    assert (LinkCheck.objects.count(), OpenSession.objects.count()) == (0, 0)
    assert outsider.client.post(f"/o/{outsider.locator}%23{secret}").status_code == 405


@pytest.mark.parametrize("prefix", ["o", "e"])
def test_a_mark_without_a_link_before_it_is_no_page_like_any_other(prefix: str) -> None:
    pages = set()
    for path in (f"/{prefix}/", f"/{prefix}/%23x", f"/{prefix}/%23"):
        answer = InspectingClient().get(path)
        page = without_token(answer, answer.headers["X-Request-Id"])
        pages.add((answer.status_code, page.replace(f'value="{path}"', 'value="PATH"')))
    ((status, _page),) = pages
    assert status == 404


@pytest.mark.parametrize(
    "form", ["{secret}", " {secret}\n", "http://testserver/o/{locator}#{secret}", "/o/x%23{secret}"]
)
def test_statement_102_a_pasted_link_does_without_scripts(form: str) -> None:
    outsider = Outsider(send_item(make_sender()).links[0])
    pasted = form.format(secret=to_text(outsider.link.secret.reveal()), locator=outsider.locator)
    assert 'name="link"' in outsider.look().content.decode()
    assert outsider.give(pasted).status_code == 302


def test_nothing_pasted_is_said_beside_the_field() -> None:
    page = Outsider(send_item(make_sender()).links[0]).give("  ")
    assert page.status_code == 422
    assert "copy the whole link and paste it here" in page.content.decode()


def test_the_page_speaks_the_language_the_browser_asks_for() -> None:
    french = Outsider(send_item(make_sender()).links[0], **{"accept-language": "fr-CA,fr;q=0.9"})
    assert '<html lang="fr"' in french.look().content.decode()


def test_one_cookie_holds_for_all_links_and_no_script_reads_it() -> None:
    sender = make_sender()
    first = Outsider(send_item(sender).links[0])
    cookie = first.give().cookies["opener"]
    assert (len(cookie.value), cookie["httponly"], cookie["samesite"], cookie["path"]) == (64, True, "Lax", "/")
    second = Outsider(send_item(sender).links[0], client=first.client)
    assert second.give().cookies["opener"].value == cookie.value
    first.answer()
    second.answer()
    assert (first.read().status_code, second.read().status_code) == (200, 200)


def test_over_https_the_cookie_belongs_to_this_host_alone(settings) -> None:  # type: ignore[no-untyped-def]
    settings.COOKIE_PREFIX, settings.IS_HTTPS = "__Host-", True
    cookie = Outsider(send_item(make_sender()).links[0]).give().cookies["__Host-opener"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_a_cookie_that_is_not_ours_is_not_used() -> None:
    outsider = Outsider(send_item(make_sender()).links[0])
    outsider.client.cookies["opener"] = "short"
    assert len(outsider.give().cookies["opener"].value) == 64


def test_a_link_of_another_kind_is_nothing_here() -> None:
    sent = send_item(make_sender())
    type(sent.item).objects.update(kind="envelope")
    outsider = Outsider(sent.links[0])
    assert outsider.give().status_code == 404
    assert outsider.answer().url == outsider.url("link")


def test_statement_90_without_the_proof_the_message_is_not_shown() -> None:
    sent = send_item(make_sender(), [with_proof(Proof.ITEM_PASSWORD, secret=agreed_password("correct horse"))])
    outsider = Outsider(sent.links[0])
    assert outsider.read().url == outsider.url("link")
    outsider.give()
    assert outsider.read().url == outsider.url("link_proof")
    assert sent.participant.openings_used == 0


def test_statement_94_the_end_comes_in_the_middle_of_an_opening() -> None:
    outsider = Outsider(send_item(make_sender()).links[0]).open()
    Participant.objects.update(expires_at=database_now())
    page = outsider.read()
    assert page.status_code == 410
    assert SUBJECT not in page.content.decode()


def test_statement_97_pages_are_kept_nowhere_and_ask_nobody_else() -> None:
    outsider = Outsider(send_item(make_sender()).links[0])
    pages = [outsider.look(), outsider.give(new_secret())]
    outsider.give()
    pages.append(outsider.client.get(outsider.url("link_proof")))
    pages.append(outsider.open().read())
    for page in pages:
        assert "no-store" in page.headers["Cache-Control"]
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert not re.search(r'(?:src|href)="https?://(?!testserver)', page.content.decode())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_statement_85_of_twenty_posts_at_once_one_gets_the_content() -> None:
    sent = send_item(make_sender(), openings=1)
    outsiders = [Outsider(sent.links[0], ip_address=f"198.51.{number}.1") for number in range(20)]
    for outsider in outsiders:
        outsider.give()

    def attempt(number: int) -> bool:
        outsiders[number].answer()
        return BODY in outsiders[number].read().content.decode()

    assert sum(on_threads(20, attempt)) == 1
    assert sent.participant.openings_used == 1
