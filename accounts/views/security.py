"""One's own security: proofs, browsers, the security log."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import BROWSERS_SHOWN, EVENTS_SHOWN, places_of, security_events_of
from accounts.errors import HashingBusy
from accounts.forms.password_change import PasswordChangeForm
from accounts.limits import RECOVERY_CODES
from accounts.models import User
from accounts.people import signed_in
from accounts.services.fresh_proof import fresh_proof_required
from accounts.services.password_change import change_password
from accounts.services.recovery_codes import make_recovery_codes
from accounts.sessions import KNOWN_BROWSER
from accounts.views.answers import password_refusal
from accounts.visitors import visitor_of
from core.errors import ChangedMeanwhile
from core.sms.numbers import last_digits


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Show proofs, browsers and the newest lines of the security log."""
    user = signed_in(request)
    places, own_browser = places_of(user), request.session.get(KNOWN_BROWSER)
    context = {
        "browsers": places.browsers,
        "browsers_shown": BROWSERS_SHOWN,
        "own_browser": own_browser,
        "has_others": bool(places.signed_in - {own_browser}),
        "events": security_events_of(user),
        "events_shown": EVENTS_SHOWN,
        "number_end": last_digits(user.cell_number),
        "recovery_codes_left": places.recovery_codes_left,
        "recovery_codes_made": RECOVERY_CODES,
        # Where number and 2FA are changed belongs to the app that puts the account page together.
        "account_url": resolve_url(settings.LOGIN_REDIRECT_URL),
    }
    return render(request, "accounts/security.html", context)


@sensitive_post_parameters("new_password")
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof_required(back="accounts:password_change")
def password_change(request: HttpRequest) -> HttpResponse:
    """Choose another password; every other session ends."""
    user = signed_in(request)
    form = PasswordChangeForm(request.POST if request.method == "POST" else None, user=user, auto_id="%s")
    if request.method == "POST" and form.is_valid() and _change_password(request, user, form):
        messages.success(request, _("Your new password is set. You are still signed in here, and nowhere else."))
        return redirect("accounts:security")
    context = {"form": form, "has_errors": bool(form.errors)}
    return render(request, "accounts/password_change.html", context, status=422 if form.errors else 200)


@require_POST
@fresh_proof_required(back="accounts:security")
def recovery_codes_make(request: HttpRequest) -> HttpResponse:
    """Make ten new recovery codes; the old ones stop working."""
    user = signed_in(request)
    if not user.two_factor_enabled:
        messages.error(request, _("Recovery codes stand in for a second factor. Turn 2FA on first."))
        return redirect("accounts:security")
    codes = make_recovery_codes(user=user, visitor=visitor_of(request))
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


def _change_password(request: HttpRequest, user: User, form: PasswordChangeForm) -> bool:
    try:
        password, visitor = form.cleaned_data["new_password"], visitor_of(request)
        change_password(request=request, user=user, password=password, visitor=visitor)
    except HashingBusy as refusal:
        form.add_error(None, password_refusal(refusal))
    except ChangedMeanwhile:
        form.add_error(
            None, _("Your account changed while you chose. Nothing was saved; sign in again and look at it.")
        )
    return not form.errors
