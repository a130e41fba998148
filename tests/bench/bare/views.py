"""The one page: sign-in required, four simple indexed queries, a template of 20 KB."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from tests.bench.bare.models import Call, Habits, MonthOfCalls, Subscription
from tests.bench.bare.seed import MONTH

LINES = [{"number": number, "title": f"Line {number}", "note": "Shown the way it was entered"} for number in range(40)]

PARAGRAPH = "<p>Calls are heard in their order. What was said is written down, and nothing beside it.</p>\n"
PROSE = SafeString(PARAGRAPH * 163)


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Show what is known about the signed-in person."""
    return render(request, "bare/page.html", {"lines": LINES, "prose": PROSE, **four_looks(request.user)})


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
