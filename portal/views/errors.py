"""Pages for what went wrong: what happened, what to do, a request number to quote."""

import sys

from django.conf import settings
from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from accounts.views.sign_in import sign_in_anew
from portal.form_keeping import give_back_typed, keep_lost_form

RETRY_SECONDS = 30
ACTS_OF_PROOF = ("portal:account_proof", "portal:account_proof_resend", "portal:pending_drop")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that cannot be understood."""
    return render(request, "400.html", status=400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a person who may not do this."""
    return render(request, "403.html", status=403)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for an address that leads nowhere."""
    return render(request, "404.html", status=404)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when we failed; what failed may be the database, so nothing is asked of it.

    A database that is away is said to be that: 503, and when to come back.
    """
    context = {"portal_name": settings.PORTAL_NAME, "request_id": getattr(request, "request_id", "")}
    if isinstance(sys.exc_info()[1], OperationalError):
        page = render_to_string("503.html", context)
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_SECONDS)})
    return HttpResponse(render_to_string("500.html", context), status=500)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Keep a form whose token was replaced by signing in elsewhere, and give back to people outside what they typed.

    The form to sign in is shown again: it was open for long, or in a browser that signed in and out meanwhile. The page
    that asks for a proof is drawn again: a code typed there is not used up, and what waits for it goes on waiting.
    """
    if request.path == reverse(settings.LOGIN_URL) and not request.user.is_authenticated:
        return sign_in_anew(request)
    if request.user.is_authenticated and request.path in map(reverse, ACTS_OF_PROOF):
        messages.warning(
            request, _("You signed in again since this page was drawn. Nothing was done: do it once more.")
        )
        return redirect("portal:account_proof")
    return keep_lost_form(request) or give_back_typed(request) or render(request, "403_csrf.html", status=403)
