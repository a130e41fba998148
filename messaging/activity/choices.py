"""Closed lists of the log: its columns, and the two parts of the page."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Part(TextChoices):
    """The two parts of the page."""

    LOG = "log", _("Log")
    STATISTICS = "statistics", _("Statistics")


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


class Figure(TextChoices):
    """What is added up of the items somebody sent."""

    MESSAGES = "messages", _("Messages sent")
    FILES = "files", _("Files")
    SIZE = "size", _("Size")
    OPENINGS = "openings", _("Openings")
    REPLIES = "replies", _("Replies")
    DELIVERIES = "deliveries", _("Deliveries")
    SIGNATURES = "signatures", _("Signatures")
    WRONG_CODES = "wrong_codes", _("Wrong codes")
