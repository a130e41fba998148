"""How a page learns whether anything was counted."""

from datetime import datetime

from licenses.models import License
from messaging.quota.models import MonthlyCount
from messaging.quota.services.counting import Standing, standing


def was_counted(license: License | None) -> bool:
    """Tell whether a license has taken a message in any month; without a license, none."""
    return license is not None and MonthlyCount.objects.filter(license=license, used__gt=0).exists()


def standing_of(license: License, *, zone: str, at: datetime) -> Standing:
    """Return what a license has left this month; one query.

    Args:
        license: with its plan.
        zone: of its holder.
        at: aware instant.
    """
    newest = MonthlyCount.objects.filter(license=license).order_by("-starts_at").first()
    return standing(limit=license.plan.messages_per_month, zone=zone, at=at, newest=newest)
