"""How a page learns whether anything was counted."""

from accounts.models import User
from licenses.models import License
from messaging.quota.models import MonthlyCount


def was_counted(holder: User) -> bool:
    """Tell whether a person's license has taken a message in any month; without a license, none."""
    return MonthlyCount.objects.filter(license__holder=holder, used__gt=0).exists()


def newest_count(license: License) -> MonthlyCount | None:
    """Return the count of a license's newest month, or None before its first message."""
    return MonthlyCount.objects.filter(license=license).order_by("-starts_at").first()
