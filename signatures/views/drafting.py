"""What the pages of a draft share: who may prepare requests, the draft in the address, what is answered to a window."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.people import signed_in
from core import cultures
from licenses.access import request_license
from licenses.models import Feature, License
from messaging.items.access import items_of
from messaging.items.errors import AlreadySent
from messaging.items.models import Item
from messaging.items.services.draft_sealing import OpenDraft
from signatures.choices import KIND
from signatures.services.drafting import find_draft

View = Callable[..., HttpResponseBase]
FEATURE = Feature.SIGNATURE_REQUESTS


def plan_needed(view: View) -> View:
    """Lead whose plan has no signature requests to the page that says so; a license that is over may prepare."""

    @wraps(view)
    def answer_or_explain(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if FEATURE not in request_license(request).entitlement.features:
            return redirect("signatures:request_new")
        return view(request, *args, **kwargs)

    return answer_or_explain


def license_of(request: HttpRequest) -> License:
    """Return the license of who prepares; `plan_needed` has seen one."""
    license = request_license(request).license
    if license is None:
        raise Http404
    return license


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


def kept_for_script(draft: OpenDraft, page: str, *, error: str = "") -> JsonResponse:
    """Tell a script what was kept.

    Args:
        page: URL name of the page that shows it.
        error: what was not.
    """
    kept = {
        "version": draft.row.version,
        "kept": _("Draft kept %(time)s") % {"time": cultures.format_time(draft.row.changed_at)},
        "page": reverse(page, args=[draft.row.form_key]),
    }
    return JsonResponse(kept | {"error": error}, status=422) if error else JsonResponse(kept)


def sent_already(request: HttpRequest, sent: AlreadySent) -> HttpResponse:
    """Lead a late window to what was sent."""
    if is_script(request):
        return JsonResponse({"error": str(sent)}, status=409)
    return redirect("signatures:request_detail", sent.reference)
