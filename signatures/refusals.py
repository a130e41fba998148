"""Why a signature request was not sent, or its draft not kept: what happened, and what to do."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import cultures
from core.errors import Refusal, TooManyRequests
from licenses.errors import FeatureNotInPlan, LicenseExpired, LicenseMissing
from messaging.items.errors import DraftChanged, DraftMissing, StorageFull
from messaging.quota.errors import QuotaExceeded
from signatures.errors import NotReady, SealingUnavailable
from signatures.request_errors import PreparationRefused

NOT_SENT = (
    DraftChanged,
    DraftMissing,
    FeatureNotInPlan,
    LicenseExpired,
    LicenseMissing,
    NotReady,
    PreparationRefused,
    QuotaExceeded,
    SealingUnavailable,
    StorageFull,
    TooManyRequests,
)


def why_not_sent(refusal: Refusal) -> str:
    """Return the sentences for a refused sending; the draft is kept in every case but where it was deleted."""
    if isinstance(refusal, TooManyRequests):
        time = cultures.format_time(refusal.until)
        return _(
            "You have sent as much as your plan allows in one hour. Send it from %(time)s on; your draft is kept."
        ) % {"time": time}
    if isinstance(refusal, SealingUnavailable):
        return f"{refusal} {_('Nobody was asked to sign; your draft is kept.')}"
    if isinstance(refusal, StorageFull | PreparationRefused):
        return f"{refusal} {_('Nothing was sent; your draft is kept.')}"
    if isinstance(refusal, NotReady):
        return str(refusal)
    return str(_SENTENCES[type(refusal)])


def why_not_kept(refusal: DraftChanged | DraftMissing) -> str:
    """Return the sentences for a draft that was not written."""
    if isinstance(refusal, DraftMissing):
        return _("This draft was deleted in another window. What you typed is still here; keep it to begin it anew.")
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
    LicenseExpired: gettext_lazy("Your license has expired or is suspended, so nothing was sent. Your draft is kept."),
    LicenseMissing: gettext_lazy("You have no license, so nothing was sent. Your draft is kept."),
    QuotaExceeded: gettext_lazy(
        "No messages are left this month, so nothing was sent. Your draft is kept; send it when the count has begun "
        "again, or ask your administrator for more."
    ),
}
