"""A signer sees what will stand where, and signs; then nothing more is shown until all have."""

import io
import re

import pytest
from PIL import Image

from core.downloads import read_whole
from messaging.items.models import Event, EventPerson, Return
from messaging.items.services.files import sealed_files
from messaging.items.services.returning import returned_key, returned_manifest
from signatures.drawing import draw_clear_picture
from signatures.services.completing import complete_what_waits
from signatures.stamps import stamp_of
from signatures.zones import zones_of
from tests.messaging.items.making import make_sender
from tests.outbox import newest_code
from tests.signatures.pdf.seals import shown
from tests.signatures.signer import SigningBrowser, first_of, kept
from tests.signatures.signing import YAN, ZOE, ask, zones_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]


def test_the_page_lists_what_will_stand_where_as_it_is_stamped() -> None:
    asked = ask(make_sender())
    browser = first_of(asked).agree()
    browser.fill(**{"zone-t0": "PO 4711"})
    page = browser.get("document_review").content.decode()
    for said in ("PO 4711", "Zoë Roy", "Signing date", "Sign now", "Page 1 of Lease 1.pdf"):
        assert said in page
    assert browser.url("page_picture", 1, 1) in page
    assert browser.url("page_picture", 1, 2) not in page
    signature = zones_of(zones_for(2), 0)[0]
    picture = browser.get("zone_picture", "s0")
    assert picture.content == draw_clear_picture(stamp_of(signature, kept(asked).values["s0"]).content)
    assert picture.headers["Content-Type"] == "image/png"
    assert "no-store" in picture.headers["Cache-Control"]
    opened = Image.open(io.BytesIO(picture.content))
    assert (opened.mode, opened.size, opened.getpixel((0, 0))[3]) == ("RGBA", (600, 180), 0)  # type: ignore[index]


def test_looking_changes_nothing_and_one_click_signs() -> None:
    asked = ask(make_sender())
    browser = first_of(asked).agree()
    browser.fill()
    reviewed = browser.look()
    assert asked.signer(0).signed_at is None
    assert browser.post("document_review", {"reviewed": reviewed}).url == browser.url("document_done")
    assert asked.signer(0).signed_at is not None


def test_155_what_another_tab_filled_in_since_is_shown_and_not_signed() -> None:
    asked = ask(make_sender())
    browser = first_of(asked).agree()
    browser.fill(**{"zone-t0": "One hundred"})
    reviewed = browser.look()
    browser.fill(**{"zone-t0": "ONE MILLION"})
    answer = browser.post("document_review", {"reviewed": reviewed})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "What was filled in has changed since you looked at it. Nothing is signed yet." in page
    assert "ONE MILLION" in page
    assert "One hundred" not in page
    assert asked.signer(0).signed_at is None
    (stands,) = re.findall(r'name="reviewed" value="(\w+)"', page)
    assert stands != reviewed
    assert browser.post("document_review", {"reviewed": stands}).url == browser.url("document_done")


@pytest.mark.parametrize("posted", [{}, {"reviewed": ""}, {"reviewed": "é" * 64}])
def test_nothing_is_signed_that_was_not_looked_at(posted: dict[str, str]) -> None:
    asked = ask(make_sender())
    browser = first_of(asked).agree()
    browser.fill()
    assert browser.post("document_review", posted).status_code == 409
    assert asked.signer(0).signed_at is None


def test_what_is_given_again_unchanged_is_still_what_was_looked_at() -> None:
    browser = first_of(ask(make_sender())).agree()
    browser.fill(**{"zone-t0": "One hundred"})
    reviewed = browser.look()
    browser.fill(**{"zone-t0": "One hundred"})
    assert browser.post("document_review", {"reviewed": reviewed}).url == browser.url("document_done")


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_incomplete_leads_back(method: str) -> None:
    asked = ask(make_sender())
    browser = first_of(asked).open()
    answer = getattr(browser.client, method)(browser.url("document_review"))
    assert answer.url == browser.url("document_sign")
    browser.post("document_consent", {"is_agreed": "on"})
    browser.fill(then="later", **{"signature-text": ""})
    answer = getattr(browser.client, method)(browser.url("document_review"))
    assert answer.url == browser.url("document_sign")
    assert asked.signer(0).signed_at is None


def test_whoever_has_signed_is_led_from_every_page_to_the_one_that_says_so() -> None:
    browser = first_of(ask(make_sender()))
    browser.sign()
    pages = [("document_sign", ()), ("document_review", ()), ("document_decline", ()), ("page_picture", (1, 1))]
    for name, more in (*pages, ("document_file", (1,)), ("zone_picture", ("s0",)), ("sealed", ())):
        assert browser.get(name, *more).url == browser.url("document_done"), name
    assert browser.post("document_review").url == browser.url("document_done")
    assert browser.post("document_decline", {"reason": "No"}).url == browser.url("document_done")


def test_149_no_page_mail_or_event_tells_a_secret() -> None:
    asked = ask(make_sender())
    browser = first_of(asked).agree()
    browser.fill()
    code = newest_code(ZOE.email)
    for name in ("document_sign", "document_review", "document_decline"):
        page = browser.get(name).content.decode()
        assert browser.secret not in page, name
        assert code not in page, name
    assert browser.secret not in str([event.facts for event in Event.objects.all()])
    assert browser.secret not in str([row.fields for row in EventPerson.objects.all()])


def test_what_was_shown_stands_in_the_sealed_document() -> None:
    asked = ask(make_sender())
    first_of(asked).sign(**{"zone-t0": "PO 4711"})
    SigningBrowser(YAN.email).sign(**{"signature-text": "Yan Lee"})
    assert complete_what_waits()
    returned, sender = Return.objects.get(), asked.item.sender
    manifest, key = returned_manifest(returned, reader=sender), returned_key(returned, reader=sender)
    (file,) = sealed_files(manifest.files, whole_id=returned.whole_id, data_key=key)
    assert "PO 4711" in shown(read_whole(file))[0]
