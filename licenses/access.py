"""How a page learns what a person's license allows."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Count, DateTimeField, Value
from django.http import HttpRequest

from accounts.models import Organization, User
from core.db import DatabaseNow
from licenses.entitlements import NOTHING, Entitlement, entitlement
from licenses.errors import FeatureNotInPlan, LicenseExpired, LicenseMissing
from licenses.models import Feature, License, Plan

_CACHE = "_entitlement"
_LICENSE_CACHE = "_license"


@dataclass(frozen=True, slots=True)
class Held:
    """A license as it stands for its holder: with its plan, and what it allows by the database's clock."""

    license: License | None
    entitlement: Entitlement

    @property
    def plan(self) -> Plan | None:
        """The plan of the license, also of one whose period is over."""
        return self.license.plan if self.license else None


def held_by(user: User, *, at: datetime | None = None) -> Held:
    """Return the license a person holds and what it allows; one query.

    Args:
        at: aware instant; None for now.
    """
    asked_at = Value(at, output_field=DateTimeField()) if at else DatabaseNow()
    licenses = License.objects.select_related("plan", "organization").annotate(asked_at=asked_at)
    found = licenses.filter(holder=user).first()
    if found is None:
        return Held(None, NOTHING)
    allowed = entitlement(
        plan=found.plan, expires_at=found.expires_at, is_suspended=found.is_suspended, at=found.asked_at
    )
    return Held(found, allowed)


def request_license(request: HttpRequest) -> Held:
    """Return the license of the signed-in person and what it allows, asked once a request."""
    known: Held | None = getattr(request, _LICENSE_CACHE, None)
    if known is None:
        known = held_by(request.user) if isinstance(request.user, User) else Held(None, NOTHING)
        setattr(request, _LICENSE_CACHE, known)
    return known


def request_entitlement(request: HttpRequest) -> Entitlement:
    """Return what the signed-in person may use, asked once a request."""
    known: Entitlement | None = getattr(request, _CACHE, None)
    return request_license(request).entitlement if known is None else known


def require_feature(known: Entitlement, feature: Feature) -> None:
    """Answer 403 to an act that the license does not include.

    Raises:
        PermissionDenied: the license is missing, over, or of a plan without the feature.
    """
    try:
        known.require(feature)
    except (LicenseMissing, LicenseExpired, FeatureNotInPlan) as refusal:
        raise PermissionDenied(str(refusal)) from None


def is_entitlement_known(request: HttpRequest) -> bool:
    """Tell whether the request would answer without a query."""
    return hasattr(request, _CACHE) or hasattr(request, _LICENSE_CACHE)


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
