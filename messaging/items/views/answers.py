"""What a refusal says to a person outside: what happened, what to do, when the next try is possible."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import HashingBusy, TextBudgetSpent
from core import cultures
from core.errors import CodeWrong, Refusal, TooManyRequests, TooManyTries
from messaging.items.choices import Proof
from messaging.items.errors import ProofPaused, ProofWrong

ANSWERS_REFUSED = (ProofWrong, ProofPaused, HashingBusy)


def answer_refusal(refusal: Refusal, proof: Proof, *, is_told_by_sender: bool = False) -> str:
    """Return the sentences for an answer that does not open.

    Args:
        is_told_by_sender: the code was not sent by the portal, which sends no new one.
    """
    if is_told_by_sender and isinstance(refusal, ProofPaused) and refusal.until is None:
        return _("Too many tries. Ask the person who gave you the link for a new one.")
    if isinstance(refusal, (ProofWrong, CodeWrong)):
        return _wrong(refusal.tries_left, proof)
    if isinstance(refusal, (ProofPaused, TooManyTries)):
        return _too_many(refusal, proof)
    if isinstance(refusal, HashingBusy):
        return _("Many people give their password at this moment. Try again in a few seconds.")
    return _("This code no longer works. Ask for a new one.")


def too_often(refusal: TooManyRequests) -> str:
    """Return the sentences for a form that came too often."""
    at = cultures.format_instant(refusal.until, offset=True)
    return _("This was sent too often from here. The next time is possible from %(time)s on.") % {"time": at}


def code_refusal(refusal: Refusal) -> str:
    """Return the sentences for a code that cannot be sent now."""
    if isinstance(refusal, TextBudgetSpent):
        at = cultures.format_instant(refusal.until, offset=True)
        return _("Many text messages were sent lately. The next one is possible from %(at)s on.") % {"at": at}
    if isinstance(refusal, TooManyRequests):
        at = cultures.format_instant(refusal.until, offset=True)
        return _("New codes were sent already; use the newest. The next one is possible from %(at)s on.") % {"at": at}
    if isinstance(refusal, (ProofPaused, TooManyTries)):
        return _too_many(refusal, Proof.SMS_CODE)
    return _("%(reason)s. Answer the e-mail and ask the sender for another proof.") % {"reason": refusal}


def _wrong(tries_left: int, proof: Proof) -> str:
    if proof is Proof.ITEM_PASSWORD:
        words = ngettext(
            "This is not the password. You have %(count)d try left.",
            "This is not the password. You have %(count)d tries left.",
            tries_left,
        )
    else:
        words = ngettext(
            "That is not the code we sent. You have %(count)d try left.",
            "That is not the code we sent. You have %(count)d tries left.",
            tries_left,
        )
    return words % {"count": tries_left}


def _too_many(refusal: ProofPaused | TooManyTries, proof: Proof) -> str:
    # A sent code whose tries are used up is replaced by a new one; a password has to wait.
    if isinstance(refusal, ProofPaused) and refusal.until is not None:
        at = cultures.format_instant(refusal.until, offset=True)
        return _("Too many tries. The next one is possible from %(time)s on.") % {"time": at}
    if proof is Proof.ITEM_PASSWORD:
        return _("Too many wrong passwords: the link takes none any more. Ask the sender for a new link.")
    return _("Too many tries. Ask for a new code.")
