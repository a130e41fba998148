"""What was sent, and to whom."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from accounts.limits import EMAIL_MOST_CHARACTERS, NAME_MOST_CHARACTERS
from accounts.models import Organization, fold_email
from core import keys
from core.crypto.sealing import seal, unseal
from core.folding import folded
from core.sms.numbers import number_digest
from licenses.models import License
from messaging.items.choices import Proof, Role, State
from messaging.items.limits import EVENT_KEPT_DAYS, NUMBER_DIGITS_SHOWN, REFERENCE_CHARACTERS
from messaging.items.references import shown_reference
from messaging.items.standing import item_at, part_at

NUMBER_PLACE = "items_participant:number:{holder}"


def log_is_kept(at: datetime) -> Q:
    """Return the condition under which the log of an item is still kept at an aware instant."""
    ended_lately = GreaterThanOrEqual(Coalesce("revoked_at", "expires_at"), at - timedelta(days=EVENT_KEPT_DAYS))
    return Q(ended_lately) | Q(log_kept_until__gte=at)


class Item(models.Model):
    """One thing sent or asked for.

    `whole_id` names it in containers and wraps. Content is sealed under a data key that stands here twice at most: in
    each link's wrap, and in the sender's copy.
    """

    whole_id = models.UUIDField(unique=True, default=uuid.uuid4)
    reference = models.CharField(max_length=REFERENCE_CHARACTERS, unique=True)
    kind = models.CharField(max_length=20)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="items")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="items")
    license = models.ForeignKey(License, on_delete=models.PROTECT, related_name="items")
    form_key = models.UUIDField()
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    longest_until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    shredded_at = models.DateTimeField(null=True)
    # Where what happened is kept longer than of other items.
    log_kept_until = models.DateTimeField(null=True)
    unread_warned_at = models.DateTimeField(null=True)
    key_commitment = models.BinaryField(max_length=32)
    copy_box = models.BinaryField(max_length=200, null=True)
    label_sealed = models.BinaryField(max_length=100_000, null=True)
    # Monday of the week in which it ends, under whose key copy and label are; earlier versions wrote none.
    week_on = models.DateField(null=True)
    file_count = models.PositiveIntegerField(default=0)
    size_bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "form_key"], name="items_item_sent_once"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="items_item_lives"),
            models.CheckConstraint(condition=Q(longest_until__gte=F("expires_at")), name="items_item_ends_in_time"),
        ]
        indexes = [
            models.Index(fields=["sender", "organization", "-sent_at", "-id"], name="items_item_of_sender"),
            models.Index(fields=["organization", "-sent_at", "-id"], name="items_item_of_organization"),
            models.Index(fields=["expires_at"], condition=Q(shredded_at=None), name="items_item_to_shred"),
            models.Index(
                fields=["sender", "size_bytes"], condition=Q(shredded_at=None), name="items_item_kept_for_sender"
            ),
            models.Index(fields=["id"], condition=Q(week_on=None, shredded_at=None), name="items_item_without_week"),
        ]

    def __str__(self) -> str:
        return self.reference

    def has_copy_at(self, at: datetime) -> bool:
        """Tell whether there is a copy for the sender at an aware instant; after the end the worker destroys it."""
        return self.copy_box is not None and self.expires_at > at

    def state_at(self, at: datetime, participants: "list[Participant]") -> State:
        """Return how the item stands at an aware instant, from how its people stand."""
        return item_at(at, revoked_at=self.revoked_at, parts=participants)


class Participant(models.Model):
    """A person outside who has a part in an item: how they are reached, and how far they have come.

    Without an e-mail address the sender hands the link over: nothing is mailed to this person. Who waits has no link
    yet, since others come first.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="participants")
    holder_id = models.UUIDField(unique=True, default=uuid.uuid4)
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=10, choices=Role, default=Role.TO)
    name = models.CharField(max_length=NAME_MOST_CHARACTERS, blank=True)
    email = models.CharField(max_length=EMAIL_MOST_CHARACTERS, blank=True)
    email_key = models.CharField(max_length=EMAIL_MOST_CHARACTERS, blank=True)
    name_key = models.TextField(blank=True)
    number_sealed = models.BinaryField(max_length=80, null=True)
    number_digest = models.BinaryField(max_length=32, null=True)
    proof = models.CharField(max_length=20, choices=Proof)
    expires_at = models.DateTimeField()
    openings_allowed = models.PositiveSmallIntegerField()
    openings_used = models.PositiveSmallIntegerField(default=0)
    # With links that were replaced: a new link has all its openings again, and these stay counted.
    openings_before = models.PositiveIntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=60, blank=True)
    first_opened_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    is_waiting = models.BooleanField(default=False)
    declined_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "position"], name="items_participant_in_order"),
            models.CheckConstraint(
                condition=Q(openings_used__lte=F("openings_allowed")), name="items_participant_openings_end"
            ),
        ]
        indexes = [models.Index(fields=["email_key", "item"], name="items_participant_by_address")]

    def __str__(self) -> str:
        return f"participant {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep address and name in the form in which they are looked for beside what was typed."""
        self.email_key, self.name_key = fold_email(self.email), folded(self.name)
        super().save(*args, **kwargs)

    @property
    def openings_in_all(self) -> int:
        """How often this person opened the item, with whichever link."""
        return self.openings_before + self.openings_used

    @property
    def openings_allowed_in_all(self) -> int:
        """How often this person may open it, counting what was opened with links that were replaced."""
        return self.openings_before + self.openings_allowed

    @property
    def proof_kind(self) -> Proof:
        """What this person is asked before reading."""
        return Proof(self.proof)

    @property
    def called(self) -> str:
        """How the sender knows this person: by address, or by the reference of what they were handed."""
        return self.email or shown_reference(self.item.reference)

    @property
    def number(self) -> str:
        """The cell number in E.164 form, or nothing."""
        if self.number_sealed is None:
            return ""
        place = NUMBER_PLACE.format(holder=self.holder_id)
        return unseal(keys.derived("participant numbers"), bytes(self.number_sealed), place=place).decode()

    @property
    def number_end(self) -> str:
        """The last digits of the cell number, all that a page may show."""
        return self.number[-NUMBER_DIGITS_SHOWN:]

    def keep_number(self, e164: str) -> None:
        """Put a number on this row, sealed; the caller saves."""
        place = NUMBER_PLACE.format(holder=self.holder_id)
        self.number_sealed = seal(keys.derived("participant numbers"), e164.encode(), place=place) if e164 else None
        self.number_digest = number_digest(e164) if e164 else None

    def state_at(self, at: datetime) -> State:
        """Return how this person's part stands at an aware instant."""
        return part_at(at, self)
