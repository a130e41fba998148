"""A file that is not found whole after it was sealed is given to nobody. Statement 153."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.db import database_now
from messaging.items.events.kinds import EventKind
from messaging.items.models import Event, Return
from signatures.choices import Stage
from signatures.models import SealedDocument, SignatureRequest
from signatures.pdf.sealing import PRESENTED_BYTES
from signatures.services import completing
from signatures.services.claiming import claim_next
from signatures.services.completing import SealedWrongly, complete, complete_what_waits
from signatures.services.sealing import set_seal
from tests.messaging.items.making import make_sender
from tests.outbox import delivered
from tests.signatures.pdf.seals import document
from tests.signatures.signing import YAN, ZOE, Requested, ask, open_mailed, opened, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]

Sealing = Callable[..., bytes]


def altered(source: bytes, **how: Any) -> bytes:
    """Seal as asked, and lose the number that says what was presented."""
    sealed = set_seal(source, **how)
    start = sealed.index(PRESENTED_BYTES.encode()) + len(PRESENTED_BYTES) + 1
    return sealed[:start] + bytes([sealed[start] ^ 1]) + sealed[start + 1 :]


def grown(source: bytes, **how: Any) -> bytes:
    """Seal as asked, and put a line behind."""
    return set_seal(source, **how) + b"\n"


def of_another_document(source: bytes, **how: Any) -> bytes:
    """Seal properly what nobody was shown."""
    assert source != document()
    return set_seal(document(), **{**how, "stamps": ()})


def unsealed(source: bytes, **_how: Any) -> bytes:
    """Hand back what was presented."""
    return source


def signed_by_all() -> Requested:
    asked = ask(make_sender())
    sign_all(opened(asked))
    sign_all(open_mailed(YAN.email))
    return asked


def claimed_again() -> tuple[int, uuid.UUID]:
    """Claim what waits, after whatever lease there was."""
    SignatureRequest.objects.update(next_try_at=database_now() - timedelta(seconds=1))
    claimed = claim_next()
    assert claimed is not None
    return claimed


@pytest.mark.parametrize("setting_seal", [altered, grown, of_another_document, unsealed], ids=lambda one: one.__name__)
def test_153_what_is_not_found_whole_is_given_to_nobody_and_an_honest_round_completes(
    setting_seal: Sealing, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = signed_by_all()
    mails = len(delivered("email"))
    with monkeypatch.context() as patched:
        patched.setattr(completing, "set_seal", setting_seal)
        with pytest.raises(SealedWrongly):
            complete(*claimed_again())
        assert not SealedDocument.objects.exists()
        assert asked.row.stage == Stage.SEALING
        # The worker writes the fault down and goes on with what else waits.
        SignatureRequest.objects.update(next_try_at=database_now() - timedelta(seconds=1))
        assert complete_what_waits()
    row = asked.row
    assert (row.stage, row.completed_at, row.sealed_whole_id) == (Stage.SEALING, None, None)
    assert not Return.objects.exists()
    assert not SealedDocument.objects.exists()
    assert not Event.objects.filter(kind=EventKind.SEALED).exists()
    assert len(delivered("email")) == mails
    assert complete(*claimed_again())
    assert asked.row.stage == Stage.COMPLETED
    assert (Return.objects.count(), SealedDocument.objects.count()) == (1, 1)
    assert open_mailed(ZOE.email)
