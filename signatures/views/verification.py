"""The public page that tells whether a document was sealed here; whoever asks needs no account."""

import math
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.visitors import visitor_of
from core import throttle
from core.errors import TooManyRequests
from core.form_readers import FormWithoutFiles, takes_files
from core.small_files import FormWithSmallFile, Room
from messaging.items.references import shown_reference
from messaging.items.views.outside import not_indexed
from signatures.check_errors import CheckNotDone, CheckRefused
from signatures.check_form import EXAMPLE, REFERENCE_MOST_TYPED, CheckForm
from signatures.limits import CHECK_MOST_BYTES, CHECKED_AT_ONCE_MOST_BYTES, CHECKS_PER_NETWORK, SEALED_KNOWN_YEARS
from signatures.models import SealedDocument
from signatures.public_check import Checked, check_file, documents_of

_room = Room(CHECKED_AT_ONCE_MOST_BYTES)


@dataclass(frozen=True, slots=True)
class Found:
    """What the page answers.

    Args:
        reference: that was asked for, as it is stored; empty without one.
        documents: of the reference.
        checked: what is known of the file; None without one.
    """

    reference: str
    documents: list[SealedDocument]
    checked: Checked | None


def reader_of(request: HttpRequest) -> FormWithoutFiles:
    """Return what reads the form; of whoever has asked too often no file is read."""
    if throttle.used_up_until(CHECKS_PER_NETWORK, visitor_of(request).network):
        return FormWithoutFiles(request)
    return FormWithSmallFile(request, CHECK_MOST_BYTES, _room)


@login_not_required
@not_indexed
@require_http_methods(["GET", "HEAD", "POST"])
@takes_files(reader_of)
def verification(request: HttpRequest) -> HttpResponse:
    """Show the form, and answer it; the address may bring a reference, which is only filled in."""
    if request.method == "POST":
        return _answer(request)
    return _page(request, _filled_in(request.GET.get("reference", "")))


def _answer(request: HttpRequest) -> HttpResponse:
    network = visitor_of(request).network
    try:
        throttle.take(CHECKS_PER_NETWORK, network)
    except TooManyRequests as refusal:
        return _asked_too_often(request, refusal)
    form = CheckForm(request.POST, request.FILES)
    if not form.is_valid():
        if form.is_for_nothing:
            throttle.give_back(CHECKS_PER_NETWORK, network)
        return _page(request, form)
    try:
        found = _find(form.cleaned_data["reference"], form.cleaned_data["file"])
    except CheckRefused as refusal:
        if isinstance(refusal, CheckNotDone):
            throttle.give_back(CHECKS_PER_NETWORK, network)
        form.add_error("file", str(refusal))
        return _page(request, form)
    return _page(request, _filled_in(shown_reference(found.reference)), found=found)


def _find(reference: str, file: bytes | None) -> Found:
    """Return what is known.

    Raises:
        CheckRefused: the file was not checked.
    """
    checked = None if file is None else check_file(file)
    return Found(reference, documents_of(reference) if reference else [], checked)


def _asked_too_often(request: HttpRequest, refusal: TooManyRequests) -> HttpResponse:
    response = _page(request, _filled_in(request.POST.get("reference", "")), until=refusal.until)
    response.status_code = 429
    wait_seconds = (refusal.until - timezone.now()).total_seconds()
    response.headers["Retry-After"] = str(max(1, math.ceil(wait_seconds)))
    return response


def _filled_in(reference: str) -> CheckForm:
    return CheckForm(initial={"reference": reference[:REFERENCE_MOST_TYPED]})


def _page(request: HttpRequest, form: CheckForm, **shown: Any) -> HttpResponse:
    context = {
        "form": form,
        "example": EXAMPLE,
        "most_bytes": CHECK_MOST_BYTES,
        "years": SEALED_KNOWN_YEARS,
        "found": None,
        "until": None,
        **shown,
    }
    return render(request, "signatures/verification.html", context, status=422 if form.errors else 200)
