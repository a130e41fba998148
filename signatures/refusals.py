"""Why a signature request was not sent, or its draft not kept: what happened, and what to do."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refusal
from licenses.errors import FeatureNotInPlan
from messaging.items import draft_refusals
from messaging.items.errors import DraftChanged, DraftMissing
from signatures.errors import NotReady, SealingUnavailable
from signatures.request_errors import PreparationRefused

NOT_SENT = (
    *draft_refusals.NOT_SENT,
    DraftChanged,
    DraftMissing,
    FeatureNotInPlan,
    NotReady,
    PreparationRefused,
    SealingUnavailable,
)


def why_not_sent(refusal: Refusal) -> str:
    """Return the sentences for a refused sending; the draft is kept in every case but where it was deleted.

    Args:
        refusal: one of `NOT_SENT`.
    """
    if isinstance(refusal, SealingUnavailable):
        return f"{refusal} {_('Nobody was asked to sign; your draft is kept.')}"
    if isinstance(refusal, PreparationRefused):
        return draft_refusals.and_kept(refusal)
    if isinstance(refusal, NotReady):
        return str(refusal)
    if type(refusal) in _SENTENCES:
        return str(_SENTENCES[type(refusal)])
    return draft_refusals.why_not_sent(refusal)


def why_not_kept(refusal: DraftChanged | DraftMissing) -> str:
    """Return the sentences for a draft that was not written."""
    if isinstance(refusal, DraftMissing):
        return str(draft_refusals.DELETED_MEANWHILE)
    return _(
        "This draft was changed in another window, so nothing was kept or sent. What you typed is still here: "
        "keep it once more to put it in the place of the other."
    )


_SENTENCES: Mapping[type[Refusal], Promise] = {
    DraftChanged: gettext_lazy(
        "This draft was changed in another window, so nothing was sent. Check what stands here now, and send it."
    ),
    DraftMissing: gettext_lazy("This draft was deleted in another window, so nothing was sent."),
    FeatureNotInPlan: gettext_lazy(
        "Your plan does not include signature requests, so nothing was sent. Your draft is kept; ask for another plan."
    ),
}
