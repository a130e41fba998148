"""Appearance and language, chosen in the top bar."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.services.profile import save_profile
from accounts.visitors import visitor_of
from portal.context import APPEARANCES

YEAR_SECONDS = 365 * 24 * 3600


@login_not_required
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keep light, dark or the system's choice in a cookie of this browser."""
    response = redirect(_back(request))
    wanted = request.POST.get("appearance", "")
    if wanted in APPEARANCES:
        _set_cookie(response, settings.APPEARANCE_COOKIE_NAME, wanted)
    return response


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language: kept in the profile of a person, in a cookie for a stranger."""
    response = redirect(_back(request))
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        _set_cookie(response, settings.LANGUAGE_COOKIE_NAME, wanted)
        if isinstance(request.user, User):
            save_profile(user=request.user, changes={"language": wanted}, visitor=visitor_of(request))
    return response


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    is_local = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_local else "/"


def _set_cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR_SECONDS, secure=settings.IS_HTTPS, httponly=True, samesite="Lax")
