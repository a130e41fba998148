"""How a page learns what a person's license allows."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest

from accounts.models import Organization, User
from core.db import database_now
from licenses.entitlements import NOTHING, Entitlement, entitlement
from licenses.errors import FeatureNotInPlan, LicenseExpired, LicenseMissing
from licenses.models import Feature, License, Plan

_CACHE = "_entitlement"


def license_of(user: User) -> License | None:
    """Return the license a person holds, with its plan."""
    return License.objects.select_related("plan", "organization").filter(holder=user).first()


def entitlement_of(user: User) -> Entitlement:
    """Return what a person may use now."""
    held = license_of(user)
    if held is None:
        return NOTHING
    return entitlement(plan=held.plan, expires_at=held.expires_at, is_suspended=held.is_suspended, at=database_now())


def request_entitlement(request: HttpRequest) -> Entitlement:
    """Return what the signed-in person may use, asked once a request."""
    known: Entitlement | None = getattr(request, _CACHE, None)
    if known is None:
        known = entitlement_of(request.user) if isinstance(request.user, User) else NOTHING
        remember_entitlement(request, known)
    return known


def require_feature(known: Entitlement, feature: Feature) -> None:
    """Answer 403 to an act that the license does not include.

    Raises:
        PermissionDenied: the license is missing, over, or of a plan without the feature.
    """
    try:
        known.require(feature)
    except (LicenseMissing, LicenseExpired, FeatureNotInPlan) as refusal:
        raise PermissionDenied(str(refusal)) from None


def remember_entitlement(request: HttpRequest, known: Entitlement) -> None:
    """Spare the question where a page has asked already."""
    setattr(request, _CACHE, known)


@dataclass(frozen=True, slots=True)
class PoolLine:
    """The licenses of one plan in an organization: their number, and how many are held."""

    plan: Plan
    bought: int
    assigned: int

    @property
    def free(self) -> int:
        """Licenses nobody holds."""
        return self.bought - self.assigned


def pool_of(organization: Organization) -> list[PoolLine]:
    """Return the organization's licenses by plan, lowest plan first."""
    plans = Plan.objects.filter(licenses__organization=organization).annotate(
        bought=Count("licenses"), assigned=Count("licenses__holder")
    )
    return [PoolLine(plan, plan.bought, plan.assigned) for plan in plans.order_by("rank")]
