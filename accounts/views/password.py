"""A forgotten password, and the password asked again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.errors import HashingBusy, LinkUnknown, SignInLocked, SignInRefused
from accounts.forms.sign_in import EmailForm, PasswordResetForm, ProofForm
from accounts.people import signed_in
from accounts.services import password_reset as reset
from accounts.services.fresh_proof import give_proof
from accounts.services.sign_in import leave_ended_session
from accounts.views.answers import password_refusal, proof_refusal, when_possible
from accounts.views.sign_in import local_path
from accounts.visitors import visitor_of
from core.errors import TooManyRequests


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for the address to which a link is mailed; the answer is the same for every address."""
    form = EmailForm(request.POST if request.method == "POST" else None, auto_id="%s")
    if request.method == "POST" and form.is_valid():
        try:
            reset.ask_for_reset(email=form.cleaned_data["email"], visitor=visitor_of(request))
        except TooManyRequests as refusal:
            form.add_error("email", _too_often(refusal))
        else:
            return render(request, "accounts/password_forgotten_sent.html", {"email": form.cleaned_data["email"]})
    context = {"form": form, "has_errors": bool(form.errors)}
    return render(request, "accounts/password_forgotten.html", context, status=422 if form.errors else 200)


@login_not_required
@sensitive_post_parameters("new_password", "link")
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset(request: HttpRequest) -> HttpResponse:
    """Set a new password by the secret of a mailed link, which a script moves from the address into the form."""
    form = PasswordResetForm(request.POST if request.method == "POST" else None, auto_id="%s")
    if request.method == "POST" and form.is_valid() and _set_password(request, form):
        leave_ended_session(request=request)
        messages.success(request, _("Your new password is set. Sign in with it."))
        return redirect("accounts:sign_in")
    context = {"form": form, "has_errors": bool(form.errors)}
    return render(request, "accounts/password_reset.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the password again before something sensitive, and lead back."""
    next_path = local_path(request, request.POST.get("next") or request.GET.get("next", ""))
    form = ProofForm(request.POST if request.method == "POST" else None, auto_id="%s")
    if request.method == "POST" and form.is_valid():
        try:
            password, visitor = form.cleaned_data["password"], visitor_of(request)
            give_proof(request=request, user=signed_in(request), password=password, visitor=visitor)
        except (SignInRefused, SignInLocked, HashingBusy) as refusal:
            form.add_error("password", proof_refusal(refusal))
        else:
            return redirect(next_path)
    context = {"form": form, "next": next_path, "has_errors": bool(form.errors)}
    return render(request, "accounts/confirm.html", context, status=422 if form.errors else 200)


def _set_password(request: HttpRequest, form: PasswordResetForm) -> bool:
    secret = form.cleaned_data["link"]
    try:
        user = reset.user_of_link(secret=secret)
        if not form.refuse_weak_password(user):
            return False
        reset.reset_password(secret=secret, password=form.cleaned_data["new_password"], visitor=visitor_of(request))
    except LinkUnknown:
        form.add_error("link", _("This link does not work: it was used, replaced or is too old. Ask for a new one."))
    except HashingBusy as refusal:
        form.add_error(None, password_refusal(refusal))
    return not form.errors


def _too_often(refusal: TooManyRequests) -> str:
    return _("A link was asked for several times. The next one is possible %(when)s.") % {
        "when": when_possible(refusal.until)
    }
