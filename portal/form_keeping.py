"""Forms that survive a lost session: which ones, how they are recognized, where they come back.

Source: docs/decisions/0013-form-saving.md
"""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.form_cookies import keep_typed, typed_values
from accounts.limits import SESSION_ABSOLUTE_SECONDS

DRAWN_SALT = "portal.drawn"


def sign_drawn(*, user_id: int, values: dict[str, object]) -> str:
    """Return the values a form was drawn with, signed for the person it was drawn for."""
    return signing.dumps({"user": user_id, "values": values}, salt=DRAWN_SALT, compress=True)


def read_drawn(signed: str) -> tuple[int, dict[str, object]] | None:
    """Return whose form it was and with which values it was drawn, or None for anything we did not sign."""
    try:
        note = signing.loads(signed, salt=DRAWN_SALT, max_age=2 * SESSION_ABSOLUTE_SECONDS)
    except signing.BadSignature:
        return None
    return int(note["user"]), note["values"]


def keepable_paths() -> frozenset[str]:
    """Return the addresses whose forms are kept."""
    return frozenset({reverse("portal:account")})


def keep_lost_form(request: HttpRequest) -> HttpResponse | None:
    """Keep a posted form that nobody is signed in for any more, and lead to where it comes back.

    Returns:
        the redirect to the form's page, through the sign-in page where needed; None where the form is not one of ours.
    """
    if request.path not in keepable_paths():
        return None
    drawn = read_drawn(request.POST.get("drawn", ""))
    values = typed_values(request)
    if drawn is None or values is None:
        return None
    if not request.user.is_authenticated:
        messages.warning(request, _("Your session had ended. Sign in: what you typed is kept and comes back."))
    return keep_typed(request, HttpResponseRedirect(_way_back(request)), user_id=drawn[0], values=values)


def sign_in_and_back(request: HttpRequest) -> str:
    """Return the sign-in page that leads back to the page a form was sent from."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_ours = came_from.netloc == request.get_host() and came_from.path.startswith("/")
    return _sign_in_then(came_from.path if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL))


def _way_back(request: HttpRequest) -> str:
    return request.path if request.user.is_authenticated else _sign_in_then(request.path)


def _sign_in_then(path: str) -> str:
    return f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': path})}"
