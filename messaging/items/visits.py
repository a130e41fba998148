"""A person outside at a link's door: the cookie of their browser, and the visit behind it."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from messaging.items.limits import OPENING_MOST_SECONDS
from messaging.items.services.links import LOCATOR_BYTES, from_text
from messaging.items.services.visiting import COOKIE_BYTES, Visit, new_cookie, visit_of

COOKIE = "opener"
_OURS = re.compile(f"[0-9a-f]{{{2 * COOKIE_BYTES}}}")


def opener_of(request: HttpRequest) -> str:
    """Return the secret of the browser's cookie, or nothing where it has none of ours."""
    given = request.COOKIES.get(settings.COOKIE_PREFIX + COOKIE, "")
    return given if _OURS.fullmatch(given) else ""


def opener_or_new(request: HttpRequest) -> str:
    """Return the secret of the browser's cookie, or a fresh one to be kept there; one serves all links."""
    return opener_of(request) or new_cookie()


def keep_opener(response: HttpResponse, cookie: str) -> None:
    """Let the browser keep its secret as long as an opening may last."""
    response.set_cookie(
        settings.COOKIE_PREFIX + COOKIE,
        cookie,
        max_age=OPENING_MOST_SECONDS,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def locator_of(text: str) -> bytes | None:
    """Return the locator that stands in an address, or None where it is none."""
    return from_text(text, LOCATOR_BYTES)


def visit_in(request: HttpRequest, locator: str, *, kind: str) -> Visit | None:
    """Return the visit of the request's browser to a link of a kind, or None where its secret has to be given first.

    Raises:
        LinkRefused: the link is over since.
    """
    visit = visit_of(locator=locator_of(locator), cookie=opener_of(request))
    return visit if visit is not None and visit.item.kind == kind else None
