"""An envelope after it was made: how it stands, what came, and what its owner can still do."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.people import signed_in
from accounts.visitors import visitor_of
from core.db import database_now
from messaging.activity.access.timeline import newest
from messaging.activity.telling import told
from messaging.envelopes.access import deliveries_of, envelope_of
from messaging.envelopes.limits import LIFE_HOURS, TIMELINE_MOST_EVENTS
from messaging.envelopes.services.asking import make_new_link, prolong
from messaging.envelopes.views.asking import handed_page
from messaging.items.choices import State
from messaging.items.errors import LinkExpired
from messaging.items.forms import ExpiryForm
from messaging.items.inbox import return_url
from messaging.items.manifests import Manifest
from messaging.items.models import Item
from messaging.items.refusals import IS_OVER, NO_COPY, NOT_RENEWED, why_not_changed, why_only_shorter
from messaging.items.sent import sent_list_url
from messaging.items.services.controlling import copied_manifest, revoke_item
from messaging.items.services.delivering import uncertain_since
from messaging.items.views.renewing import link_number, link_to_replace
from messaging.items.views.steps import takes_forms

OVER = frozenset({State.CLOSED, State.EXPIRED, State.DELETED})
TONES = {State.SENDING: "info", State.OPEN: "info", State.CLOSED: "good", State.FAILED: "danger"}


@require_safe
def envelope_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Show how an envelope stands, and what came."""
    item = envelope_of(signed_in(request), reference)
    (participant,) = people = list(item.participants.all())
    now = database_now()
    state = item.state_at(now, people)
    context = {
        "item": item,
        "participant": participant,
        "state": state,
        "uncertain_since": uncertain_since(item, now).get(participant.pk),
        "tone": TONES.get(state, ""),
        "is_over": state in OVER,
        "asked": _asked(item, now),
        "deliveries": [(returned, return_url(returned)) for returned in deliveries_of(item)],
        "list_url": sent_list_url(),
        "told": [told(one) for one in newest(item, most=TIMELINE_MOST_EVENTS)],
    }
    return render(request, "envelopes/envelope_detail.html", context)


@takes_forms
def envelope_delete(request: HttpRequest, reference: str) -> HttpResponse:
    """End an envelope; what came stays where it is."""
    item = envelope_of(signed_in(request), reference)
    if request.method != "POST":
        return render(request, "envelopes/envelope_delete.html", {"item": item})
    try:
        if revoke_item(item=item, by=item.sender, visitor=visitor_of(request), at=database_now()):
            messages.success(request, _("The envelope was deleted: its link takes nothing any more. The log stays."))
    except LinkExpired:
        messages.info(request, _("The envelope had expired already: its link takes nothing any more."))
    return redirect("envelopes:envelope_detail", item.reference)


@takes_forms
def envelope_expiry(request: HttpRequest, reference: str) -> HttpResponse:
    """Let an envelope end later or sooner."""
    item = envelope_of(signed_in(request), reference)
    data = request.POST if request.method == "POST" else None
    form = ExpiryForm(data, item=item, now=database_now(), usual_hours=LIFE_HOURS)
    if request.method == "POST" and form.is_valid():
        life = timedelta(hours=form.cleaned_data["life_hours"])
        try:
            prolong(item=item, life=life, by=item.sender, visitor=visitor_of(request))
        except IS_OVER as refusal:
            messages.error(request, why_not_changed(refusal))
        except NO_COPY as refusal:
            form.add_error("life_hours", why_only_shorter(refusal))
        else:
            messages.success(request, _("The expiration date was changed; the link stays the same."))
        if not form.errors:
            return redirect("envelopes:envelope_detail", item.reference)
    context = {"item": item, "form": form, "has_errors": bool(form.errors)}
    return render(request, "envelopes/envelope_expiry.html", context, status=422 if form.errors else 200)


@takes_forms
def envelope_link_renew(request: HttpRequest, reference: str) -> HttpResponse:
    """Make a new link for an envelope; the old one stops."""
    item = envelope_of(signed_in(request), reference)
    if request.method != "POST":
        participant = item.participants.get()
        context = {"item": item, "email": participant.email, "link": link_number(participant)}
        return render(request, "envelopes/envelope_link_renew.html", context)
    try:
        visitor, replaces = visitor_of(request), link_to_replace(request)
        handed = make_new_link(item=item, by=item.sender, visitor=visitor, replaces=replaces)
    except NOT_RENEWED as refusal:
        messages.error(request, why_not_changed(refusal))
    else:
        if handed.url:
            return handed_page(request, handed)
        messages.success(request, _("A new link is on its way by e-mail; the old one has stopped."))
    return redirect("envelopes:envelope_detail", item.reference)


def _asked(item: Item, at: datetime) -> Manifest | None:
    """Return title and instructions, or None where they are gone at an aware instant."""
    try:
        return copied_manifest(item, at=at)
    except NO_COPY:
        return None
