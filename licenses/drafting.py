"""What rules a draft: the plan of who writes, or limits that cut nothing where that has nothing for it."""

from django.db.models import Max

from licenses.access import Held
from licenses.models import Feature, Plan


def drafting_plan(held: Held, *, feature: Feature | None = None) -> Plan:
    """Return the plan that a composer holds what is typed to.

    Without a license, or where the plan has lost what the draft is for, a draft can still be opened and kept. Then no
    feature is included, and every other limit is the widest of all plans: what was typed under it stays as it is until
    it can be sent again. Such a plan is in no row and has no name.

    Args:
        held: license of who writes.
        feature: what the draft is for, where not every plan has it.
    """
    if held.plan is not None and (feature is None or feature in held.entitlement.features):
        return held.plan
    widest = Plan.objects.aggregate(
        recipients_per_message=Max("recipients_per_message", default=0),
        signers_per_request=Max("signers_per_request", default=0),
        longest_life_days=Max("longest_life_days", default=1),
    )
    return Plan(**widest)
