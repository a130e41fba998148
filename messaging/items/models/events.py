"""What happened to items: one row an event, numbered and chained by the sealing job, never changed.

Nothing has a foreign key to an event, no unique constraint stands on it but its key, and each query bounds the instant:
the table can be cut into months later. Source: docs/decisions/0031-event-log.md
"""

import hmac

from django.db import models
from django.db.models import Q

from core import keys
from core.crypto.sealing import keyed_hash


class Event(models.Model):
    """One thing that happened: its facts, and commitments to the personal values that stand beside it."""

    at = models.DateTimeField()
    organization_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    item_id = models.BigIntegerField()
    participant_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=60)
    facts = models.JSONField()
    commitments = models.JSONField()
    number = models.BigIntegerField(null=True)
    digest = models.BinaryField(max_length=32, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["item_id", "-at", "-id"], name="items_event_of_item"),
            models.Index(fields=["organization_id", "id"], condition=Q(number=None), name="items_event_unsealed"),
            models.Index(fields=["organization_id", "number"], name="items_event_in_chain"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class EventPerson(models.Model):
    """The personal values of an event, each with the salt of its commitment; erased value by value."""

    event_id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    fields = models.JSONField()
    shortened_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["at"], condition=Q(shortened_at=None), name="items_person_to_shorten"),
            models.Index(fields=["at"], condition=Q(shortened_at__isnull=False), name="items_person_shortened"),
        ]

    def __str__(self) -> str:
        return f"people of event {self.event_id}"


class ChainHead(models.Model):
    """The newest number and digest of an organization's chain, and where a purged beginning ended.

    Both are signed with a key that is not in the database: who can only write here can move neither end.
    """

    organization_id = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField(default=0)
    digest = models.BinaryField(max_length=32)
    purged_number = models.BigIntegerField(default=0)
    purged_digest = models.BinaryField(max_length=32)
    tag = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"chain of organization {self.organization_id} at {self.number}"

    @property
    def is_ours(self) -> bool:
        """Tell whether this portal wrote both ends as they stand."""
        return hmac.compare_digest(self._own_tag(), bytes(self.tag))

    def sign(self) -> None:
        """Put the tag of both ends on this row; the caller saves."""
        self.tag = self._own_tag()

    def _own_tag(self) -> bytes:
        ends = (self.organization_id, self.number, self.purged_number)
        key = keys.derived("ends of event chains")
        return keyed_hash(key, *map(str, ends), bytes(self.digest), bytes(self.purged_digest))


class QuarterHour(models.Model):
    """How often one kind of event happened to a person's items in one quarter hour of UTC."""

    organization_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    starts_at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    events = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    size_bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "user_id", "starts_at", "kind"], name="items_quarterhour_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.events} {self.kind} at {self.starts_at}"
