"""The steps with the link of an envelope are those of every link; a code that was told is never mailed."""

import pytest
from django.urls import reverse
from pytest_django import Settings

from messaging.items.models import Gate, Item
from tests.doubles.smtp_server import SmtpServer
from tests.messaging.envelopes.making import LINK, TITLE, Outsider, asked, make_envelope, owner_browser
from tests.messaging.items.making import ADDRESS, make_sender, send_item
from tests.messaging.outside.browser import Outsider as Recipient
from tests.outbox import CODE, delivered

pytestmark = pytest.mark.django_db


def test_the_page_of_the_link_says_nothing_before_the_secret() -> None:
    outsider = make_envelope(owner_browser())
    page = outsider.client.get(outsider.url("link")).content.decode()
    assert "Somebody asks you for documents" in page
    for hidden in (TITLE, ADDRESS, "robin@demo.example"):
        assert hidden not in page
    outsider.give()
    asked = outsider.client.get(outsider.url("link_proof")).content.decode()
    assert "robin@demo.example" in asked
    assert "It is open until" in asked
    assert TITLE not in asked


def test_without_the_proof_there_is_no_form() -> None:
    outsider = make_envelope(owner_browser(), proof="opening_code")
    assert outsider.form().url == outsider.url("link")
    outsider.give()
    assert outsider.form().url == outsider.url("link_proof")
    assert outsider.answer(code="000000").status_code in (302, 422)
    assert outsider.fill().status_code == 403 or Gate.objects.get().tries == 0


def test_an_address_with_an_encoded_mark_is_led_back() -> None:
    outsider = make_envelope(owner_browser())
    address = reverse("envelopes:link_fragment", args=[outsider.locator, outsider.secret])
    answer = outsider.client.get(address)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/e/{outsider.locator}#{outsider.secret}"


def test_links_of_one_kind_are_nothing_at_the_addresses_of_the_other() -> None:
    owner = make_sender()
    outsider = make_envelope(owner_browser(owner))
    message = Recipient(send_item(owner).links[0])
    assert outsider.client.post(f"/o/{outsider.locator}", {"link": outsider.secret}).status_code == 404
    wrong = Outsider(message.locator, "")
    assert wrong.give(message.link.url("e").partition("#")[2]).status_code == 404


def test_a_code_that_the_owner_tells_is_never_mailed() -> None:
    client = owner_browser()
    shown = client.post("/envelopes/new/", _copied()).content.decode()
    found = CODE.search(shown)
    assert found
    outsider = _outsider(shown)
    outsider.give()
    page = outsider.client.get(outsider.url("link_proof")).content.decode()
    assert "The person who gave you the link tells you the code" in page
    assert "Send me a new code" not in page
    for name in ("link_code_send", "link_code_missing"):
        assert outsider.client.post(outsider.url(name)).status_code == 404
    assert outsider.answer(code=found.group()).url == outsider.url("envelope_fill")
    assert delivered("email") == []


def test_no_step_sends_who_was_handed_a_link_to_an_e_mail() -> None:
    shown = owner_browser().post("/envelopes/new/", _copied()).content.decode()
    outsider = _outsider(shown)
    link = outsider.url("link")
    pages = [outsider.client.get(link), outsider.client.post(link), outsider.give("A" * 43)]
    outsider.give()
    pages += [outsider.client.get(outsider.url("link_proof")), outsider.answer(code=""), outsider.answer(code="000000")]
    assert [page.status_code for page in pages] == [200, 422, 404, 200, 422, 422]
    for page in pages:
        assert "e-mail" not in page.content.decode()


def test_wrong_codes_are_counted_and_then_stop() -> None:
    outsider = make_envelope(owner_browser(), way="copied", proof="opening_code")
    right = Gate.objects.get()
    outsider.give()
    pages = [outsider.answer(code=f"{number:06d}").content.decode() for number in range(6)]
    right.refresh_from_db()
    assert right.tries == 5
    assert "Too many tries. Ask the person who gave you the link for a new one." in pages[-1]
    assert outsider.form().url == outsider.url("link_proof")


def test_wrong_secrets_pause_the_link_for_their_network() -> None:
    outsider = make_envelope(owner_browser())
    for _ in range(10):
        assert outsider.give("A" * 43).status_code == 404
    assert outsider.give().status_code == 404
    assert outsider.another_browser().give().status_code == 302
    assert Item.objects.get().revoked_at is None


def _copied() -> dict[str, object]:
    return asked(way="copied", proof="opening_code")


def _outsider(page: str) -> Outsider:
    found = LINK.search(page)
    assert found
    return Outsider(*found.groups())


def test_an_answer_to_any_mail_goes_to_the_owner(settings: Settings) -> None:
    with SmtpServer() as server:
        settings.EMAIL = server.settings()
        owner_browser().post("/envelopes/new/", asked(proof="opening_code"))
        delivered("email")
        plain = server.mails[0].get_body(("plain",))
        assert plain
        link, code = LINK.search(plain.get_content()), CODE.search(plain.get_content())
        assert link
        assert code
        Outsider(*link.groups()).open(code=code.group()).fill()
        delivered("email")
        to_outsider = [mail for mail in server.mails if mail["To"] == ADDRESS]
        assert [mail["Reply-To"] for mail in to_outsider] == ["robin@demo.example"] * 2
