"""Plans, licenses, return-protection settings."""

from licenses.choices import Feature, PeriodUnit
from licenses.models.licenses import License, ReturnProtection
from licenses.models.plans import Plan

__all__ = ["Feature", "License", "PeriodUnit", "Plan", "ReturnProtection"]
