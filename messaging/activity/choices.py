"""Closed lists of the log: the states and kinds of an item, the columns, the two parts of the page."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Part(TextChoices):
    """The two parts of the page."""

    LOG = "log", _("Log")
    STATISTICS = "statistics", _("Statistics")


class ItemStatus(TextChoices):
    """Where an item stands."""

    SENDING = "sending", _("Sending")
    NOT_OPENED = "not_opened", _("Not opened")
    OPEN = "open", pgettext_lazy("state of an item", "Open")
    USED_UP = "used_up", _("Openings used up")
    EXPIRED = "expired", pgettext_lazy("state of an item", "Expired")
    DELETED = "deleted", _("Deleted")
    FAILED = "failed", _("Not delivered")
    IN_PROGRESS = "in_progress", _("In progress")
    SEALING = "sealing", _("Being sealed")
    COMPLETED = "completed", _("Completed")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Cancelled")
    CLOSED = "closed", _("Closed")


class ItemKind(TextChoices):
    """What was sent or asked for."""

    MESSAGE = "message", _("Secure message")
    ENVELOPE = "envelope", _("Secure envelope")
    SIGNATURE_REQUEST = "signature_request", _("Signature request")


class Column(TextChoices):
    """The fourteen columns of the log, in their order."""

    REFERENCE = "reference", _("Reference")
    DATE = "date", _("Date")
    LATEST_ACTIVITY = "latest_activity", _("Latest activity")
    EXPIRES_AT = "expires_at", _("Expiration date")
    STATUS = "status", _("Status")
    SUBJECT = "subject", _("Subject")
    SENDER = "sender", _("Sender")
    RECIPIENT = "recipient", _("Recipient")
    CODE = "code", _("Code")
    FILES = "files", _("Files")
    OPENINGS = "openings", _("Openings")
    ACTIVITIES = "activities", _("Activities")
    KIND = "kind", _("Kind")
    DELETE = "delete", _("Delete")


NUMBER_COLUMNS = frozenset({Column.FILES, Column.OPENINGS, Column.ACTIVITIES})


class Outcome(TextChoices):
    """What is counted of the items somebody sent."""

    FILES = "files", _("Files")
    OPENINGS = "openings", _("Openings")
    REPLIES = "replies", _("Replies")
    SIGNATURES = "signatures", _("Signatures")
    WRONG_CODES = "wrong_codes", _("Wrong codes")
