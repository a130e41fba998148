"""Expected refusals: one base, one class per reason, caught by name in one place."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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
    """

    heading = _("Too many tries")

    def __init__(self, until: datetime | None = None) -> None:
        super().__init__()
        self.until = until


class ChangedMeanwhile(Refusal):
    """What an act was based on is not as it was; nothing was done."""

    heading = _("Someone changed this meanwhile")


class ProviderUnavailable(Refusal):
    """A service outside the portal does not answer; the work was not done."""

    heading = _("A service we need does not answer")
