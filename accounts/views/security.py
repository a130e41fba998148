"""One's own security: factors, places where one is signed in, the security log."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import security_events_of, sessions_of
from accounts.people import signed_in
from accounts.services.fresh_proof import fresh_proof_required
from accounts.services.recovery_codes import make_recovery_codes, recovery_codes_left
from accounts.services.session_list import end_other_sessions
from accounts.sessions import digest_of
from accounts.visitors import visitor_of


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Show factors, sessions and the newest lines of the security log."""
    user = signed_in(request)
    context = {
        "sessions": sessions_of(user),
        "own_digest": digest_of(request.session.session_key or ""),
        "events": security_events_of(user),
        "recovery_codes_left": recovery_codes_left(user=user),
    }
    return render(request, "accounts/security.html", context)


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


@require_POST
def sessions_end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    ended = end_other_sessions(user=signed_in(request), keep_session_key=request.session.session_key)
    text = _("The other sessions have ended.") if ended else _("You are signed in nowhere else.")
    messages.success(request, text)
    return redirect("accounts:security")
