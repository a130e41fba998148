"""What somebody's items add up to."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from licenses.access import request_license
from messaging.activity.access.months import month_figures
from messaging.activity.choices import Outcome


def statistics_of(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return what the page of statistics shows."""
    held = request_license(request).license
    return {
        "month": month_figures(user=user, held=held, at=timezone.now()),
        "has_license": held is not None,
        # Items do not exist before sending does, so nothing can have become of them.
        "outcomes": [(outcome.label, 0) for outcome in Outcome],
    }
