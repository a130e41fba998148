"""Correcting an address: a new secret to the new one, an event, and the old mail opens nothing."""

import re
from dataclasses import replace
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Session
from core.sms.numbers import number_digest
from messaging.activity.access.timeline import history
from messaging.items.choices import Proof
from messaging.items.errors import LinkReplaced
from messaging.items.events.kinds import EventKind
from messaging.items.limits import NEW_LINKS_OF_PERSON
from messaging.items.models import Event, Link
from messaging.items.policies import Policy
from messaging.items.services.links import to_text
from signatures.choices import RequestState, SignerState
from signatures.progress import latest_of, progress_of
from signatures.requesting import signers_of
from tests.cast import sign_in
from tests.forms import form_values
from tests.messaging.items.making import give, make_sender
from tests.signatures.following import content_of, expire, page_of, signed_in_requester
from tests.signatures.signer import SigningBrowser, first_of
from tests.signatures.signing import YAN, ZOE, ask, open_mailed, opened, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]
NEW = "zoe@new.example"


def test_150_a_corrected_address_gets_a_new_secret_and_an_event(client: Client) -> None:
    asked = signed_in_requester(client)
    before = asked.made.links[0]
    answer = client.post(page_of(asked, "signers", 1, "address"), {"email": NEW}, follow=True)
    page = answer.content.decode()
    assert "The address of Zoë Roy is corrected. A new link is on its way there" in page
    assert NEW in page
    assert "E-mail address corrected" in page
    with pytest.raises(LinkReplaced):
        give(before)
    assert Event.objects.filter(kind=EventKind.ADDRESS_CORRECTED, participant_id=asked.signer(0).pk).count() == 1
    sign_all(open_mailed(NEW))


def test_a_request_writes_to_no_more_strangers_than_an_hour_has_links(client: Client) -> None:
    asked = signed_in_requester(client)
    address = page_of(asked, "signers", 1, "address")
    for number in range(NEW_LINKS_OF_PERSON.most):
        assert client.post(address, {"email": f"stranger{number}@elsewhere.example"}).status_code == 302
    refused = client.post(address, {"email": "one.more@elsewhere.example"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Many new links were made lately." in page
    assert "one.more@elsewhere.example" in page
    assert asked.signer(0).participant.email == f"stranger{NEW_LINKS_OF_PERSON.most - 1}@elsewhere.example"


def test_the_log_says_whose_address_was_corrected(client: Client) -> None:
    asked = signed_in_requester(client)
    client.post(page_of(asked, "signers", 1, "address"), {"email": NEW})
    page = " ".join(client.get(f"/account/activity/{asked.made.item.reference}/").content.decode().split())
    assert re.search(r"E-mail address corrected.{1,300}for Zoë Roy", page)


def test_who_waits_is_written_to_at_the_new_address_when_their_turn_comes(client: Client) -> None:
    asked = signed_in_requester(client)
    address = page_of(asked, "signers", 2, "address")
    assert "This person has not been written to yet." in content_of(client, address)
    answer = client.post(address, {"email": "yan@new.example"}, follow=True)
    assert "They are written to there when their turn comes." in answer.content.decode()
    assert Link.objects.count() == 1
    sign_all(opened(asked))
    sign_all(open_mailed("yan@new.example"))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (YAN.email.upper(), "Another signer has this address already."),
        (ZOE.email, "This is the address we have."),
        ("zoe at outside", "This is not an e-mail address."),
        ("", "Enter the e-mail address."),
    ],
)
def test_an_address_that_cannot_be_is_refused_beside_its_field(client: Client, typed: str, why: str) -> None:
    asked = signed_in_requester(client)
    answer = client.post(page_of(asked, "signers", 1, "address"), {"email": typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert why in page
    assert f'value="{typed}"' in page or not typed
    assert asked.signer(0).participant.email == ZOE.email
    assert Link.objects.count() == 1


@pytest.mark.parametrize("over", ["signed", "expired"])
def test_who_has_signed_and_what_is_over_is_not_corrected(client: Client, over: str) -> None:
    asked = signed_in_requester(client)
    if over == "signed":
        sign_all(opened(asked))
    else:
        expire(asked)
    answer = client.post(page_of(asked, "signers", 1, "address"), {"email": NEW})
    assert answer.status_code == 422
    assert "Zoë Roy has signed already, or the request is over. The address was not changed." in answer.content.decode()
    assert f'value="{NEW}"' in answer.content.decode()
    assert asked.signer(0).participant.email == ZOE.email


def test_what_somebody_at_the_old_address_did_is_not_told_of_the_new_one(client: Client) -> None:
    asked = signed_in_requester(client)
    opened(asked)
    (first, _second) = progress_of(signers_of(asked.row), latest_of([asked.item]), state=RequestState.IN_PROGRESS)
    assert first.state is SignerState.OPENED
    client.post(page_of(asked, "signers", 1, "address"), {"email": NEW})
    (first, _second) = progress_of(signers_of(asked.row), latest_of([asked.item]), state=RequestState.IN_PROGRESS)
    assert first.state is SignerState.ON_ITS_WAY


def test_150_163_a_corrected_address_begins_anew(client: Client) -> None:
    asked = signed_in_requester(client)
    former = first_of(asked).agree()
    assert former.fill(**{"zone-t0": "CH93 0076 2011", "signature-text": "The Wrong One"}).status_code == 302
    client.post(page_of(asked, "signers", 1, "address"), {"email": NEW})
    signer = asked.signer(0)
    assert (signer.consented_at, signer.answers_sealed, signer.participant.first_opened_at) == (None, None, None)

    browser = SigningBrowser(NEW).open()
    page = browser.get("document_sign").content.decode()
    assert "is_agreed" in page
    assert "CH93" not in page
    assert browser.get("zone_picture", "s0").status_code == 404
    assert browser.post("document_review").url == browser.url("document_sign")
    assert asked.signer(0).signed_at is None
    browser.post("document_consent", {"is_agreed": "on"})
    page = browser.get("document_sign").content.decode()
    assert "CH93" not in page
    assert "Wrong One" not in page


def test_150_what_an_open_tab_of_the_former_address_sends_is_not_kept(client: Client) -> None:
    asked = signed_in_requester(client)
    former = first_of(asked).agree()
    client.post(page_of(asked, "signers", 1, "address"), {"email": NEW})
    assert former.fill(**{"zone-t0": "CH93 0076 2011"}).status_code == 410
    assert former.post("document_consent", {"is_agreed": "on"}).status_code == 410
    signer = asked.signer(0)
    assert (signer.consented_at, signer.answers_sealed) == (None, None)


def test_150_the_certificate_counts_acts_of_the_former_address_as_theirs(client: Client) -> None:
    asked = signed_in_requester(client)
    first_of(asked).agree().fill()
    client.post(page_of(asked, "signers", 1, "address"), {"email": NEW})
    browser = SigningBrowser(NEW)
    browser.sign()
    signer, happened = asked.signer(0), history(asked.item)

    def acts(kind: EventKind) -> list[tuple[str, datetime]]:
        return [(one.who["address"], one.event.at) for one in happened if one.event.kind == kind]

    opened_at, agreed_at = signer.participant.first_opened_at, signer.consented_at
    assert [address for address, _at in acts(EventKind.OPENED)] == [ZOE.email, NEW]
    assert [address for address, _at in acts(EventKind.CONSENTED)] == [ZOE.email, NEW]
    assert acts(EventKind.OPENED)[-1] == (NEW, opened_at)
    assert acts(EventKind.CONSENTED)[-1] == (NEW, agreed_at)
    page = content_of(client, page_of(asked))
    assert f"{ZOE.name} <{ZOE.email}>" in page.replace("&lt;", "<").replace("&gt;", ">")


def test_150_visits_to_the_former_link_are_not_told_of_the_new_address(client: Client) -> None:
    asked = signed_in_requester(client)
    link = asked.made.links[0].link
    client.get(reverse("signatures:link", args=[to_text(bytes(link.locator))]))
    assert "at an earlier address" not in content_of(client, page_of(asked))
    client.post(page_of(asked, "signers", 1, "address"), {"email": NEW})
    assert "at an earlier address" in content_of(client, page_of(asked))
    assert "at an earlier address" in content_of(client, reverse("activity:item_detail", args=[asked.item.reference]))


def test_150_a_corrected_number_gets_the_codes_and_a_new_link(client: Client) -> None:
    sender = make_sender()
    sign_in(client, sender)
    asked = ask(sender, [replace(ZOE, proof=Proof.SMS_CODE, number="+15145550199"), YAN])
    address = page_of(asked, "signers", 1, "address")
    assert "Codes go to the number ending in" in content_of(client, address)
    assert "+15145550199" not in client.get(address).content.decode()
    answer = client.post(address, {"email": "", "cell_number": "514 555 0123"}, follow=True)
    page = answer.content.decode()
    assert "The cell number of Zoë Roy is corrected. A new link is on its way; the old one has stopped." in page
    assert "Cell number corrected" in page
    person = asked.signer(0).participant
    assert (person.number, person.email) == ("+15145550123", ZOE.email)
    with pytest.raises(LinkReplaced):
        give(asked.made.links[0])
    assert Policy.from_text(Link.objects.get(ended_at=None).policy).number == number_digest("+15145550123").hex()


@pytest.mark.parametrize(
    ("number", "why"), [("", "Enter a new address, or a new number."), ("12", "number"), ("+15145550199x", "number")]
)
def test_a_number_that_cannot_be_is_refused_beside_its_field(client: Client, number: str, why: str) -> None:
    sender = make_sender()
    sign_in(client, sender)
    asked = ask(sender, [replace(ZOE, proof=Proof.SMS_CODE, number="+15145550199")])
    answer = client.post(page_of(asked, "signers", 1, "address"), {"email": "", "cell_number": number})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert asked.signer(0).participant.number == "+15145550199"


def test_who_proves_by_mail_has_no_number_to_correct(client: Client) -> None:
    asked = signed_in_requester(client)
    assert "cell_number" not in client.get(page_of(asked, "signers", 1, "address")).content.decode()


def test_an_address_typed_before_the_session_ended_comes_back_and_is_not_taken_by_itself(client: Client) -> None:
    asked = signed_in_requester(client)
    address = page_of(asked, "signers", 1, "address")
    typed = form_values(client.get(address), None) | {"email": NEW}
    Session.objects.all().delete()
    client.post(address, typed)
    sign_in(client, asked.item.sender)
    page = client.get(address)
    assert "nothing was changed yet" in page.content.decode()
    shown = form_values(page, None)
    assert (shown["email"], asked.signer(0).participant.email) == (NEW, ZOE.email)
    client.post(address, shown)
    assert asked.signer(0).participant.email == NEW
