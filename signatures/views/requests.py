"""A signature request after it was sent: how it stands, and its documents for its requester."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.people import signed_in
from accounts.visitors import visitor_of
from core.db import database_now
from core.downloads import send_file
from licenses.access import request_license
from licenses.features import plan_name, why_refused
from licenses.models import Feature
from messaging.items.refusals import UNREADABLE, why_not_read
from messaging.items.sent import sent_list_url
from messaging.items.services.controlling import copied_key
from messaging.items.services.files import note_copy_downloads, sealed_files
from signatures.choices import RequestState
from signatures.progress import awaited
from signatures.request_page import asked_of, sealed_url, standing_of
from signatures.requesting import request_of
from signatures.services.holding import is_held
from signatures.tracked import TONES, state_in_words


@require_safe
def request_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Show how a request stands, signer by signer, with what its requester can still do."""
    found, now = request_of(signed_in(request), reference), database_now()
    state = found.state_at(now)
    blocks, told = standing_of(found, now)
    people, held = [block.progress for block in blocks], request_license(request)
    context = {
        "asked_for": found,
        "item": found.item,
        "state": state,
        "word": state_in_words(found, state),
        "tone": TONES.get(state, ""),
        "blocks": blocks,
        "next": [one.name for one in awaited(people)] if state is RequestState.IN_PROGRESS else [],
        "declined": next((block for block in blocks if block.progress.signer.participant.declined_at), None),
        "told": told,
        "asked": asked_of(found.item, at=now),
        "sealed_url": sealed_url(found),
        "is_held": is_held(found),
        "can_be_cancelled": state is RequestState.IN_PROGRESS and found.signed_by_all_at is None,
        "reminders_locked": why_refused(Feature.SIGNATURE_TRACKING, held.entitlement, plan_name(held.plan)),
        "has_tracking": held.entitlement.has(Feature.SIGNATURE_TRACKING),
        "list_url": sent_list_url(),
    }
    return render(request, "signatures/request_detail.html", context)


@require_safe
def document_download(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    """Give out a document as it was sent, from the requester's copy."""
    item, now = request_of(signed_in(request), reference).item, database_now()
    asked = asked_of(item, at=now)
    document = next((one for one in asked.papers if one.number == number), None) if asked else None
    if document is None:
        raise Http404
    try:
        (file,) = sealed_files([document.entry], whole_id=item.whole_id, data_key=copied_key(item, at=now))
        response = send_file(request, file)
    except UNREADABLE as refusal:
        messages.error(request, why_not_read(refusal))
        return redirect("signatures:request_detail", item.reference)
    if request.method == "GET" and response.status_code < 300:
        note_copy_downloads(item, [document.entry], visitor=visitor_of(request))
    return response
