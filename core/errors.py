"""Expected refusals: one base, one class per reason, caught by name in one place."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.cultures import format_size


class Refusal(Exception):
    """Something the portal declines to do, with the heading a person reads."""

    heading: str | Promise = ""

    def __str__(self) -> str:
        return str(self.heading)


class TooManyRequests(Refusal):
    """A limit is reached; nothing was done.

    Args:
        until: aware instant from which the next try is possible.
    """

    heading = _("Please wait a little")

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class CodeWrong(Refusal):
    """The typed code is not the one that was sent.

    Args:
        tries_left: whole tries that remain for this challenge.
    """

    heading = _("That code is not right")

    def __init__(self, tries_left: int) -> None:
        super().__init__()
        self.tries_left = tries_left


class CodeExpired(Refusal):
    """No live code exists: it was used, replaced, never sent, or its time is over."""

    heading = _("This code is too old")


class TooManyTries(Refusal):
    """The tries of a challenge, or of a person's hour or day, are used up.

    Args:
        until: aware instant from which another code may be tried; None when waiting does not help.
        is_compared: this try was a wrong one, the last of its challenge; otherwise nothing was compared any more.
    """

    heading = _("Too many tries")

    def __init__(self, until: datetime | None = None, *, is_compared: bool = False) -> None:
        super().__init__()
        self.until = until
        self.is_compared = is_compared


class ChangedMeanwhile(Refusal):
    """What an act was based on is not as it was; nothing was done."""

    heading = _("Someone changed this meanwhile")


class ProviderUnavailable(Refusal):
    """A service outside the portal does not answer; the work was not done."""

    heading = _("A service we need does not answer")


class FilesRefused(Refusal):
    """Files that came with a form are not taken and nothing of them is kept; its text stands beside the field."""


class FilesTooLarge(FilesRefused):
    """The files have more bytes than there is room for.

    Args:
        room_bytes: what they may have together.
    """

    def __init__(self, room_bytes: int) -> None:
        super().__init__()
        self.room_bytes = room_bytes

    def __str__(self) -> str:
        room = format_size(self.room_bytes, language=get_language() or "en")
        return gettext("These files are too large. Together they may have up to %(room)s.") % {"room": room}


class TooManyFiles(FilesRefused):
    """More files came than are taken.

    Args:
        most: how many may come.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __str__(self) -> str:
        return ngettext(
            "These are too many files. You can add up to %(most)d file.",
            "These are too many files. You can add up to %(most)d files.",
            self.most,
        ) % {"most": self.most}


class FilesNotStored(FilesRefused):
    """The disk has no room, or cannot be written to."""

    heading = _("Your files could not be stored, and nothing of them was kept. Try again in a few minutes.")


class FilesAtOnce(FilesRefused):
    """As many files arrive as there is memory for; nothing of this one was kept."""

    heading = _("Many files arrive at this moment. Wait a little, and choose yours again.")


class FileUnreadable(Refusal):
    """A stored file is gone or is not what was sealed; nothing of it is given out."""

    heading = _("This file cannot be opened")
