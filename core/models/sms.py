"""The rows behind text messages: what became of each, and what stops them while the portal runs."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.sms.errors import country_name


class Text(models.Model):
    """The delivery record of one text message, without its words and its number.

    `account_ref` and `organization_ref` name rows of an app above by text, so that none has to exist for a text to be
    remembered. `confirmed_at` is when the code in it was typed, for the share of confirmed codes of a country.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        UNKNOWN = "unknown"
        QUEUED = "queued"
        SENT = "sent"
        DELIVERED = "delivered"
        UNDELIVERED = "undelivered"
        FAILED = "failed"

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=40)
    is_code = models.BooleanField(default=True)
    region = models.CharField(max_length=2)
    number_digest = models.BinaryField(max_length=32)
    account_ref = models.CharField(max_length=80, blank=True)
    organization_ref = models.CharField(max_length=80, blank=True)
    provider_id = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    error_code = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["region", "created_at"], condition=Q(is_code=True), name="core_text_codes_of_region"),
            models.Index(fields=["account_ref", "created_at"], name="core_text_of_account"),
            models.Index(fields=["number_digest", "created_at"], name="core_text_to_number"),
            models.Index(fields=["created_at"], name="core_text_age"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["provider_id"], condition=~Q(provider_id=""), name="core_text_one_per_provider_id"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["queued", "sent", "delivered", "undelivered"]) | ~Q(provider_id=""),
                name="core_text_handed_over_has_provider_id",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sending", "unknown"]) | Q(asked_at__isnull=False),
                name="core_text_in_doubt_was_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.key}"


class TextSwitch(models.Model):
    """The one row that says whether texts are sent now, and to which countries they are not."""

    is_off = models.BooleanField(_("all text messages are switched off"), default=False)
    regions_off = models.JSONField(_("countries switched off"), default=list, blank=True)

    class Meta:
        verbose_name = _("text-message switch")
        verbose_name_plural = _("text-message switch")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="core_textswitch_one_row")]

    def __str__(self) -> str:
        return gettext("Text messages")


class CountryStop(models.Model):
    """One time that a country stopped by itself; without `ended_at` it stands.

    `sent` and `confirmed` are the codes of the hour before it. Where somebody let the country go on, `is_let_go_on` is
    true and no code from before `ended_at` counts any more.
    """

    region = models.CharField(_("country"), max_length=2)
    began_at = models.DateTimeField()
    sent = models.PositiveIntegerField(_("codes sent"))
    confirmed = models.PositiveIntegerField(_("codes typed"))
    ended_at = models.DateTimeField(null=True)
    is_let_go_on = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("stopped country")
        verbose_name_plural = _("stopped countries")
        constraints = [
            models.UniqueConstraint(
                fields=["region"], condition=Q(ended_at=None), name="core_countrystop_one_stands_per_region"
            ),
            models.CheckConstraint(
                condition=Q(is_let_go_on=False) | Q(ended_at__isnull=False), name="core_countrystop_let_go_on_is_over"
            ),
        ]

    def __str__(self) -> str:
        return country_name(self.region)
