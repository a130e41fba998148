"""Changing the address one signs in with, and undoing a change of address or number."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import AddressTaken, LinkUnknown
from accounts.forms.email_change import EmailChangeForm, MailedSecretForm
from accounts.people import signed_in
from accounts.services.email_change import ask_for_email_change, confirm_email_change
from accounts.services.fresh_proof import fresh_proof_required
from accounts.services.sign_in import leave_ended_session
from accounts.services.undo import undo_change
from accounts.views.answers import when_possible
from accounts.visitors import Visitor, visitor_of
from core.errors import TooManyRequests


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof_required(back="accounts:email_change")
def email_change(request: HttpRequest) -> HttpResponse:
    """Ask for a new address and mail it a link."""
    user = signed_in(request)
    form = EmailChangeForm(request.POST if request.method == "POST" else None, user=user, auto_id="%s")
    if request.method == "POST" and form.is_valid():
        try:
            new_email = form.cleaned_data["email"]
            ask_for_email_change(user=user, new_email=new_email, visitor=visitor_of(request))
        except TooManyRequests as refusal:
            when = when_possible(refusal.until)
            form.add_error("email", _("You asked several times. The next one is possible %(when)s.") % {"when": when})
        else:
            return render(request, "accounts/email_change_sent.html", {"new_email": new_email})
    context = {"form": form, "has_errors": bool(form.errors)}
    return render(request, "accounts/email_change.html", context, status=422 if form.errors else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def email_confirm(request: HttpRequest) -> HttpResponse:
    """Put the new address into force by the link that was mailed to it."""
    done = _("Your new address is in force. Sign in with it.")
    return _by_secret(request, confirm_email_change, "accounts/email_confirm.html", done)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_undo(request: HttpRequest) -> HttpResponse:
    """Put address, number and 2FA back by the link that was mailed when one of them changed."""
    done = _("It is undone. Look into your mailbox: a link there lets you choose a new password.")
    return _by_secret(request, undo_change, "accounts/change_undo.html", done)


def _by_secret(request: HttpRequest, act: Callable[..., None], template: str, done: str) -> HttpResponse:
    form = MailedSecretForm(request.POST if request.method == "POST" else None, auto_id="%s")
    if request.method == "POST" and form.is_valid() and _is_done(form, act, visitor_of(request)):
        leave_ended_session(request=request)
        messages.success(request, done)
        return redirect("accounts:sign_in")
    context = {"form": form, "has_errors": bool(form.errors)}
    return render(request, template, context, status=422 if form.errors else 200)


def _is_done(form: MailedSecretForm, act: Callable[..., None], visitor: Visitor) -> bool:
    try:
        act(secret=form.cleaned_data["link"], visitor=visitor)
    except LinkUnknown:
        form.add_error("link", _("This link does not work: it was used, replaced or is too old."))
    except AddressTaken:
        form.add_error("link", _("Another account has this address now. Nothing was changed."))
    return not form.errors
