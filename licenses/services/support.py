"""What support staff changes about licenses and plans.

Source: docs/decisions/0015-support-pages.md
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

from django.db import transaction

from accounts.models import Organization, User
from accounts.services.support import SupportAct, tell_administrators, tell_customer
from core.db import database_now
from licenses.models import License, Plan
from licenses.services.assigning import assign_license, release_license
from licenses.services.pool import add_licenses

PLAN_FIELDS = frozenset(
    {
        "name_en",
        "name_fr",
        "messages_per_month",
        "is_shown_as_unlimited",
        "attachments_bytes",
        "files_per_send",
        "recipients_per_message",
        "open_envelopes",
        "signers_per_request",
        "has_signature_tracking",
        "has_return_protection",
        "longest_life_days",
        "stored_bytes",
        "sends_per_hour",
        "recipients_per_hour",
        "price_cents",
        "is_offered",
    }
)


class LicenseValues(TypedDict, total=False):
    """What may be changed about a license; what is missing stays as it is."""

    plan: Plan
    holder: User | None
    expires_at: datetime
    is_suspended: bool


def change_license(*, license: License, values: LicenseValues, act: SupportAct) -> License:
    """Change plan, holder, end or suspension of a license, and tell whoever holds or held it.

    The month's count stays with the license: a higher plan raises the limit at once and keeps what was used.

    Raises:
        HolderRefused, AlreadyLicensed: as `assigning.assign_license`; nothing was changed.
    """
    with transaction.atomic():
        kept = (
            License.objects.select_for_update(of=("self",)).select_related("holder", "organization").get(pk=license.pk)
        )
        former = kept.holder
        for name in ("plan", "expires_at", "is_suspended"):
            if name in values:
                setattr(kept, name, values[name])
        kept.save(update_fields=["plan", "expires_at", "is_suspended"])
        if "holder" in values:
            kept = _give(kept, values["holder"])
        _tell(kept, former, act)
    return kept


def add_license(*, organization: Organization, plan: Plan, holder: User | None, act: SupportAct) -> License:
    """Add one license to an organization, for a person or for the pool.

    Raises:
        HolderRefused, AlreadyLicensed: as `assigning.assign_license`; nothing was added.
    """
    with transaction.atomic():
        (license,) = add_licenses(organization=organization, plan=plan, count=1, starts_at=database_now())
        if holder is not None:
            assign_license(license=license, holder=holder)
        _tell(license, holder, act)
    return license


def change_plan(*, plan: Plan, values: Mapping[str, object]) -> None:
    """Change names, limits or price of a plan for everybody who has it, from now on."""
    Plan.objects.filter(pk=plan.pk).update(**{name: values[name] for name in values if name in PLAN_FIELDS})


def _give(license: License, holder: User | None) -> License:
    return release_license(license=license) if holder is None else assign_license(license=license, holder=holder)


def _tell(license: License, former: User | None, act: SupportAct) -> None:
    concerned = {user.pk: user for user in (former, license.holder) if user is not None}
    for user in concerned.values():
        tell_customer(user=user, act=act)
    if not concerned:
        tell_administrators(organization=license.organization, act=act)
