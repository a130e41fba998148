"""Why a message was not sent, in the words of its sender: what happened, and what to do."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import HashingBusy
from core import cultures
from core.errors import Refusal, TooManyRequests
from licenses.errors import FeatureNotInPlan, LicenseExpired, LicenseMissing
from licenses.features import DESCRIPTIONS
from messaging.items.errors import DraftChanged, DraftMissing, StorageFull
from messaging.messages.errors import BeyondPlan
from messaging.quota.errors import QuotaExceeded

NOT_SENT = (
    BeyondPlan,
    DraftMissing,
    FeatureNotInPlan,
    HashingBusy,
    LicenseExpired,
    LicenseMissing,
    QuotaExceeded,
    StorageFull,
    TooManyRequests,
)


def why_not_sent(refusal: Refusal) -> str:
    """Return the sentences for a refused sending; the draft is kept in every case."""
    if isinstance(refusal, TooManyRequests):
        time = cultures.format_time(refusal.until)
        return _(
            "You have sent as much as your plan allows in one hour. Send it from %(time)s on; your draft is kept."
        ) % {"time": time}
    if isinstance(refusal, FeatureNotInPlan):
        name = DESCRIPTIONS[refusal.feature].name
        return _("Your plan does not include this: %(name)s. Take it out, or ask for another plan.") % {"name": name}
    if isinstance(refusal, StorageFull):
        return f"{refusal} {_('Nothing was sent; your draft is kept.')}"
    return str(_SENTENCES[type(refusal)])


def why_not_kept(refusal: DraftChanged | DraftMissing) -> str:
    """Return the sentences for a draft that was not written."""
    if isinstance(refusal, DraftMissing):
        return _("This draft was deleted in another window. What you typed is still here; keep it to begin it anew.")
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
    LicenseExpired: gettext_lazy("Your license has expired or is suspended, so nothing was sent. Your draft is kept."),
    LicenseMissing: gettext_lazy("You have no license, so nothing was sent. Your draft is kept."),
    QuotaExceeded: gettext_lazy(
        "No messages are left this month, so nothing was sent. Your draft is kept; send it when the count has begun "
        "again, or ask your administrator for more."
    ),
}
