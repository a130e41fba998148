"""What a person does at the sign-in pages, step by step."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import KnownBrowser, PendingChange, Session, User
from accounts.services.known_browsers import remember
from accounts.services.sign_in import HALF
from accounts.sessions import PROVEN_AT, digest_of
from accounts.visitors import Visitor
from core.models import Code
from tests.cast import NUMBER, PASSWORD
from tests.outbox import newest_code

SIGN_IN, SIGN_IN_CODE, RECOVERY = "/sign-in/", "/sign-in/code/", "/sign-in/recovery/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
ACCOUNT, SECURITY, SIGN_OUT = "/account/", "/account/security/", "/sign-out/"


def type_password(client: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
    """Send the first page of signing in; further values are headers, except `next`."""
    form = {"email": email, "password": password}
    if "next" in more:
        form["next"] = more.pop("next")
    return client.post(SIGN_IN, form, **more)


def type_code(client: Client, code: str) -> Any:
    """Send the second page of signing in."""
    return client.post(SIGN_IN_CODE, {"code": code})


def begin_half(client: Client, user: User) -> str:
    """Give the password of somebody with 2FA and return the code that was sent."""
    answer = type_password(client, user.email)
    assert answer.headers["Location"] == SIGN_IN_CODE
    return newest_code(NUMBER)


def let_resend_wait_pass() -> None:
    """Let a new code be asked for."""
    for row in Code.objects.all():
        Code.objects.filter(pk=row.pk).update(created_at=row.created_at - (row.expires_at - row.created_at) / 2)


def wrong(code: str, by: int = 1) -> str:
    """Return six digits that are not these."""
    return f"{(int(code) + by) % 1_000_000:06d}"


def is_signed_in(client: Client) -> bool:
    """Tell whether the account page lets this browser in."""
    answer = client.get(ACCOUNT)
    if answer.status_code == 200:
        return True
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{reverse(settings.LOGIN_URL)}?next={ACCOUNT}"
    return False


def session_key(client: Client) -> str:
    """Return the browser's session key, or nothing."""
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie.value if cookie is not None else ""


def session_row(client: Client) -> Session:
    """Return the row of the browser's session."""
    return Session.objects.get(key_digest=digest_of(session_key(client)))


def let_time_pass(client: Client, by: timedelta) -> None:
    """Let time pass for a browser's session: all its instants go back, for the database's clock judges them."""
    session, seconds = client.session, by.total_seconds()
    if PROVEN_AT in session:
        session[PROVEN_AT] -= seconds
    if HALF in session:
        session[HALF] = session[HALF] | {"until": session[HALF]["until"] - seconds}
    session.save()
    row = Session.objects.filter(pk=session_row(client).pk)
    row.update(**{name: F(name) - by for name in ("started_at", "seen_at", "expires_at")})


def let_proof_grow_old(client: Client) -> None:
    """Let a browser's fresh proof be one of long ago, and its session go on."""
    session = client.session
    session[PROVEN_AT] = 0
    session.save()


def let_wishes_wait(user: User, by: timedelta) -> None:
    """Let time pass for what waits for a user's proof: its instants go back."""
    for row in PendingChange.objects.filter(user=user):
        row.created_at -= by
        if row.number_at is not None:
            row.number_at -= by
        own = (row.settings_at or {}).items()
        row.settings_at = {name: (datetime.fromisoformat(at) - by).isoformat() for name, at in own} or None
        row.save()


def browser_elsewhere(user: User, secret: str, *, agent: str = FIREFOX, **values: object) -> KnownBrowser:
    """Sign a user in from a browser that no test drives; the values are columns of its session.

    Args:
        secret: of the browser's cookie, 43 characters.
    """
    visitor = Visitor(ip_address="203.0.113.24", network="203.0.113.0/24", browser=agent, known_browser=secret)
    browser, now = remember(user=user, visitor=visitor).browser, timezone.now()
    columns: dict[str, object] = {"factor": "sms", "data": "", "started_at": now, "seen_at": now}
    columns |= {"expires_at": now + timedelta(hours=11)}
    Session.objects.create(key_digest=digest_of(secret), user=user, known_browser=browser, **(columns | values))
    return browser
