"""What somebody sees who has signed: that they have; and the sealed documents, once everybody has."""

import hashlib
import io
import zipfile

import pytest

from core.cultures import format_instant, override
from messaging.items.events.kinds import EventKind
from messaging.items.habits import outside_habits
from messaging.items.models import Event
from signatures.pdf.verdicts import Outcome
from signatures.sealers import verify_file
from signatures.services.completing import complete_what_waits
from tests.messaging.items.making import make_sender
from tests.signatures.following import words
from tests.signatures.signer import SigningBrowser, first_of
from tests.signatures.signing import TITLE, YAN, ZOE, Requested, ask, clean, mail_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]

PAPERS = [clean(line="Paper one"), clean(line="Paper two")]


def completed() -> tuple[Requested, SigningBrowser, SigningBrowser]:
    """Let both sign, and return the browsers with their first links."""
    asked = ask(make_sender(), sources=PAPERS)
    zoe = first_of(asked)
    zoe.sign()
    yan = SigningBrowser(YAN.email)
    yan.sign()
    assert complete_what_waits()
    return asked, zoe, yan


def test_152_who_signed_first_is_told_of_nobody_and_gets_no_document() -> None:
    asked = ask(make_sender())
    browser = first_of(asked)
    browser.sign()
    page = browser.get("document_done").content.decode()
    assert "You have signed" in page
    assert "As soon as everybody has signed" in page
    for hidden in ("Yan", "outside.example/", TITLE, "Lease"):
        assert hidden not in page
    for name, more in (("sealed", ()), ("sealed_all", ()), ("sealed_file", (asked.item.whole_id,))):
        assert browser.get(name, *more).url == browser.url("document_done")


def test_who_has_not_signed_is_led_to_signing() -> None:
    browser = first_of(ask(make_sender())).open()
    answer = browser.client.get(browser.url("document_done"), follow=True)
    assert answer.request["PATH_INFO"] == browser.url("document_sign")


def test_who_signed_last_is_told_that_it_is_being_sealed() -> None:
    first_of(ask(make_sender())).sign()
    last = SigningBrowser(YAN.email)
    last.sign()
    page = last.client.get(last.url("document_done"), headers={"accept-language": "fr"}).content.decode()
    assert "Tout le monde a signé." in page


def test_the_fresh_link_shows_the_sealed_documents_and_gives_them_out() -> None:
    _asked, _zoe, _yan = completed()
    browser = SigningBrowser(ZOE.email).open()
    answer = browser.client.get(browser.url("document_sign"), follow=True)
    assert answer.request["PATH_INFO"] == browser.url("sealed")
    page = answer.content.decode()
    for said in (TITLE, "Lease 1.pdf", "Lease 2.pdf", "/verify/", browser.url("sealed_all")):
        assert said in page
    archive = zipfile.ZipFile(io.BytesIO(browser.get("sealed_all").getvalue()))
    files = [archive.read(name) for name in archive.namelist()]
    assert [verify_file(data).outcome for data in files] == [Outcome.SEALED] * 2
    assert Event.objects.filter(kind=EventKind.FILE_DOWNLOADED).count() == 2


def test_each_sealed_document_is_given_out_and_noted_once() -> None:
    completed()
    browser = SigningBrowser(YAN.email).open()
    page = browser.get("sealed").content.decode()
    address = page.partition('href="' + browser.url("sealed_all") + "/")[2].partition('"')[0]
    for _twice in range(2):
        data = browser.client.get(f"{browser.url('sealed_all')}/{address}").getvalue()
    assert verify_file(data).outcome is Outcome.SEALED
    event = Event.objects.get(kind=EventKind.FILE_DOWNLOADED)
    assert event.facts["size_bytes"] == len(data)
    assert hashlib.sha256(data).hexdigest()
    assert browser.get("sealed_file", _asked_whole()).status_code == 404


def _asked_whole() -> object:
    return Event.objects.get(kind=EventKind.SEALED).facts["return"]


def test_the_old_link_and_the_pages_of_signing_are_over_then() -> None:
    _asked, zoe, _yan = completed()
    assert zoe.get("document_done").status_code == 410
    browser = SigningBrowser(ZOE.email).open()
    for name, more in (("document_review", ()), ("page_picture", (1, 1)), ("document_file", (1,))):
        assert browser.get(name, *more).url == browser.url("sealed"), name
    assert browser.post("document_decline", {"reason": "No"}).url == browser.url("sealed")
    assert browser.post("document_sign").url == browser.url("sealed")


def test_mail_and_page_tell_each_signer_how_long_the_sealed_documents_are_kept() -> None:
    asked, _zoe, _yan = completed()
    with override(outside_habits(asked.item.sender, "en")):
        kept = format_instant(asked.item.expires_at)
    mail = mail_to(ZOE.email)
    assert f"Documents kept until: {kept}" in mail
    assert "While the documents are kept, Robin Tremblay can send you a new link" in mail
    browser = SigningBrowser(ZOE.email).open()
    page = words(browser.get("sealed").content.decode())
    assert f"The portal keeps them until {words(kept)}" in page
    assert "Until then Robin Tremblay can send you a new link" in page
