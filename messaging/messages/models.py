"""What a secure message has beyond what every item has."""

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
