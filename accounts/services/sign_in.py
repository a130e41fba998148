"""Sign somebody in: password, second factor, session. The only caller of Django's `login()`.

Between the password and the second factor nobody is signed in: the half state is a note in the anonymous session, so
every address answers as for a stranger. Source: docs/decisions/0003-sessions.md
"""

from contextlib import ExitStack
from dataclasses import dataclass

from django.contrib import auth
from django.http import HttpRequest
from django.utils import translation
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.models import Device

from accounts import limits, sessions
from accounts.choices import SecurityEventKind
from accounts.errors import HalfSignInEnded, HashingBusy, SignInRefused
from accounts.hashing import hash_password, is_outdated, is_right_password
from accounts.models import KnownBrowser, MailedLink, User
from accounts.services import known_browsers, password_budget, second_factor
from accounts.services.security_log import record
from accounts.services.wrong_passwords import have_failure_logged, have_owner_told
from accounts.visitors import Visitor
from core.db import database_now

HALF = "half_sign_in"
BACKEND = "accounts.backends.PortalBackend"


@dataclass(frozen=True, slots=True)
class HalfSignIn:
    """Somebody whose password was right and whose second factor is still missing."""

    user: User
    next_path: str


def check_password(*, email: str, password: str, visitor: Visitor) -> User:
    """Return the user whose address and password were typed.

    An unknown address, a wrong password and a suspended account get the same refusal after the same work.

    Raises:
        SignInRefused: they do not match.
        SignInLocked: too many wrong passwords for this account and browser, or from this network.
        HashingBusy: too many sign in at this moment.
    """
    user = User.objects.with_email(email)
    # The budget is taken before the hash is computed and given back when the password is right: of a hundred
    # simultaneous guesses only as many are compared as the limit allows.
    budget = password_budget.take(email=email, user=user, visitor=visitor)
    try:
        is_right = is_right_password(password, user.password if user is not None and user.is_active else None)
    except HashingBusy:
        budget.give_back()
        raise
    if user is None or not is_right:
        if budget.spend():
            have_owner_told(email=email, visitor=visitor)
        have_failure_logged(email=email, visitor=visitor)
        raise SignInRefused
    budget.forget()
    _keep_stronger_hash(user, password)
    # The hash took its time: 2FA may have been turned on, or the account closed, meanwhile.
    user.refresh_from_db(fields=["two_factor_enabled", "is_active"])
    if not user.is_active:
        raise SignInRefused
    return user


def begin_half_sign_in(*, request: HttpRequest, user: User, next_path: str) -> None:
    """Note in the anonymous session that a password was right."""
    _become_stranger(request)
    request.session.cycle_key()
    request.session[HALF] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "until": database_now().timestamp() + limits.HALF_SIGN_IN_SECONDS,
        "next": next_path,
    }


def half_sign_in(*, request: HttpRequest) -> HalfSignIn:
    """Return who is between password and second factor in this browser.

    Raises:
        HalfSignInEnded: nobody, its time is over, or the account changed meanwhile.
    """
    note = request.session.get(HALF)
    if not isinstance(note, dict) or note["until"] <= database_now().timestamp():
        end_half_sign_in(request=request)
        raise HalfSignInEnded
    user = User.objects.select_related("organization").filter(pk=note["user"], is_active=True).first()
    if user is None or note["hash"] != user.get_session_auth_hash():
        end_half_sign_in(request=request)
        raise HalfSignInEnded
    return HalfSignIn(user=user, next_path=note["next"])


def end_half_sign_in(*, request: HttpRequest) -> None:
    """Forget that a password was right."""
    if HALF in request.session:
        request.session.flush()


def finish_sign_in(*, request: HttpRequest, user: User, device: Device | None, visitor: Visitor) -> str:
    """Begin a session for somebody who gave every proof, and return the secret of the browser's cookie.

    Args:
        device: the second factor that was used; None where 2FA is off.
    """
    _become_stranger(request)
    with ExitStack() as undone:
        # Whatever fails from here on, also a signal of Django's, leaves nobody signed in.
        undone.callback(auth.logout, request)
        known = known_browsers.remember(user=user, visitor=visitor)
        _begin_session(request, user, device, known.browser)
        if device is not None:
            second_factor.forget_failures(user=user)
        MailedLink.objects.filter(user=user, used_at=None).update(used_at=database_now())
        record(user=user, kind=SecurityEventKind.SIGNED_IN, visitor=visitor, method=_method_of(device))
        undone.pop_all()
    return known.secret


def sign_out(*, request: HttpRequest, visitor: Visitor) -> None:
    """End this browser's session or half sign-in."""
    if isinstance(request.user, User):
        record(user=request.user, kind=SecurityEventKind.SIGNED_OUT, visitor=visitor)
    language = translation.get_language()
    auth.logout(request)
    translation.activate(language or "en")


def leave_ended_session(*, request: HttpRequest) -> None:
    """Let this browser notice at once that its session was ended by an act of its own."""
    _become_stranger(request)


def _become_stranger(request: HttpRequest) -> None:
    if request.user.is_authenticated:
        auth.logout(request)
    request.session.pop(HALF, None)


def _begin_session(request: HttpRequest, user: User, device: Device | None, browser: KnownBrowser) -> None:
    auth.login(request, user, backend=BACKEND)
    request.session[sessions.FACTOR] = _method_of(device)
    request.session[sessions.KNOWN_BROWSER] = browser.pk
    request.session[sessions.PROVEN_AT] = database_now().timestamp()
    if device is not None:
        request.session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    if user.is_staff:
        request.session[sessions.STAFF] = True


def _method_of(device: Device | None) -> str:
    return "password" if device is None else type(device).__name__.removesuffix("Device").lower()


def _keep_stronger_hash(user: User, password: str) -> None:
    """Hash a right password anew where the stored hash is of weaker settings."""
    if not is_outdated(user.password):
        return
    old, user.password = user.password, hash_password(password)
    User.objects.filter(pk=user.pk, password=old).update(password=user.password)
