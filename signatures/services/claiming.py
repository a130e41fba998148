"""Which request a worker seals: one at a time, claimed for as long as a lease lasts.

A worker that was killed leaves a claim that ends; the next one begins from what was presented.
Source: docs/decisions/0068-completing.md
"""

import uuid
from datetime import datetime, timedelta

from django.db.models import Q

from core.db import database_now
from signatures.choices import Stage
from signatures.limits import SEALING_AGAIN_SECONDS, SEALING_LEASE_SECONDS
from signatures.models import SignatureRequest


def claim_next() -> tuple[int, uuid.UUID] | None:
    """Take the request that has waited longest, and return its key with the claim; None where none is due."""
    now, claim = database_now(), uuid.uuid4()
    due = SignatureRequest.objects.filter(_is_due(now), item__revoked_at=None).order_by("next_try_at")
    pk = due.values_list("pk", flat=True).first()
    if pk is None:
        return None
    until = now + timedelta(seconds=SEALING_LEASE_SECONDS)
    mine = SignatureRequest.objects.filter(_is_due(now), pk=pk)
    if not mine.update(stage=Stage.SEALING, claim=claim, next_try_at=until):
        return None
    return pk, claim


def try_again(pk: int, claim: uuid.UUID) -> None:
    """Put a request back, for a later try, if the claim still holds."""
    later = database_now() + timedelta(seconds=SEALING_AGAIN_SECONDS)
    held = SignatureRequest.objects.filter(pk=pk, claim=claim, stage=Stage.SEALING)
    held.update(stage=Stage.SIGNED_BY_ALL, claim=None, next_try_at=later)


def _is_due(now: datetime) -> Q:
    return Q(stage__in=[Stage.SIGNED_BY_ALL, Stage.SEALING], next_try_at__lte=now)
