"""What can be bought."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from licenses.choices import PeriodUnit
from licenses.limits import NAME_MOST_CHARACTERS, PLAN_RANGES


class Plan(models.Model):
    """A plan as sold: its limits, its features, its price. Zero means: not included."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    rank = models.PositiveSmallIntegerField(_("rank"), unique=True)
    name_en = models.CharField(_("name in English"), max_length=NAME_MOST_CHARACTERS)
    name_fr = models.CharField(_("name in French"), max_length=NAME_MOST_CHARACTERS)
    messages_per_month = models.PositiveIntegerField(_("messages a month"))
    is_shown_as_unlimited = models.BooleanField(default=False)
    attachments_bytes = models.PositiveBigIntegerField(default=0)
    files_per_send = models.PositiveIntegerField(default=0)
    recipients_per_message = models.PositiveIntegerField()
    open_envelopes = models.PositiveIntegerField(default=0)
    signers_per_request = models.PositiveIntegerField(default=0)
    has_signature_tracking = models.BooleanField(default=False)
    has_return_protection = models.BooleanField(default=False)
    longest_life_days = models.PositiveIntegerField()
    stored_bytes = models.PositiveBigIntegerField()
    sends_per_hour = models.PositiveIntegerField()
    recipients_per_hour = models.PositiveIntegerField()
    price_cents = models.PositiveIntegerField(_("price in cents"), default=0)
    period_length = models.PositiveSmallIntegerField(_("length of a period"), default=1)
    period_unit = models.CharField(_("unit of the period"), max_length=5, choices=PeriodUnit, default=PeriodUnit.YEAR)
    is_renewed = models.BooleanField(_("renews by itself"), default=True)
    is_offered = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["rank"]
        constraints = [
            *(
                models.CheckConstraint(
                    condition=Q((f"{name}__gte", least), (f"{name}__lte", most)), name=f"licenses_plan_{name}_in_range"
                )
                for name, (least, most) in PLAN_RANGES.items()
            ),
        ]

    def __str__(self) -> str:
        """The name in the language of the page or mail that is written."""
        return self.name_fr if (get_language() or "").startswith("fr") else self.name_en
