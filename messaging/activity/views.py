"""The log of one's items, and what they add up to."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.people import signed_in
from core import cultures
from core.cultures.places import zone_info
from licenses.access import request_license
from messaging.activity.access import month_figures
from messaging.activity.choices import NUMBER_COLUMNS, Column, Outcome, Part
from messaging.activity.forms import LogFilterForm
from messaging.quota.access import was_counted

PART = "part"


@dataclass(frozen=True, slots=True)
class Segment:
    """A way to one part of the page."""

    label: str | Promise
    url: str
    is_current: bool


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show the log, or what it adds up to."""
    user = signed_in(request)
    part = Part.STATISTICS if request.GET.get(PART) == Part.STATISTICS else Part.LOG
    context = {"segments": _segments(part), "zone": _zone_in_words(user)}
    if part is Part.STATISTICS:
        return render(request, "activity/statistics.html", context | _statistics(request, user))
    return render(request, "activity/log.html", context | _log(request, user))


def _log(request: HttpRequest, user: User) -> dict[str, Any]:
    today = timezone.now().astimezone(zone_info(user.time_zone)).date()
    form = LogFilterForm.of(request.GET, today=today)
    columns = [{"label": column.label, "class": "n" if column in NUMBER_COLUMNS else ""} for column in Column]
    return {
        "form": form,
        "columns": columns,
        "has_errors": form.is_bound and not form.is_valid(),
        "was_counted": was_counted(request_license(request).license),
    }


def _statistics(request: HttpRequest, user: User) -> dict[str, Any]:
    held = request_license(request).license
    return {
        "month": month_figures(user=user, held=held, at=timezone.now()),
        "has_license": held is not None,
        # Items do not exist before sending does, so nothing can have become of them.
        "outcomes": [(outcome.label, 0) for outcome in Outcome],
    }


def _segments(part: Part) -> list[Segment]:
    address = reverse("activity:log")
    urls = {Part.LOG: address, Part.STATISTICS: f"{address}?{PART}={Part.STATISTICS}"}
    return [Segment(shown.label, url, shown is part) for shown, url in urls.items()]


def _zone_in_words(user: User) -> str:
    return cultures.zone_label(user.time_zone, (get_language() or "en")[:2], timezone.now())
