"""What a secure message has beyond what every item has, and the drafts."""

import uuid

from django.conf import settings
from django.db import models

from messaging.items.models import Item
from messaging.messages.choices import ReplyKind


class Message(models.Model):
    """A secure message: text and files for recipients."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, primary_key=True, related_name="message")
    reply_kind = models.CharField(max_length=10, choices=ReplyKind)
    is_subject_shown = models.BooleanField(default=True)
    is_read_receipt_asked = models.BooleanField(default=True)
    is_owner_proof_asked = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"message {self.item_id}"


class Draft(models.Model):
    """A message that was begun and not sent.

    What was typed is sealed under the data key the message will have, and the files are too. The data key is sealed
    under the key of a day, and again under a newer one while the draft lives; sending deletes it here.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts")
    form_key = models.UUIDField()
    whole_id = models.UUIDField(unique=True, default=uuid.uuid4)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    sealed = models.BinaryField()
    key_sealed = models.BinaryField(max_length=80)
    key_sealed_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "form_key"], name="secure_messages_draft_once")]
        indexes = [
            models.Index(fields=["owner", "-changed_at", "-id"], name="secure_messages_draft_of_owner"),
            models.Index(fields=["key_sealed_on"], name="secure_messages_draft_to_seal"),
            models.Index(fields=["changed_at"], name="secure_messages_draft_to_drop"),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"
