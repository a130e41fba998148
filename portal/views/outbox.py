"""Demo mode's outbox: the mails and texts the portal would have sent."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.outbox_files import read_entries, read_entry

ENTRIES_SHOWN = 100
CHANNELS = ("email", "sms")


@login_not_required
@require_safe
def outbox(request: HttpRequest, key: str = "") -> HttpResponse:
    """List the newest mails and texts and show one of them; there is no such page outside demo mode."""
    if not settings.IS_DEMO:
        raise Http404
    channel = request.GET.get("channel", "")
    entries = [entry for entry in read_entries(ENTRIES_SHOWN) if channel not in CHANNELS or entry.channel == channel]
    selected = read_entry(key) if key else next(iter(entries), None)
    if key and selected is None:
        raise Http404
    context = {"entries": entries, "selected": selected, "channel": channel if channel in CHANNELS else ""}
    return render(request, "portal/outbox.html", context)
