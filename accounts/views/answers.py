"""What a refusal says beside its field: what happened, what to do, when the next try is possible."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import HashingBusy, SignInLocked, TextBudgetSpent
from core import cultures
from core.errors import CodeWrong, Refusal, TooManyRequests, TooManyTries


def password_refusal(refusal: Refusal) -> str:
    """Return the sentences for a password that does not let in."""
    if isinstance(refusal, SignInLocked):
        return _("Too many tries. The next one is possible at %(time)s, or you can reset your password.") % {
            "time": _clock(refusal.until)
        }
    if isinstance(refusal, HashingBusy):
        return _("Many people sign in at this moment. Try again in a few seconds.")
    return _("This e-mail and password do not match. Check both and try again.")


def proof_refusal(refusal: Refusal) -> str:
    """Return the sentences for a password asked again that is not right."""
    if isinstance(refusal, (SignInLocked, HashingBusy)):
        return password_refusal(refusal)
    return _("This is not your password. Try again.")


def code_refusal(refusal: Refusal) -> str:
    """Return the sentences for a code that does not let in, or cannot be sent now."""
    if isinstance(refusal, CodeWrong):
        return ngettext(
            "That is not the code we sent. You have %(count)d try left.",
            "That is not the code we sent. You have %(count)d tries left.",
            refusal.tries_left,
        ) % {"count": refusal.tries_left}
    if isinstance(refusal, TooManyTries):
        if refusal.until is None:
            return _("Too many tries. Use a recovery code.")
        return _("Too many tries. A new code is possible at %(time)s; a recovery code works now.") % {
            "time": _clock(refusal.until)
        }
    if isinstance(refusal, TextBudgetSpent):
        return _("Many text messages were sent lately. The next one is possible at %(time)s; nothing was sent now.") % {
            "time": _clock(refusal.until)
        }
    if isinstance(refusal, TooManyRequests):
        return _("A code was just sent. The next one is possible at %(time)s; use the newest text message.") % {
            "time": _clock(refusal.until)
        }
    return _("This code no longer works. Ask for a new one.")


def number_refusal(refusal: Refusal) -> str:
    """Return the sentences for a code that does not confirm a new number; no recovery code does that either."""
    if isinstance(refusal, TooManyTries) and refusal.until is not None:
        at = cultures.format_instant(refusal.until)
        return _("Too many tries. The next one is possible from %(time)s on.") % {"time": at}
    return code_refusal(refusal)


def _clock(at: datetime) -> str:
    """Return a time of day; nobody's zone is known before they are signed in, so it says which clock it is."""
    return cultures.format_time(at, seconds=True, offset=True)
