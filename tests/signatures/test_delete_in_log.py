"""Deleting a request in the log: what everybody has signed is sealed first, and then stays with its requester."""

import pytest
from django.test import Client

from core.db import database_now
from messaging.items.errors import ItemStays
from messaging.items.events.kinds import EventKind
from messaging.items.models import Content, Event, Link, Participant
from messaging.items.services.controlling import revoke_participant
from signatures.choices import RequestState, Stage
from signatures.models import SignatureRequest
from signatures.services.completing import complete_what_waits
from tests.messaging.items.making import visitor
from tests.outbox import delivered
from tests.signatures.following import content_of, page_of, said, signed_in_requester
from tests.signatures.signer import SigningBrowser
from tests.signatures.signing import YAN, ZOE, Requested, open_mailed, opened, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]
SEALED_FIRST = "Everybody has signed, and the documents are being sealed. It can be deleted after that."


def address(asked: Requested) -> str:
    return f"/account/activity/{asked.item.reference}/delete/"


def signed_by_all(client: Client) -> Requested:
    asked = signed_in_requester(client)
    sign_all(opened(asked))
    sign_all(open_mailed(YAN.email))
    return asked


@pytest.mark.parametrize("stage", [Stage.SIGNED_BY_ALL, Stage.SEALING])
def test_what_all_have_signed_is_not_deleted_before_it_is_sealed(client: Client, stage: Stage) -> None:
    asked = signed_by_all(client)
    SignatureRequest.objects.update(stage=stage)
    mails = len(delivered("email"))
    page = content_of(client, address(asked))
    assert SEALED_FIRST in page
    assert "Delete now" not in page
    answer = client.post(address(asked))
    assert answer.status_code == 409
    assert SEALED_FIRST in said(answer.content.decode())
    assert asked.item.revoked_at is None
    assert Content.objects.exists()
    assert not Event.objects.filter(kind=EventKind.DELETED).exists()
    assert len(delivered("email")) == mails


def test_once_it_is_sealed_the_page_says_what_goes_and_what_stays(client: Client) -> None:
    asked = signed_by_all(client)
    assert complete_what_waits()
    page = content_of(client, address(asked))
    assert "those of the signers to the sealed documents among them" in page
    assert "The sealed ones stay for you in Received, until the day that stands there." in page
    mails = len(delivered("email"))
    answer = client.post(address(asked), follow=True)
    assert "No link opens it any more; its line stays here." in answer.content.decode()
    assert asked.row.state_at(database_now()) is RequestState.COMPLETED
    assert len(delivered("email")) == mails
    assert client.get(f"/returns/{asked.row.sealed_whole_id}/").status_code == 200


def test_afterwards_no_link_works_and_the_requests_page_says_so(client: Client) -> None:
    asked = signed_by_all(client)
    assert complete_what_waits()
    until = "Sealed documents kept until"
    assert until in content_of(client, page_of(asked))
    browser = SigningBrowser(ZOE.email).open()
    assert browser.get("sealed").status_code == 200
    client.post(address(asked))
    page = content_of(client, page_of(asked))
    assert until not in page
    assert "You have deleted this request: the signers’ links open nothing any more." in page
    assert "Deleted; the signers’ links stopped" in page
    assert "Send a new link" not in page
    answer = browser.get("sealed")
    assert answer.status_code == 410
    said_outside = said(answer.content.decode())
    assert "The sealed documents are not here any more" in said_outside
    assert "Everybody has signed, and that stays so: Robin Tremblay only ended the links." in said_outside
    renewed = client.post(page_of(asked, "signers", 1, "new-link"), follow=True)
    assert "A new link is on its way" not in renewed.content.decode()
    assert not Link.objects.filter(ended_at=None).exists()


def test_when_a_link_to_what_is_sealed_is_over_its_holder_is_told_that_it_was_signed(client: Client) -> None:
    asked = signed_by_all(client)
    assert complete_what_waits()
    browser = SigningBrowser(ZOE.email).open()
    Participant.objects.update(expires_at=database_now())
    answer = browser.get("sealed")
    assert answer.status_code == 410
    text = said(answer.content.decode())
    assert "only the time of this link is over" in text
    assert "can no longer be signed" not in text
    assert asked.item.revoked_at is None


def test_nobodys_part_is_ended_before_it_is_sealed(client: Client) -> None:
    asked = signed_by_all(client)
    person, sender = asked.signer(0).participant, asked.item.sender
    with pytest.raises(ItemStays):
        revoke_participant(participant=person, by=sender, visitor=visitor(), at=database_now())
    assert asked.signer(0).participant.revoked_at is None


def test_before_everybody_has_signed_it_is_deleted(client: Client) -> None:
    asked = signed_in_requester(client)
    sign_all(opened(asked))
    assert client.post(address(asked)).status_code == 302
    assert asked.row.state_at(database_now()) is RequestState.CANCELLED
