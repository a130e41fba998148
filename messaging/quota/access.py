"""How a page learns whether anything was counted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from licenses.models import License
from messaging.quota.models import MonthlyCount


def was_counted(holder: User) -> bool:
    """Tell whether a person's license has taken a message in any month; without a license, none."""
    return MonthlyCount.objects.filter(license__holder=holder, used__gt=0).exists()


def newest_count(license: License) -> MonthlyCount | None:
    """Return the count of a license's newest month, or None before its first message."""
    return MonthlyCount.objects.filter(license=license).order_by("-starts_at").first()


def count_in(row: Mapping[str, Any]) -> MonthlyCount | None:
    """Return a license's newest count as a statement of ours read it, or None before its first message.

    Args:
        row: `used`, `month_on`, and the aware instants `month_starts_at` and `resets_at`; empty where there is none.
    """
    if row["resets_at"] is None:
        return None
    month_on = row["month_on"]
    return MonthlyCount(
        used=row["used"],
        starts_at=row["month_starts_at"],
        resets_at=row["resets_at"],
        month_on=datetime.fromisoformat(month_on).date() if isinstance(month_on, str) else month_on,
    )
