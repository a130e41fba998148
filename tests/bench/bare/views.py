"""The two pages: sign-in required; four simple indexed queries and a template of 20 KB, or fifty lines of a list."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from tests.bench.bare.models import Call, Habits, MonthOfCalls, Subscription
from tests.bench.bare.seed import MONTH

LINES = [{"number": number, "title": f"Line {number}", "note": "Shown the way it was entered"} for number in range(40)]

LOG_LINES = 50
LOG_PROSE = SafeString("<p>Each line is one call, as it was heard, from the first word to the last.</p>\n" * 170)
PARAGRAPH = "<p>Calls are heard in their order. What was said is written down, and nothing beside it.</p>\n"
PROSE = SafeString(PARAGRAPH * 163)


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Show what is known about the signed-in person."""
    return render(request, "bare/page.html", {"lines": LINES, "prose": PROSE, **four_looks(request.user)})


@login_required
def log(request: HttpRequest) -> HttpResponse:
    """Show the newest calls of the signed-in person."""
    calls = Call.objects.filter(caller=request.user).order_by("-called_at", "-id")
    return render(
        request, "bare/log.html", {"person": request.user, "calls": list(calls[:LOG_LINES]), "prose": LOG_PROSE}
    )


def four_looks(person: Any) -> dict[str, Any]:
    """Ask four tables, as a page does whose author thinks in models."""
    assert isinstance(person, User)
    month = MonthOfCalls.objects.filter(caller=person, month=MONTH).first()
    last = Call.objects.filter(caller=person).order_by("-called_at", "-id").first()
    return {
        "person": person,
        "habits": Habits.objects.get(owner=person),
        "subscription": Subscription.objects.select_related("tariff").get(holder=person),
        "calls": month.calls if month else 0,
        "last_called_at": last.called_at if last else None,
    }
