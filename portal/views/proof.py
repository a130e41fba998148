"""The one page that asks what is missing before a pending change counts: the password, then the code."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import HashingBusy, SignInLocked, SignInRefused
from accounts.forms.sign_in import CodeForm, ProofForm
from accounts.models import User
from accounts.people import signed_in
from accounts.services import pending_changes
from accounts.services.fresh_proof import give_proof, is_proof_fresh
from accounts.services.pending_wishes import Pending
from accounts.services.shown_codes import codes_for_repeat
from accounts.views.answers import number_refusal, proof_refusal
from accounts.visitors import visitor_of
from core.errors import ChangedMeanwhile, CodeExpired, CodeWrong, Refusal, TooManyRequests, TooManyTries
from core.sms.numbers import international
from licenses.access import request_entitlement
from portal.account.saving import Saved, apply_pending


@require_http_methods(["GET", "HEAD", "POST"])
def account_proof(request: HttpRequest) -> HttpResponse:
    """Ask for the password where the last proof is too old, then for the code of a new number."""
    user = signed_in(request)
    pending = pending_changes.pending_change(user=user)
    if pending is None:
        return _answer_repeat(request, user) or redirect("portal:account")
    typed = request.POST if request.method == "POST" else None
    # A form drawn by a version before this one does not say what its page listed.
    if typed is not None and typed.get("listed", pending.listed) != pending.listed:
        return _answer_repeat(request, user) or _list_anew(request, user, pending)
    return _ask(request, user, pending, typed)


@require_POST
def account_proof_resend(request: HttpRequest) -> HttpResponse:
    """Send a new code to the new number."""
    user = signed_in(request)
    if is_proof_fresh(request=request):
        _send(request, user)
    return redirect("portal:account_proof")


def send_first_code(request: HttpRequest) -> None:
    """Send the code of a proposed number, unless one that still works was sent or the proof is missing."""
    user = signed_in(request)
    pending = pending_changes.pending_change(user=user)
    if pending is None or not pending.number or not is_proof_fresh(request=request):
        return
    sent = pending_changes.number_challenge(user=user, number=pending.number)
    if sent is None or not sent.is_live:
        _send(request, user)


def _ask(request: HttpRequest, user: User, pending: Pending, typed: QueryDict | None) -> HttpResponse:
    if not is_proof_fresh(request=request):
        return _ask_password(request, user, pending, typed)
    if pending.needs_code:
        return _ask_code(request, user, pending, typed)
    return _apply(request, user, pending) if typed is not None else _confirm_page(request, pending)


def _list_anew(request: HttpRequest, user: User, pending: Pending) -> HttpResponse:
    """Change nothing, since the person agreed to a list that is no more, and show the one of now."""
    messages.warning(
        request, _("What waits for your proof has changed since this page was drawn. Nothing was put into force.")
    )
    answer = _ask(request, user, pending, None)
    answer.status_code = 409
    return answer


def _ask_password(request: HttpRequest, user: User, pending: Pending, typed: QueryDict | None) -> HttpResponse:
    form = ProofForm(typed, auto_id="%s")
    if form.is_valid():
        try:
            password = form.cleaned_data["password"]
            give_proof(request=request, user=user, password=password, visitor=visitor_of(request))
        except (SignInRefused, SignInLocked, HashingBusy) as refusal:
            form.add_error("password", proof_refusal(refusal))
        else:
            if pending.needs_code:
                send_first_code(request)
                return redirect("portal:account_proof")
            return _apply(request, user, pending)
    status = 422 if form.errors else 200
    context = {"form": form, "pending": pending, "has_errors": bool(form.errors)}
    return render(request, "portal/account_proof_password.html", context, status=status)


def _ask_code(request: HttpRequest, user: User, pending: Pending, typed: QueryDict | None) -> HttpResponse:
    number = str(pending.number)
    form = CodeForm(typed, auto_id="%s")
    if form.is_valid():
        try:
            answer = form.cleaned_data["code"]
            pending_changes.confirm_number(user=user, number=number, answer=answer, visitor=visitor_of(request))
        except (CodeWrong, CodeExpired, TooManyTries) as refusal:
            if (repeated := _answer_repeat(request, user)) is not None:
                return repeated
            form.add_error("code", number_refusal(refusal))
        else:
            return _apply(request, user, pending)
    context = {
        "form": form,
        "pending": pending,
        "number": international(number),
        "challenge": pending_changes.number_challenge(user=user, number=number),
        "next_code": pending_changes.number_next_code(user=user, number=number),
        "has_errors": bool(form.errors),
    }
    return render(request, "portal/account_proof_code.html", context, status=422 if form.errors else 200)


def _confirm_page(request: HttpRequest, pending: Pending) -> HttpResponse:
    return render(request, "portal/account_proof_ready.html", {"pending": pending})


def _send(request: HttpRequest, user: User) -> None:
    try:
        pending_changes.send_confirmation_code(user=user, visitor=visitor_of(request))
    except (TooManyRequests, TooManyTries) as refusal:
        messages.warning(request, number_refusal(refusal))
    except Refusal as refusal:
        messages.error(request, str(refusal))


def _apply(request: HttpRequest, user: User, pending: Pending) -> HttpResponse:
    try:
        saved = apply_pending(
            user=user,
            pending=pending,
            entitlement=request_entitlement(request),
            session_key=request.session.session_key,
            form_token=form_token_of(request),
            visitor=visitor_of(request),
        )
    except ChangedMeanwhile:
        if (repeated := _answer_repeat(request, user)) is not None:
            return repeated
        messages.warning(
            request, _("This change was made, replaced or dropped meanwhile. Look at what is in force now.")
        )
        return redirect("portal:account")
    return answer_saved(request, saved, _("Saved. The change is in force."))


def form_token_of(request: HttpRequest) -> str:
    """Return what tells one drawing of a form from every other one: its token is masked anew each time."""
    return request.POST.get("csrfmiddlewaretoken", "")


def _answer_repeat(request: HttpRequest, user: User) -> HttpResponse | None:
    """Show the recovery codes once more to the same form sent twice; None where it made none."""
    codes = codes_for_repeat(user=user, form_token=form_token_of(request))
    return answer_saved(request, Saved(recovery_codes=codes), "") if codes else None


def answer_saved(request: HttpRequest, saved: Saved, words: str) -> HttpResponse:
    """Say what came of a change: new recovery codes at once, anything else on the account page."""
    is_whole = not say_what_is_left_out(request, saved)
    if saved.recovery_codes:
        return render(request, "accounts/recovery_codes.html", {"codes": saved.recovery_codes})
    if is_whole:
        messages.success(request, words)
    return redirect("portal:account")


def say_what_is_left_out(request: HttpRequest, saved: Saved) -> bool:
    """Say which part of a change did not come into force; return whether there is one."""
    if saved.is_protection_left_out:
        messages.warning(
            request,
            _("Return protection stays as it was: your license does not include it any more. The rest is saved."),
        )
    if saved.is_change_dropped:
        messages.warning(
            request,
            _(
                "A change was dropped: it, or one that it depends on, was not confirmed within a day. "
                "Everything else is saved."
            ),
        )
    return saved.is_protection_left_out or saved.is_change_dropped
