"""Sent, drafts, received, and the page of four choices."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    """Show what was sent."""
    return render(request, "messages/message_list.html")


@require_safe
def message_new(request: HttpRequest) -> HttpResponse:
    """Show the four choices."""
    return render(request, "messages/message_new.html")


@require_safe
def returns(request: HttpRequest) -> HttpResponse:
    """Show what came back."""
    return render(request, "messages/returns.html")
