"""Deleting a request in the log: what everybody has signed is sealed first."""

import pytest
from django.test import Client

from core.db import database_now
from messaging.items.errors import ItemStays
from messaging.items.events.kinds import EventKind
from messaging.items.models import Content, Event
from messaging.items.services.controlling import revoke_participant
from signatures.choices import RequestState, Stage
from signatures.models import SignatureRequest
from signatures.services.completing import complete_what_waits
from tests.messaging.items.making import visitor
from tests.outbox import delivered
from tests.signatures.following import content_of, said, signed_in_requester
from tests.signatures.signing import YAN, Requested, open_mailed, opened, sign_all

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


def test_once_it_is_sealed_it_can_be_deleted(client: Client) -> None:
    asked = signed_by_all(client)
    assert complete_what_waits()
    assert "Delete now" in content_of(client, address(asked))
    assert client.post(address(asked)).status_code == 302
    assert asked.row.state_at(database_now()) is RequestState.COMPLETED


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
