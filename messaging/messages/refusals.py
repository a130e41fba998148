"""Why a message was not sent, in the words of its sender: what happened, and what to do."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import HashingBusy
from core.errors import Refusal
from licenses.errors import FeatureNotInPlan
from licenses.features import DESCRIPTIONS
from messaging.items import draft_refusals
from messaging.items.errors import DraftChanged, DraftMissing
from messaging.messages.errors import BeyondPlan

NOT_SENT = (*draft_refusals.NOT_SENT, BeyondPlan, DraftMissing, FeatureNotInPlan, HashingBusy)


def why_not_sent(refusal: Refusal) -> str:
    """Return the sentences for a refused sending; the draft is kept in every case.

    Args:
        refusal: one of `NOT_SENT`.
    """
    if isinstance(refusal, FeatureNotInPlan):
        name = DESCRIPTIONS[refusal.feature].name
        return _("Your plan does not include this: %(name)s. Take it out, or ask for another plan.") % {"name": name}
    if type(refusal) in _SENTENCES:
        return str(_SENTENCES[type(refusal)])
    return draft_refusals.why_not_sent(refusal)


def why_not_kept(refusal: DraftChanged | DraftMissing) -> str:
    """Return the sentences for a draft that was not written."""
    if isinstance(refusal, DraftMissing):
        return str(draft_refusals.DELETED_MEANWHILE)
    return _(
        "This draft was changed in another window, so nothing was kept or sent. What you typed is still here: "
        "send it, or keep it, once more to put it in the place of the other."
    )


_SENTENCES: Mapping[type[Refusal], Promise] = {
    BeyondPlan: gettext_lazy(
        "This is more than your plan allows: recipients, files or days. Your draft is kept; make it smaller."
    ),
    DraftMissing: gettext_lazy("This draft was deleted in another window, so nothing was sent. Send it once more."),
    HashingBusy: gettext_lazy(
        "Many passwords are checked at this moment. Your draft is kept; send it in a few seconds."
    ),
}
