"""What support staff changes about licenses and plans.

Source: docs/decisions/0015-support-pages.md
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, TypedDict

from django.db import IntegrityError, transaction

from accounts.models import Organization, User
from accounts.services.opened_records import demand_opened_record
from accounts.services.support import SupportAct, tell_administrators, tell_customer
from core.db import database_now
from core.errors import ChangedMeanwhile
from licenses.errors import PlanInUse
from licenses.models import License, Plan
from licenses.services.assigning import assign_license, release_license
from licenses.services.pool import add_licenses

PLAN_FIELDS = (
    "code",
    "rank",
    "name_en",
    "name_fr",
    "is_offered",
    "price_cents",
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
    "period_length",
    "period_unit",
    "is_renewed",
)
"""What staff decide about a plan, in the order of its page."""


class LicenseValues(TypedDict, total=False):
    """What may be changed about a license; what is missing stays as it is."""

    plan: Plan
    holder: User | None
    expires_at: datetime
    is_suspended: bool


def change_license(*, license: License, values: LicenseValues, seen: LicenseValues, act: SupportAct) -> License:
    """Change plan, holder, end or suspension of a license, and tell whoever holds or held it.

    The month's count stays with the license: a higher plan raises the limit at once and keeps what was used.

    Args:
        seen: what the license was when the staff chose these values.

    Raises:
        RecordClosed: the record of who holds it, or shall hold it, is not open; nothing was changed.
        ChangedMeanwhile: a value is no longer the one that was seen; nothing was changed.
        HolderRefused, AlreadyLicensed: as `assigning.assign_license`; nothing was changed.
    """
    with transaction.atomic():
        kept = (
            License.objects.select_for_update(of=("self",)).select_related("holder", "organization").get(pk=license.pk)
        )
        shown: Mapping[str, object] = seen
        if any(getattr(kept, name) != shown[name] for name in values):
            raise ChangedMeanwhile
        former = kept.holder
        tickets = _tickets([former, values.get("holder")], act)
        for name in ("plan", "expires_at", "is_suspended"):
            if name in values:
                setattr(kept, name, values[name])
        kept.save(update_fields=["plan", "expires_at", "is_suspended"])
        if "holder" in values:
            kept = _give(kept, values["holder"])
        _tell(kept, tickets, act)
    return kept


def add_license(*, organization: Organization, plan: Plan, holder: User | None, act: SupportAct) -> License:
    """Add one license to an organization, for a person or for the pool.

    Raises:
        RecordClosed: the record of the holder is not open; nothing was added.
        HolderRefused, AlreadyLicensed: as `assigning.assign_license`; nothing was added.
    """
    with transaction.atomic():
        tickets = _tickets([holder], act)
        (license,) = add_licenses(organization=organization, plan=plan, count=1, starts_at=database_now())
        if holder is not None:
            assign_license(license=license, holder=holder)
        _tell(license, tickets, act)
    return license


def change_plan(*, plan: Plan, values: Mapping[str, object]) -> None:
    """Change a plan for everybody who has it, from now on; another period begins with the next renewal.

    Raises:
        PlanInUse: its code was to be changed, and there are licenses of it; nothing was changed.
        ChangedMeanwhile: another plan got the code or the rank; nothing was changed.
    """
    with transaction.atomic():
        # A license that is being added waits for this row, or is seen here.
        kept = Plan.objects.select_for_update().get(pk=plan.pk)
        if "code" in values and kept.licenses.exists():
            raise PlanInUse
        with _told_of_taken_names():
            Plan.objects.filter(pk=plan.pk).update(**_of_plans(values))


def add_plan(*, values: Mapping[str, object]) -> Plan:
    """Add a plan, of which there are no licenses yet.

    Raises:
        ChangedMeanwhile: another plan has its code or its rank; nothing was added.
    """
    with _told_of_taken_names():
        return Plan.objects.create(**_of_plans(values))


def _of_plans(values: Mapping[str, object]) -> dict[str, Any]:
    return {name: values[name] for name in values if name in PLAN_FIELDS}


@contextmanager
def _told_of_taken_names() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise ChangedMeanwhile from None


def _give(license: License, holder: User | None) -> License:
    return release_license(license=license) if holder is None else assign_license(license=license, holder=holder)


def _tickets(users: Sequence[User | None], act: SupportAct) -> dict[User, str]:
    """Return under which ticket the record of each concerned person is open now."""
    concerned = [user for user in users if user is not None]
    return {user: demand_opened_record(staff=act.staff, customer=user).ticket for user in concerned}


def _tell(license: License, tickets: Mapping[User, str], act: SupportAct) -> None:
    """Tell each concerned person under their own ticket, or the administrators where nobody is concerned."""
    for user, ticket in tickets.items():
        tell_customer(user=user, act=replace(act, ticket=ticket))
    if not tickets:
        tell_administrators(organization=license.organization, act=act)
