"""Sealed content, and the keys of accounts."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from messaging.items.choices import ReturnKind
from messaging.items.models.items import Item, Participant


class Content(models.Model):
    """The sealed manifest of a whole: its texts, and the names of its files."""

    whole_id = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"content of {self.whole_id}"


class Blob(models.Model):
    """One sealed file of a whole; until the whole is sent it is kept for a draft, and swept when that is forgotten."""

    whole_id = models.UUIDField(db_index=True)
    file_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=80, unique=True)
    plain_bytes = models.PositiveBigIntegerField()
    sealed_bytes = models.PositiveBigIntegerField()
    kept_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["kept_until"], condition=Q(kept_until__isnull=False), name="items_blob_to_sweep")
        ]

    def __str__(self) -> str:
        return f"blob {self.file_id}"


class AccountKey(models.Model):
    """A person's key pair for what comes back and for kept copies, and the key of their log's labels."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="account_key"
    )
    public_key = models.BinaryField(max_length=32)
    private_sealed = models.BinaryField(max_length=80)
    label_key_sealed = models.BinaryField(max_length=80)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"key of user {self.user_id}"


class Return(models.Model):
    """Something that came back: a reply, or the content of an envelope. Its data key is closed for the owner."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="returns")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="returns")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="returns")
    whole_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=12, choices=ReturnKind)
    form_key = models.UUIDField()
    # Of what came before it was kept, and of what the portal put together by itself, there is none.
    body_digest = models.BinaryField(max_length=32, null=True)
    arrived_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    key_commitment = models.BinaryField(max_length=32)
    box = models.BinaryField(max_length=200, null=True)
    # Monday of the week in which it ends, under whose key the box is; earlier versions wrote none.
    week_on = models.DateField(null=True)
    file_count = models.PositiveIntegerField(default=0)
    size_bytes = models.PositiveBigIntegerField(default=0)
    is_owner_proof_asked = models.BooleanField(default=False)
    unread_warned_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    shredded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "form_key"], name="items_return_arrived_once"),
            models.CheckConstraint(
                condition=Q(shredded_at=None) | Q(box=None), name="items_return_shredded_opens_nothing"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-arrived_at", "-id"], name="items_return_of_owner"),
            models.Index(
                fields=["owner", "-arrived_at", "-id"],
                condition=Q(read_at=None, shredded_at=None),
                name="items_return_unread",
            ),
            models.Index(
                fields=["expires_at"],
                condition=Q(read_at=None, shredded_at=None, unread_warned_at=None),
                name="items_return_to_warn_of",
            ),
            models.Index(
                fields=["owner", "size_bytes"], condition=Q(shredded_at=None), name="items_return_kept_for_owner"
            ),
            models.Index(fields=["id"], condition=Q(week_on=None, shredded_at=None), name="items_return_without_week"),
        ]

    def __str__(self) -> str:
        return f"return {self.pk}"
