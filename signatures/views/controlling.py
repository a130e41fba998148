"""What a requester does with a request on its way: remind, send a new link, correct an address, cancel."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.form_cookies import forget_typed, typed_before
from accounts.people import signed_in
from accounts.services.kept_forms import sign_drawn
from accounts.visitors import visitor_of
from core.errors import TooManyRequests
from licenses.access import request_entitlement, require_feature
from licenses.models import Feature
from messaging.items.errors import LinkExpired
from messaging.items.views.renewing import link_number, link_to_replace
from messaging.items.views.steps import takes_forms
from signatures.control_forms import CorrectionForm, ReminderForm
from signatures.control_refusals import NOT_DONE, why_not_corrected, why_not_written
from signatures.limits import REMINDER_MOST_CHARACTERS
from signatures.models import Signer
from signatures.request_errors import SameAddress
from signatures.requesting import request_of, signer_of
from signatures.services.controlling import cancel, correct_contact, remind, send_new_link
from signatures.signing_errors import NothingToRemind, TextTooLong


@takes_forms
def signer_remind(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Remind a signer whose turn it is, where the license includes it; without it the answer is 403."""
    signer = _signer(request, reference, number)
    require_feature(request_entitlement(request), Feature.SIGNATURE_TRACKING)
    came_back = _came_back(request)
    form = ReminderForm(request.POST if request.method == "POST" else None, signer=signer, initial=came_back)
    status = 422
    if request.method == "POST" and form.is_valid():
        user, visitor = signed_in(request), visitor_of(request)
        try:
            remind(signer=signer, **form.cleaned_data, by=user, visitor=visitor)
        except TextTooLong as refusal:
            form.add_error("text", str(refusal))
        except NOT_DONE as refusal:
            form.add_error(None, why_not_written(refusal, _name(signer)))
            status = 429 if isinstance(refusal, TooManyRequests) else 422
        else:
            return _done(request, signer, _("The reminder to %(name)s is on its way, with a new link."))
    context = _typed_in(request, signer, form, came_back) | {"most": REMINDER_MOST_CHARACTERS}
    return render(request, "signatures/signer_remind.html", context, status=status if form.errors else 200)


@takes_forms
def signer_link_renew(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Send a signer a new link, to sign or to the sealed documents; the old one stops."""
    signer = _signer(request, reference, number)
    if request.method != "POST":
        context = _named(signer) | {"link": link_number(signer.participant)}
        return render(request, "signatures/signer_link_renew.html", context)
    try:
        visitor, replaces = visitor_of(request), link_to_replace(request)
        send_new_link(signer=signer, by=signed_in(request), visitor=visitor, replaces=replaces)
    except NOT_DONE as refusal:
        messages.error(request, why_not_written(refusal, _name(signer)))
        return _back(signer)
    return _done(request, signer, _("A new link is on its way to %(name)s; the old one has stopped."))


@takes_forms
def signer_correct(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Reach a signer at another address, or send codes to another number, from now on."""
    signer = _signer(request, reference, number)
    user, posted, came_back = (
        signed_in(request),
        request.POST if request.method == "POST" else None,
        _came_back(request),
    )
    form = CorrectionForm(posted, signer=signer, sms_country=user.default_sms_country, initial=came_back)
    if request.method == "POST" and form.is_valid():
        email, cell = form.cleaned_data["email"], form.cleaned_data.get("cell_number", "")
        try:
            correct_contact(signer=signer, email=email, number=cell, by=user, visitor=visitor_of(request))
        except SameAddress as refusal:
            form.add_error("email", str(refusal))
        except NOT_DONE as refusal:
            form.add_error(None, why_not_corrected(refusal, _name(signer)))
        else:
            return _done(request, signer, _corrected(signer, is_address=bool(email)))
    context = _typed_in(request, signer, form, came_back)
    return render(request, "signatures/signer_correct.html", context, status=422 if form.errors else 200)


@takes_forms
def request_cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """End a request for everybody, and destroy its documents."""
    found = request_of(signed_in(request), reference)
    if request.method != "POST":
        return render(request, "signatures/request_cancel.html", {"item": found.item})
    try:
        is_done = cancel(item=found.item, by=signed_in(request), visitor=visitor_of(request))
    except NothingToRemind:
        messages.error(request, _("Everybody has signed, or the request is over: it cannot be cancelled any more."))
    except LinkExpired:
        messages.info(request, _("The time of this request was over already. Nothing was changed."))
    else:
        sentence = _("The request is cancelled: nobody can sign it any more, and its documents are destroyed.")
        messages.success(request, sentence if is_done else _("This request had been cancelled already."))
    return redirect("signatures:request_detail", found.item.reference)


def _signer(request: HttpRequest, reference: str, number: int) -> Signer:
    return signer_of(request_of(signed_in(request), reference), number - 1)


def _name(signer: Signer) -> str:
    return signer.participant.name or signer.participant.email


def _named(signer: Signer) -> dict[str, object]:
    return {"item": signer.participant.item, "signer": signer, "name": _name(signer)}


def _came_back(request: HttpRequest) -> dict[str, str]:
    """Return what the requester had typed into the form of this page when the session ended; nothing mostly."""
    kept = typed_before(request, user_id=signed_in(request).pk) if request.method != "POST" else None
    return {name: values[0] for name, values in (kept or {}).items() if values}


def _typed_in(request: HttpRequest, signer: Signer, form: Form, came_back: dict[str, str]) -> dict[str, object]:
    """Return what a page with a form shows, which survives the end of the session."""
    return _named(signer) | {
        "form": form,
        "has_errors": bool(form.errors),
        "drawn": sign_drawn(user_id=signed_in(request).pk, values={}),
        "is_kept_form": bool(came_back),
        "page_url": request.path,
    }


def _corrected(signer: Signer, *, is_address: bool) -> str:
    if not is_address and signer.participant.is_waiting:
        return _("The cell number of %(name)s is corrected. Codes go there when their turn comes.")
    if not is_address:
        return _("The cell number of %(name)s is corrected. A new link is on its way; the old one has stopped.")
    if signer.participant.is_waiting:
        return _("The address of %(name)s is corrected. They are written to there when their turn comes.")
    return _("The address of %(name)s is corrected. A new link is on its way there; the old one has stopped.")


def _done(request: HttpRequest, signer: Signer, sentence: str) -> HttpResponse:
    messages.success(request, sentence % {"name": _name(signer)})
    return forget_typed(request, _back(signer))


def _back(signer: Signer) -> HttpResponse:
    return redirect("signatures:request_detail", signer.participant.item.reference)
