"""The licenses of an organization: buy some, and give out a free one."""

from datetime import datetime

from django.db import transaction

from accounts.models import Organization, User
from licenses.errors import NoFreeLicense
from licenses.models import License, Plan
from licenses.periods import day_of, period_end
from licenses.services.assigning import assign_license


def add_licenses(*, organization: Organization, plan: Plan, count: int, starts_at: datetime) -> list[License]:
    """Add licenses of a plan that nobody holds yet; each lasts one period of the plan.

    Args:
        count: whole licenses, at least 1.
        starts_at: aware instant; the period is counted from its day in the organization's zone.
    """
    zone = organization.time_zone
    expires_at = period_end(
        starts_on=day_of(starts_at, zone), length=plan.period_length, unit=plan.period_unit, zone=zone
    )
    return License.objects.bulk_create(
        License(organization=organization, plan=plan, starts_at=starts_at, expires_at=expires_at) for _ in range(count)
    )


def assign_free_license(*, organization: Organization, plan: Plan, holder: User) -> License:
    """Give a person one of the organization's free licenses of a plan, the one that ends last.

    Raises:
        NoFreeLicense: every license of the plan is held.
        HolderRefused, AlreadyLicensed: as `assigning.assign_license`.
    """
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        free = License.objects.filter(organization=organization, plan=plan, holder=None, is_suspended=False)
        license = free.order_by("-expires_at", "pk").first()
        if license is None:
            raise NoFreeLicense
        return assign_license(license=license, holder=holder)
