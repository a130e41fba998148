"""Why an envelope was not made, in the words of its owner: what happened, and what to do."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import HashingBusy
from core import cultures
from core.errors import Refusal, TooManyRequests
from licenses.features import plan_name
from licenses.models import Plan
from messaging.envelopes.errors import LifeBeyondPlan, TooManyOpenEnvelopes
from messaging.items.errors import StorageFull
from messaging.quota.errors import QuotaExceeded

NOT_MADE = (TooManyOpenEnvelopes, LifeBeyondPlan, TooManyRequests, QuotaExceeded, StorageFull, HashingBusy)


def why_not_made(refusal: Refusal, plan: Plan) -> str:
    """Return the sentences for a refused envelope; what was typed stays in the form."""
    if isinstance(refusal, TooManyOpenEnvelopes):
        return _too_many_open(refusal, plan)
    if isinstance(refusal, LifeBeyondPlan):
        days = ngettext("%(days)s day", "%(days)s days", plan.longest_life_days) % {
            "days": cultures.format_number(plan.longest_life_days)
        }
        sentence = _("With the %(plan)s plan an envelope stays open for %(days)s at most.")
        return sentence % {"plan": plan_name(plan), "days": days}
    if isinstance(refusal, TooManyRequests):
        time = cultures.format_time(refusal.until)
        return _("You have sent as much as your plan allows in one hour. Try again from %(time)s on.") % {"time": time}
    if isinstance(refusal, QuotaExceeded):
        return _(
            "No messages are left this month, so the envelope was not made. Try again when the count has begun again, "
            "or ask your administrator for more."
        )
    if isinstance(refusal, StorageFull):
        return str(refusal)
    return _("Many passwords are checked at this moment. Try again in a few seconds.")


def _too_many_open(refusal: TooManyOpenEnvelopes, plan: Plan) -> str:
    sentence = ngettext(
        "With the %(plan)s plan %(most)s envelope can be open at a time, and it is. Delete it, or wait until it is "
        "filled or expires.",
        "With the %(plan)s plan %(most)s envelopes can be open at a time, and so many are. Delete one you no longer "
        "need, or wait until one is filled or expires.",
        refusal.most,
    )
    return sentence % {"plan": plan_name(plan), "most": cultures.format_number(refusal.most)}
