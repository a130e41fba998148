"""Refusals of what a signer does, and of what a requester does with a request that is on its way."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.cultures import format_number
from core.errors import Refusal


class SigningRefused(Refusal):
    """What a signer wants to do is not possible now."""


class NotYourTurn(SigningRefused):
    """Somebody who comes first has not signed yet."""

    heading = _("It is not your turn yet.")


class ConsentMissing(SigningRefused):
    """The signer has not agreed to sign electronically."""

    heading = _("Agree to sign electronically first.")


class AnswersMissing(SigningRefused):
    """Something that is asked of the signer is missing."""

    heading = _("Something is still missing.")


class AnswersChanged(SigningRefused):
    """What was filled in is not any more what the signer looked at."""

    heading = _("What was filled in has changed since you looked at it. Nothing is signed yet.")


class TextTooLong(Refusal):
    """A reason or a reminder has more characters than are kept.

    Args:
        most: characters.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __str__(self) -> str:
        sentence = gettext("This text is too long. It may have up to %(most)s characters.")
        return sentence % {"most": format_number(self.most)}


class NothingToRemind(Refusal):
    """This signer has signed, waits for others, or the request is over."""

    heading = _("This person has nothing to sign now.")
