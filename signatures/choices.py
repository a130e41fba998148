"""Closed lists of electronic signature."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RequestState(TextChoices):
    """Where a signature request stands, in the order of the tabs."""

    IN_PROGRESS = "in_progress", pgettext_lazy("state of a signature request", "In progress")
    COMPLETED = "completed", pgettext_lazy("state of a signature request", "Completed")
    EXPIRED = "expired", pgettext_lazy("state of a signature request", "Expired")
    DECLINED = "declined", pgettext_lazy("state of a signature request", "Declined")
    CANCELLED = "cancelled", pgettext_lazy("state of a signature request", "Cancelled")
    DRAFT = "draft", pgettext_lazy("state of a signature request", "Draft")


class MarkKind(TextChoices):
    """The two kinds of mark."""

    SIGNATURE = "signature", _("Signature")
    INITIALS = "initials", _("Initials")


class MarkWay(TextChoices):
    """The ways to make a mark."""

    DRAWN = "draw", _("Draw")
    TYPED = "type", _("Type")
    UPLOADED = "upload", _("Upload")


class ZoneKind(TextChoices):
    """What a signer puts into a zone; the portal writes date and name."""

    SIGNATURE = "signature", _("Signature")
    INITIALS = "initials", _("Initials")
    DATE = "date", _("Signing date")
    NAME = "name", pgettext_lazy("zone", "Name")
    TEXT = "text", pgettext_lazy("zone", "Text")
    CHECKBOX = "checkbox", _("Checkbox")
