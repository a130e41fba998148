"""What is kept of a request behind its end: ten years where all have signed, else as long as of any other item."""

from datetime import datetime, timedelta

import pytest

from core.db import database_now
from messaging.items.events.forgetting import forget_what_is_over as forget_events
from messaging.items.events.sealing import seal_events
from messaging.items.limits import EVENT_KEPT_DAYS
from messaging.items.models import Event, Item, Participant
from messaging.items.retention import forget_what_is_over
from messaging.items.services.controlling import revoke_item
from messaging.items.services.purging import purge_what_is_old
from signatures.limits import SEALED_KEPT_DAYS, SEALED_KNOWN_DAYS
from signatures.models import SealedDocument, SignatureRequest, Signer
from signatures.retention import forget_sealed_documents
from signatures.services.completing import complete_what_waits
from tests.messaging.items.making import make_sender, visitor
from tests.signatures.signing import YAN, Requested, ask, open_mailed, opened, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]

KEPT, HOUR = timedelta(days=EVENT_KEPT_DAYS), timedelta(hours=1)
TABLES = (Item, Participant, SignatureRequest, Signer, SealedDocument)


def completed() -> Requested:
    asked = ask(make_sender())
    sign_all(opened(asked))
    sign_all(open_mailed(YAN.email))
    assert complete_what_waits()
    return asked


def pass_to(at: datetime, asked: Requested) -> None:
    """Do what the worker would have done at an instant."""
    forget_what_is_over(at)
    seal_events(organization_id=asked.item.organization_id)
    forget_events(at)
    purge_what_is_old(at)
    forget_sealed_documents(at)


def rows() -> set[int]:
    """Return how many rows the tables of a request hold."""
    return {table._default_manager.count() for table in TABLES}


def test_a_request_that_all_signed_is_remembered_for_ten_years() -> None:
    asked = completed()
    completed_at = asked.row.completed_at
    assert completed_at is not None
    pass_to(completed_at + timedelta(days=SEALED_KEPT_DAYS) + KEPT + HOUR, asked)
    forgotten_at = completed_at + timedelta(days=SEALED_KNOWN_DAYS)
    pass_to(forgotten_at - HOUR, asked)
    assert asked.row.completed_at == completed_at
    assert Event.objects.filter(item_id=asked.item.pk).exists()
    assert SealedDocument.objects.exists()
    pass_to(forgotten_at + HOUR, asked)
    assert rows() == {0}
    # What was noted at the very end, that the documents are gone, is over later.
    assert not Event.objects.filter(at__lte=completed_at).exists()


def test_one_that_was_cancelled_goes_as_any_other_item() -> None:
    asked = ask(make_sender())
    revoke_item(item=asked.item, by=asked.item.sender, visitor=visitor(), at=database_now())
    pass_to(database_now() + KEPT - HOUR, asked)
    assert SignatureRequest.objects.exists()
    pass_to(database_now() + KEPT + HOUR, asked)
    assert rows() == {0}
    assert not Event.objects.exists()
