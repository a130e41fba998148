"""Closed lists of secure messages."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReplyKind(TextChoices):
    """What a recipient may send back."""

    NONE = "none", _("No reply")
    TEXT = "text", _("Text")
    FILES = "files", _("Text and files")
