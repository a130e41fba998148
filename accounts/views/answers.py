"""What a refusal says beside its field: what happened, what to do, when the next try is possible."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import HashingBusy, SignInLocked, TextBudgetSpent
from core import cultures
from core.errors import CodeWrong, Refusal, TooManyRequests, TooManyTries


def password_refusal(refusal: Refusal) -> str:
    """Return the sentences for a password that does not let in."""
    if isinstance(refusal, SignInLocked):
        return _("Too many tries. The next one is possible %(when)s, or you can reset your password.") % {
            "when": when_possible(refusal.until)
        }
    if isinstance(refusal, HashingBusy):
        return _("Many people sign in at this moment. Try again in a few seconds.")
    return _("This e-mail and password do not match. Check both and try again.")


def proof_refusal(refusal: Refusal) -> str:
    """Return the sentences for a password asked again that is not right."""
    if isinstance(refusal, (SignInLocked, HashingBusy)):
        return password_refusal(refusal)
    return _("This is not your password. Try again.")


def code_refusal(refusal: Refusal, *, is_recovery_open: bool) -> str:
    """Return the sentences for a code that does not let in, or cannot be sent now.

    Args:
        is_recovery_open: a recovery code would be looked at.
    """
    if isinstance(refusal, CodeWrong):
        return ngettext(
            "That is not the code we sent. You have %(count)d try left.",
            "That is not the code we sent. You have %(count)d tries left.",
            refusal.tries_left,
        ) % {"count": refusal.tries_left}
    if isinstance(refusal, TooManyTries):
        return _too_many_tries(refusal, is_recovery_open=is_recovery_open)
    if isinstance(refusal, TextBudgetSpent):
        return _("Many text messages were sent lately. The next one is possible %(when)s; nothing was sent now.") % {
            "when": when_possible(refusal.until)
        }
    if isinstance(refusal, TooManyRequests):
        return _("A code was just sent. The next one is possible %(when)s; use the newest text message.") % {
            "when": when_possible(refusal.until)
        }
    return _("This code no longer works. Ask for a new one.")


def recovery_refusal(refusal: TooManyTries) -> str:
    """Return the sentences for a recovery code that was not looked at, since too many were wrong."""
    return _too_many_tries(refusal, is_recovery_open=False)


def number_refusal(refusal: Refusal) -> str:
    """Return the sentences for a code that does not confirm a new number; no recovery code does that either."""
    return code_refusal(refusal, is_recovery_open=False)


def when_possible(at: datetime) -> str:
    """Return from when on something is possible: "at 10:15 p.m. (UTC−05:00)", with its day where that is another one.

    Nobody's zone is known before they are signed in, so it says which clock it is. Rounded up to the minute.
    """
    minute = (at + timedelta(seconds=59, microseconds=999_999)).replace(second=0, microsecond=0)
    day, time = cultures.format_date(minute), cultures.format_time(minute, offset=True)
    if day == cultures.format_date(timezone.now()):
        return _("at %(time)s") % {"time": time}
    return _("on %(day)s at %(time)s") % {"day": day, "time": time}


def _too_many_tries(refusal: TooManyTries, *, is_recovery_open: bool) -> str:
    if refusal.until is None:
        return _("Too many tries. Use a recovery code.")
    sentences = (
        _("Too many tries. A new code is possible %(when)s; a recovery code works now.")
        if is_recovery_open
        else _("Too many tries. The next one is possible %(when)s.")
    )
    return sentences % {"when": when_possible(refusal.until)}
