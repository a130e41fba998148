"""Closed lists of electronic signature."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KIND = "signature_request"
# First part of the address of a signer's link.
LINK_PREFIX = "s"


class Stage(TextChoices):
    """How far a request has come on its way to the sealed documents; only forward."""

    IN_PROGRESS = "in_progress"
    SIGNED_BY_ALL = "signed_by_all"
    SEALING = "sealing"
    COMPLETED = "completed"


class RequestState(TextChoices):
    """Where a signature request stands, in the order of the tabs."""

    IN_PROGRESS = "in_progress", pgettext_lazy("state of a signature request", "In progress")
    COMPLETED = "completed", pgettext_lazy("state of a signature request", "Completed")
    EXPIRED = "expired", pgettext_lazy("state of a signature request", "Expired")
    DECLINED = "declined", pgettext_lazy("state of a signature request", "Declined")
    CANCELLED = "cancelled", pgettext_lazy("state of a signature request", "Cancelled")
    DRAFT = "draft", pgettext_lazy("state of a signature request", "Draft")


class SignerState(TextChoices):
    """How far a signer has come."""

    WAITING = "waiting", pgettext_lazy("state of a signer", "Waits for others")
    NOT_ASKED = "not_asked", pgettext_lazy("state of a signer", "Was not asked any more")
    ON_ITS_WAY = "on_its_way", pgettext_lazy("state of a signer", "E-mail on its way")
    HANDED_OVER = "handed_over", pgettext_lazy("state of a signer", "E-mail handed over")
    NOT_DELIVERED = "not_delivered", pgettext_lazy("state of a signer", "E-mail not delivered")
    OPENED = "opened", pgettext_lazy("state of a signer", "Opened")
    CODE_FAILED = "code_failed", pgettext_lazy("state of a signer", "Code failed")
    SIGNED = "signed", pgettext_lazy("state of a signer", "Signed")
    DECLINED = "declined", pgettext_lazy("state of a signer", "Declined to sign")


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
