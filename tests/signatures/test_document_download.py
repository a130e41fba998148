"""The documents of a request as they were sent, for their requester while they are kept."""

import hashlib

import pytest
from django.test import Client

from core.blobs import blobs
from messaging.items.events.kinds import EventKind
from messaging.items.models import Blob, Event
from signatures.services.controlling import cancel
from tests.messaging.items.making import visitor
from tests.signatures.following import page_of, signed_in_requester
from tests.signatures.signing import clean

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]


def test_the_requester_gets_exactly_what_was_presented(client: Client) -> None:
    asked = signed_in_requester(client)
    answer = client.get(page_of(asked, "documents", 1))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert hashlib.sha256(content).digest() == hashlib.sha256(clean().data).digest()
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "Lease" in answer.headers["Content-Disposition"]
    event = Event.objects.get(kind=EventKind.FILE_DOWNLOADED)
    assert event.participant_id is None


def test_a_document_that_is_none_does_not_exist(client: Client) -> None:
    asked = signed_in_requester(client)
    assert client.get(page_of(asked, "documents", 2)).status_code == 404
    assert client.get(page_of(asked, "documents", 0)).status_code == 404


def test_what_is_gone_does_not_exist(client: Client) -> None:
    asked = signed_in_requester(client)
    cancel(item=asked.item, by=asked.item.sender, visitor=visitor())
    assert client.get(page_of(asked, "documents", 1)).status_code == 404


def test_a_file_that_is_gone_is_said(client: Client) -> None:
    asked = signed_in_requester(client)
    blobs().delete(Blob.objects.get().name)
    answer = client.get(page_of(asked, "documents", 1), follow=True)
    assert "Your copy is damaged, so nothing of it was given out." in answer.content.decode()
    assert not Event.objects.filter(kind=EventKind.FILE_DOWNLOADED).exists()
