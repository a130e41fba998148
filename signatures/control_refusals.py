"""Why an act on a request that is on its way was refused, in the words of its requester."""

from django.utils.translation import gettext as _

from core import cultures
from core.errors import Refusal, TooManyRequests
from messaging.items.errors import ContentDamaged, CopyMissing, LinkExpired, LinkRevoked, NewerLink, TooManyLinks
from messaging.items.refusals import NOT_RENEWED, why_not_changed
from signatures.signing_errors import NothingToRemind

NOT_DONE = (NothingToRemind, *NOT_RENEWED, TooManyRequests)


def why_not_written(refusal: Refusal, name: str) -> str:
    """Return the sentences for a mail to a signer that was not written.

    Args:
        refusal: one of `NOT_DONE`.
        name: of the signer.
    """
    if isinstance(refusal, (NewerLink, TooManyLinks)):
        return why_not_changed(refusal)
    if isinstance(refusal, TooManyRequests):
        sentence = _(
            "%(name)s was reminded a short while ago. A person can be reminded once an hour and three times a day; the "
            "next reminder is possible from %(at)s on."
        )
        return sentence % {"name": name, "at": cultures.format_instant(refusal.until)}
    if isinstance(refusal, LinkExpired):
        return _("The time of this request is over, so nothing was sent.")
    if isinstance(refusal, LinkRevoked):
        return _("This request is cancelled, so nothing was sent.")
    if isinstance(refusal, CopyMissing):
        return _("The documents are gone with what has ended, so nothing was sent.")
    if isinstance(refusal, ContentDamaged):
        return _(
            "Your copy is damaged, so no new link can be made. The one that was sent stays. Tell your administrator."
        )
    sentence = _(
        "%(name)s has nothing to sign at this moment, so nothing was sent. The page of the request shows how it stands."
    )
    return sentence % {"name": name}


def why_not_corrected(refusal: Refusal, name: str) -> str:
    """Return the sentences for an address that was not corrected.

    Args:
        refusal: one of `NOT_DONE`.
        name: of the signer.
    """
    if isinstance(refusal, NothingToRemind):
        sentence = _("%(name)s has signed already, or the request is over. The address was not changed.")
        return sentence % {"name": name}
    return _("%(reason)s The address was not changed.") % {"reason": why_not_written(refusal, name)}
