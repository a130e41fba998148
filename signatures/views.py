"""One's signature marks, and the tracking of requests."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def marks(request: HttpRequest) -> HttpResponse:
    """Show one's signature marks."""
    return render(request, "signatures/marks.html")


@require_safe
def tracking(request: HttpRequest) -> HttpResponse:
    """Show the requests."""
    return render(request, "signatures/tracking.html")
