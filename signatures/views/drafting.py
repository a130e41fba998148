"""What the pages of a draft share: who may prepare requests, the draft in the address, what is answered to a window."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.people import signed_in
from core.db import database_now
from licenses.access import request_license
from licenses.drafting import drafting_plan
from licenses.models import Feature, Plan
from messaging.items.access import items_of
from messaging.items.errors import AlreadySent
from messaging.items.models import Item
from messaging.items.services.draft_sealing import OpenDraft
from messaging.items.views.drafting import is_script
from messaging.quota.services.counting import Standing, standing_of
from signatures.choices import KIND
from signatures.services.drafting import find_draft

FEATURE = Feature.SIGNATURE_REQUESTS


def lacks_requests(request: HttpRequest) -> bool:
    """Tell whether the license has no signature requests, or is missing; one that is over may prepare."""
    return FEATURE not in request_license(request).entitlement.features


def lack_in_words(request: HttpRequest) -> str:
    """Say in a sentence what the license lacks; nothing where it lacks nothing."""
    if not lacks_requests(request):
        return ""
    if request_license(request).license is None:
        return _("You have no license.")
    return _("Your plan does not include signature requests.")


def plan_of(request: HttpRequest) -> Plan:
    """Return the plan that what is prepared is held to."""
    return drafting_plan(request_license(request), feature=FEATURE)


def month_of(request: HttpRequest) -> Standing | None:
    """Return what is left of the month; None where nothing can be sent with the license."""
    license, user = request_license(request).license, signed_in(request)
    if license is None or lacks_requests(request):
        return None
    return standing_of(license, zone=user.time_zone, at=database_now())


def draft_or_sent(request: HttpRequest, form_key: uuid.UUID) -> OpenDraft | HttpResponse:
    """Return a draft of the person, or what a late window is answered where it became a request.

    Raises:
        Http404: there is neither, or it is somebody else's.
    """
    user = signed_in(request)
    draft = find_draft(owner=user, form_key=form_key)
    if draft is not None:
        return draft
    sent: Item | None = items_of(user).filter(kind=KIND, form_key=form_key).first()
    if sent is None:
        raise Http404
    return sent_already(request, AlreadySent(sent.reference))


def sent_already(request: HttpRequest, sent: AlreadySent) -> HttpResponse:
    """Lead a late window to what was sent."""
    if is_script(request):
        return JsonResponse({"error": str(sent)}, status=409)
    return redirect("signatures:request_detail", sent.reference)
