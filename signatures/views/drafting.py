"""What the pages of a draft share: who may prepare requests, the draft in the address, what is answered to a window."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.people import signed_in
from core import cultures
from core.db import database_now
from licenses.access import request_license
from licenses.drafting import drafting_plan
from licenses.models import Feature, Plan
from messaging.items.access import items_of
from messaging.items.errors import AlreadySent
from messaging.items.models import Item
from messaging.items.services.draft_sealing import OpenDraft
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
    """Return a draft of the person, or the way to the request it became.

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
    return redirect("signatures:request_detail", sent.reference)


def is_script(request: HttpRequest) -> bool:
    """Tell whether a script asks, which keeps the draft every few seconds."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def version_of(request: HttpRequest) -> int:
    """Return the version that the window knows; 0 for none."""
    version = request.POST.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) <= len("1000000000") else 0


def kept_for_script(draft: OpenDraft, page: str, *, error: str = "", status: int = 422) -> JsonResponse:
    """Tell a script what was kept.

    Args:
        page: URL name of the page that shows it.
        error: what was not.
        status: of the answer where something was not.
    """
    kept = {
        "version": draft.row.version,
        "kept": _("Draft kept %(time)s") % {"time": cultures.format_time(draft.row.changed_at)},
        "page": reverse(page, args=[draft.row.form_key]),
    }
    return JsonResponse(kept | {"error": error}, status=status) if error else JsonResponse(kept)


def sent_already(request: HttpRequest, sent: AlreadySent) -> HttpResponse:
    """Lead a late window to what was sent."""
    if is_script(request):
        return JsonResponse({"error": str(sent)}, status=409)
    return redirect("signatures:request_detail", sent.reference)
