"""Refusals of plans and licenses."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from licenses.choices import Feature


class LicenseMissing(Refusal):
    """The person holds no license."""

    heading = _("You have no license")


class LicenseExpired(Refusal):
    """The license's period is over, or it is suspended."""

    heading = _("Your license has expired")


class FeatureNotInPlan(Refusal):
    """The plan of the license does not include a feature."""

    heading = _("Not in your plan")

    def __init__(self, feature: Feature) -> None:
        super().__init__()
        self.feature = feature


NOT_INCLUDED = (LicenseMissing, LicenseExpired, FeatureNotInPlan)
"""What a license does not allow: answered as forbidden, since no other input would be taken either."""


class NoFreeLicense(Refusal):
    """The organization has no license of the plan that nobody holds."""

    heading = _("No free license of this plan")


class HolderRefused(Refusal):
    """The person cannot hold the license: suspended, or of another organization."""

    heading = _("Only an active person of the same organization can hold this license")


class AlreadyLicensed(Refusal):
    """The person holds a license already."""

    heading = _("This person already holds a license")


class PlanInUse(Refusal):
    """The code of a plan with licenses was to be changed."""

    heading = _("There are licenses of this plan. Its code stays as it is.")
