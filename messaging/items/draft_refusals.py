"""Why a draft was not sent, in words that every product shares; each adds those for what only it refuses."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import cultures
from core.errors import Refusal, TooManyRequests
from licenses.errors import LicenseExpired, LicenseMissing
from messaging.items.errors import StorageFull
from messaging.quota.errors import QuotaExceeded

NOT_SENT = (LicenseExpired, LicenseMissing, QuotaExceeded, StorageFull, TooManyRequests)

DELETED_MEANWHILE = gettext_lazy(
    "This draft was deleted in another window. What you typed is still here; keep it to begin it anew."
)


def why_not_sent(refusal: Refusal) -> str:
    """Return the sentences for a sending that license, count or room refused; the draft is kept.

    Args:
        refusal: one of `NOT_SENT`.
    """
    if isinstance(refusal, TooManyRequests):
        time = cultures.format_time(refusal.until)
        return _(
            "You have sent as much as your plan allows in one hour. Send it from %(time)s on; your draft is kept."
        ) % {"time": time}
    if isinstance(refusal, StorageFull):
        return and_kept(refusal)
    return str(_SENTENCES[type(refusal)])


def and_kept(refusal: Refusal) -> str:
    """Return what a refusal says by itself, and that the draft is kept."""
    return f"{refusal} {_('Nothing was sent; your draft is kept.')}"


_SENTENCES: Mapping[type[Refusal], Promise] = {
    LicenseExpired: gettext_lazy("Your license has expired or is suspended, so nothing was sent. Your draft is kept."),
    LicenseMissing: gettext_lazy("You have no license, so nothing was sent. Your draft is kept."),
    QuotaExceeded: gettext_lazy(
        "No messages are left this month, so nothing was sent. Your draft is kept; send it when the count has begun "
        "again, or ask your administrator for more."
    ),
}
