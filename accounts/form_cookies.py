"""Keep what was typed for the browser that sent it: the table has it sealed, the browser's cookie has the secret.

Source: docs/decisions/0013-form-saving.md
"""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.limits import KEPT_FORM_SECONDS
from accounts.services import kept_forms
from accounts.services.kept_forms import cookie_name

# Never kept: proofs, and the token of one session.
LEFT_OUT = frozenset({"csrfmiddlewaretoken", "password", "code", "new_password", "item_password"})
MOST_CHARACTERS = 500_000


def typed_values(request: HttpRequest) -> dict[str, list[str]] | None:
    """Return what was posted and may be kept, or None where it is too much."""
    values = {name: request.POST.getlist(name) for name in request.POST if name not in LEFT_OUT}
    is_too_much = sum(len(text) for given in values.values() for text in given) > MOST_CHARACTERS
    return None if is_too_much else values


def keep_typed(
    request: HttpRequest,
    response: HttpResponse,
    *,
    user_id: int,
    values: Mapping[str, list[str]],
    path: str = "",
) -> HttpResponse:
    """Keep what was typed, in place of what was kept before.

    Args:
        path: address at which the form comes back; that of the request where none is given.
    """
    kept_forms.drop_kept_form(secret=_secret(request))
    response.set_cookie(
        cookie_name(),
        kept_forms.keep_form(path=path or request.path, user_id=user_id, values=values),
        max_age=KEPT_FORM_SECONDS,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def typed_before(request: HttpRequest, *, user_id: int) -> dict[str, list[str]] | None:
    """Return what this person had typed into the form at this address, or None."""
    return kept_forms.kept_form(path=request.path, user_id=user_id, secret=_secret(request))


def forget_typed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Forget what was kept: it was saved, or is no longer wanted."""
    if cookie_name() in request.COOKIES:
        kept_forms.drop_kept_form(secret=_secret(request))
        response.delete_cookie(cookie_name(), samesite="Lax")
    return response


def _secret(request: HttpRequest) -> str:
    return request.COOKIES.get(cookie_name(), "")
