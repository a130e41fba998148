"""A recipient writes back: the proof where one is asked, the form, the receipt."""

import uuid
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.visitors import visitor_of
from core.errors import CodeExpired, CodeWrong, Refusal, TooManyRequests, TooManyTries
from core.form_readers import seals_files
from core.forms import draw_form_key_anew
from core.uploads import Intake
from messaging.items.choices import CodePurpose, Proof
from messaging.items.errors import AlreadySent, ContentDamaged, LinkRefused, OwnersStorageFull, SentOtherwise
from messaging.items.forms import CodeForm, text_code_form
from messaging.items.models import Return
from messaging.items.pacing import Pace
from messaging.items.services.opening import manifest_of
from messaging.items.services.proof_codes import sent_code
from messaging.items.services.reply_proofs import (
    is_reply_proof_missing,
    is_texted,
    prove_reply,
    send_reply_code,
)
from messaging.items.services.telling import tell_code_missing, tell_space_full
from messaging.items.services.visiting import Visit
from messaging.items.shortened import MARK, with_mark
from messaging.items.storage import space_for_returns
from messaging.items.views.answers import answer_refusal, code_refusal, too_often
from messaging.items.views.outside import View, address, not_indexed, over, visited
from messaging.messages import limits
from messaging.messages.choices import ReplyKind
from messaging.messages.forms.reply import ReplyForm
from messaging.messages.replies import ReplyTerms
from messaging.messages.services.replying import Reply, same_sent_before, send_reply, sent_before
from messaging.messages.views.outside import STEPS

PACE = Pace(limits.REPLY_FORMS_PER_NETWORK, limits.REPLIES_PER_NETWORK, limits.REPLIES_PER_LINK)


@csrf_protect
def form_of_lost_visit(request: HttpRequest, locator: str, refusal: LinkRefused | None) -> HttpResponse:
    """Give back what was typed in an opening, or at a link, that is over: it can be copied."""
    text = request.POST.get("text", "")
    if refusal is not None:
        return over(request, locator, refusal, STEPS, typed=text)
    context = {"text": text, "locator": locator}
    return render(request, "messages/reply_lost.html", context, status=403)


def replying(view: View) -> View:
    """Hand a view the reply that may be written in place of the locator; nothing is here where none is wanted."""

    @visited(STEPS, lost=form_of_lost_visit)
    @wraps(view)
    def answer(request: HttpRequest, visit: Visit, **named: Any) -> HttpResponseBase:
        manifest = manifest_of(visit)
        room_bytes = space_for_returns(visit.item).room_bytes
        reply = Reply(visit, ReplyTerms.of_product(manifest.product), manifest.subject, room_bytes)
        if reply.terms.kind is ReplyKind.NONE:
            return no_reply(request)
        return view(request, reply, **named)

    return answer


@csrf_protect
def no_reply(_request: HttpRequest) -> HttpResponse:
    """Answer where the sender takes no reply: there is no such page."""
    raise Http404


def intake_of(request: HttpRequest, reply: Reply) -> Intake:
    """Return what the files of a reply are sealed under; before the proof, and after too many forms, none are taken."""
    is_closed = is_reply_proof_missing(reply.visit) or not PACE.are_files_taken(reply.visit, visitor_of(request))
    return Intake(
        data_key=reply.data_key,
        whole=reply.whole_id.bytes,
        bytes_at_most=0 if is_closed else reply.bytes_at_most,
        files_at_most=0 if is_closed else reply.files_at_most,
        too_large=OwnersStorageFull(reply.visit.item.sender.get_full_name()) if reply.is_room_short else None,
    )


@login_not_required
@not_indexed
@require_http_methods(["GET", "HEAD", "POST"])
@replying
@seals_files(intake_of)
def link_reply(request: HttpRequest, reply: Reply) -> HttpResponse:
    """Show the form of a reply, and take it."""
    if is_reply_proof_missing(reply.visit):
        status = 403 if request.method == "POST" else 200
        return proof_page(request, reply, text_code_form(), status=status, text=request.POST.get("text", ""))
    form = ReplyForm(*_posted(request), takes_files=reply.files_at_most > 0, is_file_needed=reply.is_file_needed)
    if request.method == "POST":
        try:
            PACE.count_form(reply.visit, visitor_of(request))
            if form.is_valid():
                returned = _taken(request, reply, form)
                return redirect(with_mark(_receipt_url(reply, returned), form.cleaned_data.get("uploads", [])))
        except SentOtherwise:
            return _sent_otherwise(request, reply, form)
        except TooManyRequests as refusal:
            return _page(request, reply, form, status=429, warning=too_often(refusal))
        except OwnersStorageFull as full:
            form.add_error(None, ValidationError(str(full), code=type(full).__name__))
    if any(form.has_error(name, OwnersStorageFull.__name__) for name in (NON_FIELD_ERRORS, "uploads")):
        tell_space_full(participant=reply.visit.participant)
    return _page(request, reply, form, status=422 if form.errors else 200)


@login_not_required
@not_indexed
@require_POST
@replying
def link_reply_code_send(request: HttpRequest, reply: Reply) -> HttpResponse:
    """Send the code that is asked before a reply, unless it was given meanwhile."""
    visit = reply.visit
    if not is_reply_proof_missing(visit):
        return redirect(address("messages:link_reply", visit))
    try:
        send_reply_code(visit=visit, language=get_language() or visit.item.language, visitor=visitor_of(request))
    except (ContentDamaged, LinkRefused):
        raise
    except Refusal as refusal:
        return proof_page(request, reply, text_code_form(), status=429, warning=code_refusal(refusal))
    return redirect(address("messages:link_reply", visit))


@login_not_required
@not_indexed
@require_POST
@replying
def link_reply_code_missing(request: HttpRequest, reply: Reply) -> HttpResponse:
    """Tell the sender that the code that is asked before a reply does not arrive."""
    visit, purpose = reply.visit, CodePurpose.REPLYING
    if not is_texted(visit):
        raise Http404
    tell_code_missing(link=visit.link, proof=Proof.SMS_CODE, purpose=purpose, visitor=visitor_of(request))
    return redirect(f"{address('messages:link_reply', visit)}?told")


@login_not_required
@not_indexed
@require_POST
@replying
def link_reply_prove(request: HttpRequest, reply: Reply) -> HttpResponse:
    """Take the code that is asked before a reply."""
    form = text_code_form(request.POST)
    if form.is_valid():
        try:
            prove_reply(visit=reply.visit, answer=form.answer, visitor=visitor_of(request))
        except (CodeWrong, CodeExpired, TooManyTries) as refusal:
            form.add_error("code", answer_refusal(refusal, Proof.SMS_CODE))
        else:
            return redirect(address("messages:link_reply", reply.visit))
    return proof_page(request, reply, form, status=422)


@login_not_required
@not_indexed
@require_safe
@replying
def link_reply_receipt(request: HttpRequest, reply: Reply, whole_id: uuid.UUID) -> HttpResponse:
    """Say that a reply arrived, and where it is."""
    returned = Return.objects.filter(participant=reply.visit.participant, whole_id=whole_id).first()
    if returned is None:
        raise Http404
    context = {**_shown(reply), "returned": returned, "is_shortened": MARK in request.GET}
    return render(request, "messages/reply_receipt.html", context)


def proof_page(
    request: HttpRequest, reply: Reply, form: CodeForm, *, status: int, warning: str = "", text: str = ""
) -> HttpResponse:
    """Draw the page that asks for the proof before a reply."""
    visit = reply.visit
    context = {
        **_shown(reply),
        "form": form,
        "has_errors": bool(form.errors),
        "is_texted": is_texted(visit),
        "sent": sent_code(participant=visit.participant, purpose=CodePurpose.REPLYING) if is_texted(visit) else None,
        "warning": warning,
        "text": text,
        "action": address("messages:link_reply_prove", visit),
        "is_told": "told" in request.GET,
        "code_send_url": address("messages:link_reply_code_send", visit),
        "code_missing_url": address("messages:link_reply_code_missing", visit),
    }
    return render(request, "messages/reply_proof.html", context, status=status)


def _page(request: HttpRequest, reply: Reply, form: ReplyForm, *, status: int, **more: str) -> HttpResponse:
    context = {
        **_shown(reply),
        "form": form,
        "has_errors": status >= 400,
        "files_at_most": reply.files_at_most,
        "is_file_needed": reply.is_file_needed,
        "bytes_at_most": reply.bytes_at_most,
        "has_room": reply.room_bytes > 0,
        **more,
    }
    return render(request, "messages/reply.html", context, status=status)


def _sent_otherwise(request: HttpRequest, reply: Reply, form: ReplyForm) -> HttpResponse:
    """Give back what came under the key of a reply that arrived before, in a form with a key of its own."""
    before = sent_before(reply.visit.participant, form.cleaned_data["form_key"])
    draw_form_key_anew(form)
    return _page(request, reply, form, status=409, receipt_url=_receipt_url(reply, before) if before else "")


def _receipt_url(reply: Reply, returned: Return) -> str:
    return address("messages:link_reply_receipt", reply.visit, returned.whole_id)


def _shown(reply: Reply) -> dict[str, Any]:
    item = reply.visit.item
    return {
        "visit": reply.visit,
        "item": item,
        "sender": item.sender,
        "organization": item.organization,
        "terms": reply.terms,
        "subject": reply.subject,
        "message_url": address("messages:message_read", reply.visit),
        "reply_url": address("messages:link_reply", reply.visit),
    }


def _taken(request: HttpRequest, reply: Reply, form: ReplyForm) -> Return:
    """Return what a form became, also where it was sent before.

    Raises:
        SentOtherwise, OwnersStorageFull: as `send_reply`.
        TooManyRequests: too many came by this link; one that was sent before is known all the same.
    """
    values = form.cleaned_data
    text, uploads, key = values["text"], values.get("uploads", []), values["form_key"]
    before = same_sent_before(reply=reply, text=text, uploads=uploads, form_key=key)
    if before is not None:
        return before
    visitor = visitor_of(request)
    PACE.count_sent(reply.visit, visitor)
    try:
        return send_reply(reply=reply, text=text, uploads=uploads, form_key=key, visitor=visitor)
    except Refusal as refusal:
        PACE.give_back(reply.visit, visitor)
        if isinstance(refusal, AlreadySent):  # pressed twice, and the other one was first
            return _taken(request, reply, form)
        raise


def _posted(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
