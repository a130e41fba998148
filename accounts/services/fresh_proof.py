"""Fresh proof (step-up): one mechanism for every page that changes something sensitive.

Signing in with all required factors counts as a proof; afterwards the password is asked again.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts import limits, sessions
from accounts.choices import SecurityEventKind
from accounts.errors import HashingBusy, SignInRefused
from accounts.hashing import is_right_password
from accounts.models import User
from accounts.services import password_budget
from accounts.services.security_log import record
from accounts.visitors import Visitor
from core.db import database_now

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def is_proof_fresh(*, request: HttpRequest) -> bool:
    """Tell whether this session gave a proof within the last quarter of an hour."""
    proven_at = float(request.session.get(sessions.PROVEN_AT, 0))
    return 0 <= database_now().timestamp() - proven_at < limits.FRESH_PROOF_SECONDS


def give_proof(*, request: HttpRequest, user: User, password: str, visitor: Visitor) -> None:
    """Take a password as a fresh proof; the session moves to a new key.

    Raises:
        SignInRefused: the password is wrong; the try counts like one of signing in.
        SignInLocked: too many wrong passwords.
        HashingBusy: too many sign in at this moment.
    """
    budget = password_budget.take(email=user.email, user=user, visitor=visitor)
    try:
        is_right = is_right_password(password, user.password)
    except HashingBusy:
        budget.give_back()
        raise
    if not is_right:
        budget.spend()
        record(user=user, kind=SecurityEventKind.PASSWORD_WRONG, visitor=visitor, method="proof")
        raise SignInRefused
    budget.forget()
    request.session.cycle_key()
    request.session[sessions.PROVEN_AT] = database_now().timestamp()
    record(user=user, kind=SecurityEventKind.PROOF_GIVEN, visitor=visitor, method="password")


def lead_to_proof(back: str) -> HttpResponseRedirect:
    """Lead to the page that asks for the proof, and from there to a path of this portal."""
    return HttpResponseRedirect(f"{reverse('accounts:confirm')}?{urlencode({'next': back})}")


def fresh_proof_required(*, back: str) -> Callable[["View[P]"], "View[P]"]:
    """Send a person without a fresh proof to the page that asks for it, and afterwards to where the act began.

    Args:
        back: URL name of the page with the button; an act itself is a POST and cannot be gone back to.
    """

    def decorate(view: "View[P]") -> "View[P]":
        @wraps(view)
        def ask_first(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if is_proof_fresh(request=request):
                return view(request, *args, **kwargs)
            return lead_to_proof(reverse(back))

        return ask_first

    return decorate
