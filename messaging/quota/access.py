"""How a page learns whether anything was counted."""

from licenses.models import License
from messaging.quota.models import MonthlyCount


def was_counted(license: License | None) -> bool:
    """Tell whether a license has taken a message in any month; without a license, none."""
    return license is not None and MonthlyCount.objects.filter(license=license, used__gt=0).exists()


def newest_count(license: License) -> MonthlyCount | None:
    """Return the count of a license's newest month, or None before its first message."""
    return MonthlyCount.objects.filter(license=license).order_by("-starts_at").first()
