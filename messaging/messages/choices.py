"""Closed lists of secure messages."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# The word by which items know secure messages.
KIND = "message"


class ReplyKind(TextChoices):
    """What a recipient may send back."""

    NONE = "none", _("No reply")
    TEXT = "text", _("Text")
    FILES = "files", _("Text and files")
    FILE_NEEDED = "needed", _("Text and files, at least one file")

    @property
    def takes_files(self) -> bool:
        """Tell whether files may come back."""
        return self in {ReplyKind.FILES, ReplyKind.FILE_NEEDED}


class SendKind(TextChoices):
    """What a composer begins with: the text, or the files."""

    MESSAGE = "message", pgettext_lazy("something to send", "Message")
    FILE = "file", pgettext_lazy("something to send", "File")


class Box(TextChoices):
    """The two lists of what one sends."""

    SENT = "sent", pgettext_lazy("list", "Sent")
    DRAFTS = "drafts", pgettext_lazy("list", "Drafts")
