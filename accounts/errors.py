"""Refusals of the accounts app."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal, TooManyRequests


class SignInRefused(Refusal):
    """E-mail and password do not open an account; the reason stays with us."""

    heading = _("This e-mail and password do not match")


class SignInLocked(Refusal):
    """Too many wrong passwords.

    Args:
        until: aware instant of the next possible try.
    """

    heading = _("Too many tries")

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class HashingBusy(Refusal):
    """More people sign in at this moment than the machine can check."""

    heading = _("Please wait a little")


class HalfSignInEnded(Refusal):
    """The time between password and code is over, or the account changed meanwhile."""

    heading = _("This page was open too long")


class ProofRequired(Refusal):
    """A sensitive change needs a fresh proof of identity."""

    heading = _("Confirm that it is you")


class NumberNotProven(Refusal):
    """The cell number was not confirmed by its code yet."""

    heading = _("This number has not been confirmed yet")


class LinkUnknown(Refusal):
    """A mailed link is wrong, used, replaced or too old."""

    heading = _("This link does not work")


class AddressTaken(Refusal):
    """Another account has this address."""

    heading = _("This address already has an account")


class LastAdministrator(Refusal):
    """An organization would be left without an active administrator."""

    heading = _("One administrator must remain")


class TextBudgetSpent(TooManyRequests):
    """So many texts were sent to this number or for this account that the next one has to wait."""


class RecordClosed(Refusal):
    """The time for which support opened a customer's record is over."""

    heading = _("The time for this ticket is over. Open the record again")


class ActDoesNotApply(Refusal):
    """What support wants to do has no sense for this account as it is now."""

    heading = _("This cannot be done: the account changed meanwhile")
