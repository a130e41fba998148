"""What the rows of signature requests promise, and that a broken promise is seen."""

import pytest

from core.db import database_now
from messaging.items.models import Return
from signatures.choices import Stage
from signatures.invariants import incomplete_requests, wrong_stages, wrongly_completed_requests
from signatures.models import SealedDocument, SignatureRequest, Signer
from signatures.services.completing import complete_what_waits
from tests.messaging.items.making import make_sender
from tests.signatures.signing import ZOE, Requested, ask, opened, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]


def completed() -> Requested:
    asked = ask(make_sender(), [ZOE])
    sign_all(opened(asked))
    complete_what_waits()
    return asked


def broken() -> list[str]:
    return [*incomplete_requests(), *wrong_stages(), *wrongly_completed_requests()]


def test_requests_on_their_way_and_completed_keep_every_promise() -> None:
    sender = make_sender()
    ask(sender)
    signed = ask(sender, [ZOE])
    sign_all(opened(signed))
    assert broken() == []
    complete_what_waits()
    assert signed.row.stage == Stage.COMPLETED
    assert broken() == []


def test_a_missing_row_is_seen() -> None:
    asked = ask(make_sender(), [ZOE])
    Signer.objects.all().delete()
    (line,) = incomplete_requests()
    assert "is no signer" in line
    SignatureRequest.objects.all().delete()
    assert f"item {asked.item.pk}: its signature request is missing" in list(incomplete_requests())


def test_a_stage_that_nobody_reached_is_seen() -> None:
    asked = ask(make_sender(), [ZOE])
    SignatureRequest.objects.update(stage=Stage.SIGNED_BY_ALL)
    assert len(list(wrong_stages())) == 1
    SignatureRequest.objects.update(stage=Stage.IN_PROGRESS)
    assert broken() == []
    Signer.objects.filter(pk=asked.signer(0).pk).update(consented_at=database_now(), signed_at=database_now())
    assert len(list(wrong_stages())) == 1


def test_completed_without_documents_and_documents_without_completion_are_seen() -> None:
    completed()
    SealedDocument.objects.all().delete()
    assert len(list(wrongly_completed_requests())) == 1
    Return.objects.update(kind="reply")
    assert "0 sets" in next(wrongly_completed_requests())
    Return.objects.update(kind="signed")
    SignatureRequest.objects.update(stage=Stage.SEALING, completed_at=None, sealed_whole_id=None)
    assert "is not completed" in next(wrongly_completed_requests())
