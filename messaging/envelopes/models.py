"""What an envelope has beyond what every item has, and the receipts of what was handed over."""

from django.db import models
from django.db.models import F, Q

from messaging.envelopes.choices import Way
from messaging.envelopes.limits import USES
from messaging.items.models import Item, Return


class Envelope(models.Model):
    """A link by which a person outside hands over text and files, as often as it may be used."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, primary_key=True, related_name="envelope")
    way = models.CharField(max_length=10, choices=Way)
    uses_allowed = models.PositiveSmallIntegerField(default=USES)
    uses = models.PositiveSmallIntegerField(default=0)
    is_owner_proof_asked = models.BooleanField(default=False)
    is_text_only = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(uses__lte=F("uses_allowed")), name="envelopes_envelope_uses_end")
        ]

    def __str__(self) -> str:
        return f"envelope {self.item_id}"


class Receipt(models.Model):
    """What is shown to the person outside of what they handed over: sealed for whoever has the secret of the link."""

    returned = models.OneToOneField(Return, on_delete=models.PROTECT, primary_key=True, related_name="receipt")
    sealed = models.BinaryField()
    week_on = models.DateField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"receipt of return {self.returned_id}"
