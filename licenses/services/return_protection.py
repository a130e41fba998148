"""Keep what a person asks for around whatever comes back."""

from collections.abc import Mapping

from accounts.models import User
from licenses.entitlements import Entitlement
from licenses.models import Feature, ReturnProtection

PARTS = ("sms", "microsoft", "owner")


def set_return_protection(*, user: User, entitlement: Entitlement, changes: Mapping[str, bool]) -> None:
    """Write the parts that changed; the others stay as they are.

    Args:
        changes: part ("sms", "microsoft", "owner") to wanted value.

    Raises:
        LicenseMissing, LicenseExpired, FeatureNotInPlan: the license does not include return protection.
    """
    entitlement.require(Feature.RETURN_PROTECTION)
    wanted = {part: bool(changes[part]) for part in PARTS if part in changes}
    if wanted:
        ReturnProtection.objects.update_or_create(user=user, defaults=wanted)
