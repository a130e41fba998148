"""Closed lists of the licenses app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Feature(TextChoices):
    """What a plan may include."""

    ATTACHMENTS = "attachments"
    ENVELOPES = "envelopes"
    SIGNATURE_REQUESTS = "signature_requests"
    SIGNATURE_TRACKING = "signature_tracking"
    RETURN_PROTECTION = "return_protection"


class PeriodUnit(TextChoices):
    """What the length of a period is counted in."""

    DAY = "day", _("Day")
    MONTH = "month", _("Month")
    YEAR = "year", _("Year")
