"""What happens around every request: headers, request id, the person's language and habits, a form kept."""

import math
import secrets
from collections.abc import Callable, Sequence
from functools import cache
from inspect import getclosurevars, unwrap
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_protect

from accounts.models import User
from core import cultures
from core.errors import TooManyRequests
from portal.form_keeping import keep_lost_form, sign_in_and_back
from portal.headers import headers_of_every_answer

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def security_headers(get_response: GetResponse) -> GetResponse:
    """Set the headers that every answer carries, static files included; a page may name one of its own."""
    headers = headers_of_every_answer(is_https=settings.IS_HTTPS)

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return answer


def request_id(get_response: GetResponse) -> GetResponse:
    """Give every request a short number that a person can quote and a log line holds."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        number = secrets.token_hex(6)
        request.request_id = number  # type: ignore[attr-defined]
        response = get_response(request)
        response.headers["X-Request-Id"] = number
        return response

    return answer


def installation_language(get_response: GetResponse) -> GetResponse:
    """Begin each request in the installation's language: a thread remembers the one of whom it answered before.

    Pages for requests that are refused before anybody's language is known are drawn in it.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        with translation.override(settings.LANGUAGE_CODE):
            return get_response(request)

    return answer


def one_local_name(get_response: GetResponse) -> GetResponse:
    """Lead a demo's pages to one of this machine's names: cookies belong to a name, and mails link to one."""
    public = urlsplit(settings.PUBLIC_URL)
    if not settings.IS_DEMO or public.hostname not in ("localhost", "127.0.0.1"):
        raise MiddlewareNotUsed

    def answer(request: HttpRequest) -> HttpResponseBase:
        asked = request.get_host().rpartition(":")[0] or request.get_host()
        is_other = asked in ("localhost", "127.0.0.1") and asked != public.hostname
        if is_other and request.method == "GET" and not request.path.startswith("/health/"):
            return HttpResponseRedirect(settings.PUBLIC_URL + request.get_full_path())
        return get_response(request)

    return answer


class ServedMethods:
    """Let a page refuse a method that it does not serve before the token of a form is asked for.

    A page of signed-in people says so to them alone: whoever has yet to sign in learns nothing of it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as usual."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Sequence[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Ask the view at once for its refusal."""
        is_closed = getattr(view, "login_required", True) and not request.user.is_authenticated
        return None if is_closed or request.method in served_methods(view) else view(request, *args, **kwargs)


@cache
def served_methods(view: Callable[..., HttpResponse]) -> list[str]:
    """Return the methods that the decorator of a view allows, which Django keeps in the decorated function alone.

    A view without such a decorator shows a page or takes a form, and refuses the rest by itself.
    """
    named: list[str] = getclosurevars(unwrap(view, stop=_names_methods)).nonlocals.get("request_method_list", [])
    return named or ["GET", "HEAD", "POST"]


def _names_methods(view: Any) -> bool:
    return "request_method_list" in view.__code__.co_freevars


class KeptForm:
    """Keep what was typed into a form whose session ended meanwhile."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as usual."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Lead a stranger who posts to a page of signed-in people to the sign-in page, with the form kept.

        Afterwards the person comes back to the page with the button: the act itself cannot be gone to.
        """
        if request.method != "POST" or request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        return _keep_and_sign_in(request)


@csrf_protect  # also where the view checks the token itself, which is not asked here
def _keep_and_sign_in(request: HttpRequest) -> HttpResponse:
    return keep_lost_form(request) or HttpResponseRedirect(sign_in_and_back(request))


def person(get_response: GetResponse) -> GetResponse:
    """Speak the person's language and write dates as the person reads them, for the length of one request."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        user = request.user = loaded_user(request)
        language = user.language if isinstance(user, User) else translation.get_language() or settings.LANGUAGE_CODE
        habits = user.habits if isinstance(user, User) else stranger_habits(language)
        request.LANGUAGE_CODE = language
        with translation.override(language), cultures.override(habits):
            response = get_response(request)
            response.headers["Content-Language"] = language
            return response

    return answer


def loaded_user(request: HttpRequest) -> User | AnonymousUser:
    """Return who asks without the two lazy objects around them, through which a page would go hundreds of times."""
    bool(request.user)  # django-otp adds to the row what it knows when the row is first used
    return get_user(request)


class RefusalPages:
    """Give a refused method, and a limit that no view named, a page of their own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a refused method with a page where a person asked."""
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content and request.accepts("text/html"):
            response.content = render(request, "405.html").content
            response.headers["Content-Type"] = "text/html; charset=utf-8"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say when the next try is possible."""
        if not isinstance(exception, TooManyRequests):
            return None
        response = render(request, "429.html", status=429)
        wait_seconds = (exception.until - timezone.now()).total_seconds()
        response.headers["Retry-After"] = str(max(1, math.ceil(wait_seconds)))
        return response


def stranger_habits(language: str) -> cultures.Habits:
    """Return how dates are written for somebody who is not signed in."""
    culture = settings.DEFAULT_CULTURE
    if culture.partition("-")[0] != language:
        culture = {"en": "en-CA", "fr": "fr-CA"}.get(language, culture)
    return cultures.Habits(culture=culture, zone=settings.DEFAULT_TIME_ZONE)
