"""One item of the log: what happened to it, its deletion, and the proof for the file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.people import signed_in
from accounts.visitors import visitor_of
from core.db import database_now
from messaging.activity.access.log import own_item
from messaging.activity.access.log_rows import Row
from messaging.activity.access.timeline import timeline
from messaging.activity.addresses import AFTER, BEFORE, events_turn_asked, log_url, query_of
from messaging.activity.drawing import openings, pill, protection, reply_protection
from messaging.activity.limits import EVENTS_A_PAGE
from messaging.activity.places import Place
from messaging.activity.proof_document import proof_document
from messaging.activity.services.proving import prove_history
from messaging.activity.telling import told
from messaging.items.choices import ReturnKind, State
from messaging.items.errors import ItemStays, LinkExpired
from messaging.items.events.sealing import ChainNotOurs
from messaging.items.inbox import kinds_kept
from messaging.items.kinds import kind_of
from messaging.items.models import Item
from messaging.items.references import shown_reference
from messaging.items.services.controlling import revoke_item
from messaging.items.standing import part_at


@require_safe
def item_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what happened to one's item."""
    item, row = own_item(owner=signed_in(request), reference=reference)
    now = database_now()
    happened, ways = timeline(item=item, turn=events_turn_asked(request.GET), length=EVENTS_A_PAGE)
    ending = kind_of(item.kind).ending_word(item)
    context = _named(request, item, row) | {
        "kind": kind_of(item.kind),
        "item_url": kind_of(item.kind).url(item.reference),
        "state": pill(row.state, kind_of(item.kind).state_word(row.state, is_undone=row.is_undone)),
        "openings": openings(row),
        "protection": protection(row),
        "reply_protection": reply_protection(item),
        "people": [(person, _part_pill(item, part_at(now, person))) for person in row.people],
        "told": [told(one, ending=ending) for one in happened],
        "newer_url": _turned(request, item, AFTER, ways.newer_than),
        "older_url": _turned(request, item, BEFORE, ways.older_than),
    }
    return render(request, "activity/item_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def item_delete(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once more, then end the access of everybody at once; the row stays."""
    user = signed_in(request)
    item, row = own_item(owner=user, reference=reference)
    if request.method != "POST":
        return _delete_page(request, item, row, kind_of(item.kind).why_it_stays(item))
    names = {"reference": shown_reference(item.reference)}
    try:
        is_deleted = revoke_item(item=item, by=user, visitor=visitor_of(request), at=database_now())
    except ItemStays as refusal:
        return _delete_page(request, item, row, str(refusal), status=409)
    except LinkExpired:
        messages.info(request, _("%(reference)s had expired already. Nothing was changed.") % names)
    else:
        if is_deleted:
            sentence = _("%(reference)s is deleted. No link opens it any more; its line stays here.")
            messages.success(request, sentence % names)
        else:
            messages.info(request, _("%(reference)s had been deleted before. Nothing was changed.") % names)
    return redirect(log_url(query_of(request.GET)))


@require_POST
def item_proof(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the proof for the file; that it was printed is an event of its own."""
    user = signed_in(request)
    item, row = own_item(owner=user, reference=reference)
    try:
        proven = prove_history(item=item, by=user, visitor=visitor_of(request), at=database_now())
    except ChainNotOurs:
        messages.error(
            request, _("The log of your organization does not hold, so it proves nothing. Tell your administrator.")
        )
        return redirect("activity:item_detail", item.reference)
    document = proof_document(item=item, row=row, proven=proven, organization=str(user.organization))
    name = f"{shown_reference(item.reference)}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(document, content_type="application/pdf", headers=headers)


def _delete_page(request: HttpRequest, item: Item, row: Row, stays: str, *, status: int = 200) -> HttpResponse:
    kept = kinds_kept(item)
    context = _named(request, item, row) | {
        "stays": stays,
        "is_sealed": ReturnKind.SIGNED in kept,
        "has_come_back": bool(kept),
    }
    return render(request, "activity/item_delete.html", context, status=status)


def _part_pill(item: Item, state: State) -> SafeString:
    return pill(state, kind_of(item.kind).part_word(state))


def _named(request: HttpRequest, item: Item, row: Row) -> dict[str, object]:
    query = query_of(request.GET)
    return {
        "item": item,
        "reference": shown_reference(item.reference),
        "label": row.label,
        "recipients": row.people,
        "can_be_deleted": row.can_be_deleted,
        "query": f"?{query}" if query else "",
        "log_url": log_url(query),
    }


def _turned(request: HttpRequest, item: Item, way: str, place: Place | None) -> str:
    address = reverse("activity:item_detail", args=[item.reference])
    return f"{address}?{query_of(request.GET, **{way: place.to_text()})}" if place else ""
