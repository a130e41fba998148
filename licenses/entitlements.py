"""What a license allows: pure rules, no query."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Protocol

from licenses.choices import Feature
from licenses.errors import FeatureNotInPlan, LicenseExpired, LicenseMissing


class PlanLimits(Protocol):
    """The part of a plan that decides about features."""

    @property
    def attachments_bytes(self) -> int: ...
    @property
    def open_envelopes(self) -> int: ...
    @property
    def signers_per_request(self) -> int: ...
    @property
    def has_signature_tracking(self) -> bool: ...
    @property
    def has_return_protection(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What one person may use at one instant.

    Args:
        features: what the plan includes.
        is_held: a license is assigned.
        is_live: it is neither expired nor suspended.
    """

    features: frozenset[Feature]
    is_held: bool
    is_live: bool

    def has(self, feature: Feature) -> bool:
        """Tell whether a feature may be used now."""
        return self.is_live and feature in self.features

    def require(self, feature: Feature) -> None:
        """Refuse what the license does not allow.

        Raises:
            LicenseMissing, LicenseExpired, FeatureNotInPlan: the first that is true.
        """
        if not self.is_held:
            raise LicenseMissing
        if feature not in self.features:
            raise FeatureNotInPlan(feature)
        if not self.is_live:
            raise LicenseExpired


NOTHING = Entitlement(features=frozenset(), is_held=False, is_live=False)


def features_of(plan: PlanLimits) -> frozenset[Feature]:
    """Return the features of a plan."""
    included = {
        Feature.ATTACHMENTS: plan.attachments_bytes > 0,
        Feature.ENVELOPES: plan.open_envelopes > 0,
        Feature.SIGNATURE_REQUESTS: plan.signers_per_request > 0,
        Feature.SIGNATURE_TRACKING: plan.has_signature_tracking,
        Feature.RETURN_PROTECTION: plan.has_return_protection,
    }
    return frozenset(feature for feature, is_included in included.items() if is_included)


def entitlement(*, plan: PlanLimits, expires_at: datetime, is_suspended: bool, at: datetime) -> Entitlement:
    """Return what a license allows at an aware instant."""
    return Entitlement(features=features_of(plan), is_held=True, is_live=expires_at > at and not is_suspended)


def entitlement_in(row: Mapping[str, Any], *, at: datetime) -> Entitlement:
    """Return what a license allows at an aware instant, as a statement of ours read it beside its plan.

    Args:
        row: `code` of the plan, None where no license is held; the limits of `PlanLimits`; `expires_at`, aware, and
            `is_suspended`.
    """
    if row["code"] is None:
        return NOTHING
    plan: PlanLimits = SimpleNamespace(**row)
    return entitlement(plan=plan, expires_at=row["expires_at"], is_suspended=bool(row["is_suspended"]), at=at)
