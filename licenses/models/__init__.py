"""Plans, licenses, return-protection settings."""

from licenses.models.licenses import License, ReturnProtection
from licenses.models.plans import Feature, PeriodUnit, Plan

__all__ = ["Feature", "License", "PeriodUnit", "Plan", "ReturnProtection"]
