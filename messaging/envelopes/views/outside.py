"""A person outside fills an envelope: what is asked, the form, the receipt."""

import uuid
from contextlib import suppress
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_safe

from accounts.visitors import visitor_of
from core.crypto.links import new_secret
from core.errors import TooManyRequests
from core.form_readers import seals_files
from core.uploads import Intake
from messaging.envelopes import limits
from messaging.envelopes.choices import KIND, Way
from messaging.envelopes.forms.filling import FillingForm
from messaging.envelopes.models import Envelope
from messaging.envelopes.services.filling import Filling, Given, delivery_of, fill_envelope, filling_plan, receipt_of
from messaging.items.errors import LinkDone, LinkRefused, OwnersStorageFull
from messaging.items.models import Return
from messaging.items.pacing import Pace
from messaging.items.services.form_bodies import digest_of_body, is_same_body
from messaging.items.services.opening import manifest_of
from messaging.items.services.telling import tell_space_full
from messaging.items.services.visiting import Visit
from messaging.items.shortened import MARK, with_mark
from messaging.items.storage import space_for_returns
from messaging.items.views.answers import too_often
from messaging.items.views.outside import Steps, View, address, over, visited
from messaging.items.views.steps import public, takes_forms
from messaging.items.visits import visit_in


def was_copied(visit: Visit) -> bool:
    """Tell whether the owner handed a link over; the address of whoever filled the envelope came later."""
    return Envelope.objects.filter(pk=visit.item.pk, way=Way.COPIED).exists()


STEPS = Steps(
    kind=KIND,
    link="envelopes:link",
    proof="envelopes:link_proof",
    code_send="envelopes:link_code_send",
    code_missing="envelopes:link_code_missing",
    inside="envelopes:envelope_fill",
    heading=gettext_lazy("Somebody asks you for documents"),
    done="envelopes:envelope_receipt",
    over="envelopes/over.html",
    is_done_proven=True,
    is_told_by_sender=was_copied,
)


PACE = Pace(limits.FORMS_PER_NETWORK, limits.SUBMISSIONS_PER_NETWORK)
# What was typed, in this order, is what tells one form from another.
TYPED = ("text", "name", "email")


def form_too_late(request: HttpRequest, locator: str, refusal: LinkRefused | None) -> HttpResponseBase:
    """Answer a form whose opening, or whose envelope, is over: nothing that was typed is lost."""
    if isinstance(refusal, LinkDone):
        visit = visit_in(request, locator, kind=KIND)
        if visit is not None and visit.is_done:
            return form_after_delivery(request, visit)
    return form_of_lost_visit(request, locator, refusal)


@csrf_protect
def form_of_lost_visit(request: HttpRequest, locator: str, refusal: LinkRefused | None) -> HttpResponse:
    """Give back what was typed in an opening, or for an envelope, that is over: it can be copied."""
    text = request.POST.get("text", "")
    if refusal is not None:
        return over(request, locator, refusal, STEPS, typed=text)
    return render(request, "envelopes/fill_lost.html", {"text": text, "locator": locator}, status=403)


def filling(view: View) -> View:
    """Hand a view the envelope that is being filled in place of the locator."""

    @visited(STEPS, lost=form_too_late)
    @wraps(view)
    def answer(request: HttpRequest, visit: Visit, **named: Any) -> HttpResponseBase:
        room_bytes = space_for_returns(visit.item).room_bytes
        return view(request, Filling(visit, manifest_of(visit), room_bytes), **named)

    return answer


def intake_of(request: HttpRequest, filling: Filling) -> Intake:
    """Return what the files of a delivery are sealed under; none are taken where the hour is used up."""
    is_taken = PACE.are_files_taken(filling.visit, visitor_of(request))
    return Intake(
        data_key=filling.data_key,
        whole=filling.whole_id.bytes,
        bytes_at_most=filling.bytes_at_most if is_taken else 0,
        files_at_most=filling.files_at_most if is_taken else 0,
        too_large=OwnersStorageFull(_owner(filling)) if filling.is_room_short else None,
    )


def intake_after_delivery(request: HttpRequest, visit: Visit) -> Intake:
    """Return what the files of a form that comes after the delivery are sealed under: they are compared, never kept."""
    plan, is_taken = filling_plan(visit.item), PACE.are_files_taken(visit, visitor_of(request))
    return Intake(
        data_key=new_secret(),
        whole=uuid.uuid4().bytes,
        bytes_at_most=plan.attachments_bytes if is_taken else 0,
        files_at_most=plan.files_per_send if is_taken else 0,
    )


@seals_files(intake_after_delivery)
def form_after_delivery(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Lead the form that was taken to its receipt; give back what any other one holds."""
    with suppress(TooManyRequests):  # from then on files are not read, so that what holds some is not the same
        PACE.count_form(visit, visitor_of(request))
    return _answer_filled(request, visit)


@public
@takes_forms
@filling
@seals_files(intake_of)
def envelope_fill(request: HttpRequest, filling: Filling) -> HttpResponse:
    """Show what is asked, and take it."""
    if request.method != "POST":
        return _page(request, filling, _form(filling))
    form = _form(filling, request.POST, request.FILES)
    visit, visitor = filling.visit, visitor_of(request)
    try:
        PACE.count_form(visit, visitor)
        if form.is_valid():
            PACE.count_sent(visit, visitor)
    except TooManyRequests as refusal:
        return _page(request, filling, form, warning=too_often(refusal))
    if form.is_valid():
        given, key = _given(filling, form), form.cleaned_data["form_key"]
        try:
            fill_envelope(
                filling=filling,
                given=given,
                form_key=key,
                visitor=visitor,
                body_digest=_digest(request, visit, key),
            )
        except LinkDone:
            return _answer_filled(request, visit)
        except OwnersStorageFull as full:
            PACE.give_back(visit, visitor)
            form.add_error(None, str(full))
            tell_space_full(participant=visit.participant)
        else:
            return redirect(with_mark(address(STEPS.done, visit), form.cleaned_data.get("uploads", [])))
    elif form.has_error("uploads", OwnersStorageFull.__name__):
        tell_space_full(participant=visit.participant)
    return _page(request, filling, form)


@public
@require_safe
@visited(STEPS, is_done=True)
def envelope_receipt(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show what arrived, to whoever has the secret of the link and gave the proof it asks."""
    returned = delivery_of(visit)
    if returned is None:
        return redirect(address(STEPS.proof, visit))
    receipt, item = receipt_of(visit, returned), visit.item
    context = {
        "returned": returned,
        "receipt": receipt,
        "item": item,
        "sender": item.sender,
        "is_shortened": MARK in request.GET,
    }
    return render(request, "envelopes/envelope_receipt.html", context, status=200 if receipt else 410)


def _form(filling: Filling, *data: Any) -> FillingForm:
    return FillingForm(*data, is_address_asked=filling.is_address_asked, takes_files=filling.files_at_most > 0)


def _page(request: HttpRequest, filling: Filling, form: FillingForm, *, warning: str = "") -> HttpResponse:
    item = filling.visit.item
    context = {
        "form": form,
        "has_errors": bool(form.is_bound and form.errors),
        "warning": warning,
        "has_room": filling.room_bytes > 0,
        "asked": filling.asked,
        "visit": filling.visit,
        "sender": item.sender,
        "organization": item.organization,
        "item": item,
        "files_at_most": filling.files_at_most,
        "bytes_at_most": filling.bytes_at_most,
        "action": address(STEPS.inside, filling.visit),
    }
    status = 429 if warning else 422 if context["has_errors"] else 200
    return render(request, "envelopes/envelope_fill.html", context, status=status)


def _given(filling: Filling, form: FillingForm) -> Given:
    values, participant = form.cleaned_data, filling.visit.participant
    return Given(
        name=values["name"] or participant.name,
        email=values.get("email", participant.email),
        text=values["text"],
        uploads=values.get("uploads", []),
        language=get_language() or filling.visit.item.language,
    )


def _owner(filling: Filling) -> str:
    return filling.visit.item.sender.get_full_name()


def _answer_filled(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Answer a form for an envelope that was filled, by this form or by another one."""
    delivery = _delivery_of_form(request, visit)
    if delivery is not None and is_same_body(delivery, _digest(request, visit, delivery.form_key)):
        return redirect(address(STEPS.done, visit))
    context = {
        "text": request.POST.get("text", ""),
        "receipt_url": address(STEPS.done, visit),
        "is_own": delivery is not None,
    }
    return render(request, "envelopes/filled_already.html", context, status=409)


def _delivery_of_form(request: HttpRequest, visit: Visit) -> Return | None:
    """Return what was delivered by the key of a form; that key is a secret of the page it was drawn on."""
    try:
        key = uuid.UUID(request.POST.get("form_key", ""))
    except ValueError:
        return None
    return Return.objects.filter(participant=visit.participant, form_key=key).first()


def _digest(request: HttpRequest, visit: Visit, form_key: uuid.UUID) -> bytes:
    """Return the digest of what was posted, as it was typed; a name is known otherwise once it is filled."""
    texts = [request.POST.get(name, "") for name in TYPED]
    uploads: Any = request.FILES.getlist("uploads")
    return digest_of_body(visit, form_key=form_key, texts=texts, files=uploads)
