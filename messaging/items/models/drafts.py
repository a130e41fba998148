"""What was begun and not sent."""

import uuid

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """An item that was begun and not sent; `kind` is the word the item will have.

    What was typed is sealed under the data key the item will have, and the files are too. The data key is sealed
    under the key of a day, and again under a newer one while the draft lives; sending deletes it here.
    """

    kind = models.CharField(max_length=20)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts")
    form_key = models.UUIDField()
    whole_id = models.UUIDField(unique=True, default=uuid.uuid4)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    sealed = models.BinaryField()
    key_sealed = models.BinaryField(max_length=80)
    key_sealed_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "form_key"], name="items_draft_once")]
        indexes = [
            models.Index(fields=["owner", "kind", "-changed_at", "-id"], name="items_draft_of_owner"),
            models.Index(fields=["key_sealed_on"], name="items_draft_to_seal"),
            models.Index(fields=["changed_at"], name="items_draft_to_drop"),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"
