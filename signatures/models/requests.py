"""Signature requests and who signs them."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from messaging.items.models import Item, Participant
from signatures.choices import RequestState, Stage


class SignatureRequest(models.Model):
    """What a signature request has beyond what every item has: how far it has come.

    Whoever seals holds a lease under a claim of their own: of two workers one completes it, and what a killed one left
    is taken up again. Source: docs/decisions/0068-completing.md
    """

    item = models.OneToOneField(Item, on_delete=models.PROTECT, primary_key=True, related_name="signature_request")
    stage = models.CharField(max_length=15, choices=Stage, default=Stage.IN_PROGRESS)
    is_owner_proof_asked = models.BooleanField(default=False)
    ends_at = models.DateTimeField()
    end_warned_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    signed_by_all_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    next_try_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    sealed_whole_id = models.UUIDField(null=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stage=Stage.COMPLETED, completed_at__isnull=False, sealed_whole_id__isnull=False)
                | (~Q(stage=Stage.COMPLETED) & Q(completed_at=None, sealed_whole_id=None)),
                name="signatures_request_completed_whole",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.IN_PROGRESS) | Q(declined_at=None), name="signatures_request_declined_stays"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(stage__in=[Stage.SIGNED_BY_ALL, Stage.SEALING]),
                name="signatures_request_to_seal",
            ),
            models.Index(
                fields=["ends_at"],
                condition=Q(stage=Stage.IN_PROGRESS, end_warned_at=None),
                name="signatures_request_to_warn",
            ),
        ]

    def __str__(self) -> str:
        return f"signature request {self.item_id}"

    def state_at(self, at: datetime) -> RequestState:
        """Return where the request stands at an aware instant; its item is loaded with it."""
        if self.stage == Stage.COMPLETED:
            return RequestState.COMPLETED
        if self.item.revoked_at is not None:
            return RequestState.CANCELLED
        if self.declined_at is not None:
            return RequestState.DECLINED
        is_over = self.stage == Stage.IN_PROGRESS and self.ends_at <= at
        return RequestState.EXPIRED if is_over else RequestState.IN_PROGRESS


class Signer(models.Model):
    """What a person has as a signer: their turn, and what they did. What they gave is sealed under the item's key.

    `place` is their place in the request as it was prepared, from 0.
    """

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, primary_key=True, related_name="signer")
    request = models.ForeignKey(SignatureRequest, on_delete=models.PROTECT, related_name="signers")
    place = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    consented_at = models.DateTimeField(null=True)
    answers_sealed = models.BinaryField(null=True)
    signed_at = models.DateTimeField(null=True)
    reason_sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "place"], name="signatures_signer_in_order"),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(consented_at__isnull=False), name="signatures_signer_consents_first"
            ),
        ]

    def __str__(self) -> str:
        return f"signer {self.participant_id}"

    @property
    def number(self) -> int:
        """How people count their place, from 1."""
        return self.place + 1
