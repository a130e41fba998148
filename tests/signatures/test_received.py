"""What everybody has signed lies under Received, beside replies and deliveries, and in the log and the statistics."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.items.models import Blob, Return
from signatures.pdf.verdicts import Outcome
from signatures.sealers import verify_file
from signatures.services.completing import complete_what_waits
from tests.cast import sign_in
from tests.messaging.activity.test_statistics import STATISTICS, tiles
from tests.messaging.items.making import make_sender
from tests.signatures.signing import TITLE, ZOE, ask, opened, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]


@pytest.fixture
def signed(client: Client) -> Return:
    """A request that its one signer has signed, sealed; its requester is signed in."""
    sender = make_sender()
    sign_all(opened(ask(sender, [ZOE])))
    complete_what_waits()
    sign_in(client, sender)
    return Return.objects.get()


def test_the_requester_finds_and_fetches_it(client: Client, signed: Return) -> None:
    page = client.get(reverse("messages:returns")).content.decode()
    assert "Signed document" in page
    assert TITLE in page
    client.post(reverse("messages:return_read", args=[signed.whole_id]))
    detail = client.get(reverse("messages:return_detail", args=[signed.whole_id])).content.decode()
    assert "Lease 1.pdf" in detail
    file_id = Blob.objects.get(whole_id=signed.whole_id).file_id
    answer = client.get(reverse("messages:return_file", args=[signed.whole_id, file_id]))
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    assert verify_file(data).outcome == Outcome.SEALED


def test_the_log_shows_the_request_and_the_statistics_count_the_signature(client: Client, signed: Return) -> None:
    page = client.get(reverse("activity:log")).content.decode()
    assert "Signature request" in page
    assert TITLE in page
    assert tiles(client.get(STATISTICS).content.decode())["Signatures"] == "1 before: 0"
