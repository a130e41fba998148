"""The log of one's items."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show the log."""
    return render(request, "activity/log.html")
