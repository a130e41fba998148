"""Keep what was typed for the browser that sent it: the table has it sealed, the browser's cookie has the secrets.

Source: docs/decisions/0013-form-saving.md
"""

from collections.abc import Mapping
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.limits import KEPT_FORM_SECONDS, KEPT_FORMS_MOST
from accounts.people import signed_in
from accounts.services import kept_forms
from accounts.services.kept_forms import cookie_name

# Never kept: proofs, and the token of one session.
LEFT_OUT = frozenset({"csrfmiddlewaretoken", "password", "code", "new_password", "item_password"})
MOST_CHARACTERS = 500_000
# A plan has a field of this name, and no support page asks for a proof beside a form.
NO_PROOF_FOR_SUPPORT = frozenset({"code"})
# Between the secrets of a cookie; none of them holds it.
BETWEEN = "."
Answer = TypeVar("Answer", bound=HttpResponse)


def typed_values(request: HttpRequest, *, is_support: bool = False) -> dict[str, list[str]] | None:
    """Return what was posted and may be kept, or None where it is too much.

    Args:
        is_support: it was posted to a support page.
    """
    left_out = LEFT_OUT - NO_PROOF_FOR_SUPPORT if is_support else LEFT_OUT
    values = {name: request.POST.getlist(name) for name in request.POST if name not in left_out}
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
    """Keep what was typed beside what else this browser has kept.

    Args:
        path: address at which the form comes back; that of the request where none is given.
    """
    place, before = path or request.path, _secrets(request)
    _put(response, kept_forms.keep_form(path=place, user_id=user_id, values=values, secrets_of_browser=before))
    return response


def typed_before(request: HttpRequest, *, user_id: int) -> dict[str, list[str]] | None:
    """Return what this person had typed into the form at this address, or None."""
    return kept_forms.kept_form(path=request.path, user_id=user_id, secrets_of_browser=_secrets(request))


def forget_typed(request: HttpRequest, response: Answer, *, path: str = "") -> Answer:
    """Forget what the signed-in person typed into one form: it was saved, or is no longer wanted.

    Args:
        path: address at which the form comes back; that of the request where none is given.
    """
    before = _secrets(request)
    if before:
        user_id = signed_in(request).pk
        _put(
            response,
            kept_forms.drop_kept_form(path=path or request.path, user_id=user_id, secrets_of_browser=before),
        )
    return response


def _secrets(request: HttpRequest) -> list[str]:
    """Return the secrets of this browser, oldest first; a cookie that nobody of us wrote has no more of them."""
    secrets = request.COOKIES.get(cookie_name(), "").split(BETWEEN)
    return [secret for secret in secrets if secret][-KEPT_FORMS_MOST:]


def _put(response: HttpResponse, secrets: list[str]) -> None:
    if not secrets:
        response.delete_cookie(cookie_name(), samesite="Lax")
        return
    response.set_cookie(
        cookie_name(),
        BETWEEN.join(secrets),
        max_age=KEPT_FORM_SECONDS,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )
