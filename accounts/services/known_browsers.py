"""Browsers from which somebody has signed in: remembered, named, signed out, forgotten.

Source: docs/decisions/0024-browsers.md
"""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction

from accounts.choices import SecurityEventKind
from accounts.limits import KNOWN_BROWSER_SECONDS
from accounts.models import KnownBrowser, Session, User
from accounts.services.security_log import record
from accounts.visitors import Visitor
from core import keys
from core.crypto.sealing import keyed_hash
from core.db import database_now

# Stands for whoever has no account: no row is theirs.
NOBODY = 0


@dataclass(frozen=True, slots=True)
class Remembered:
    """A browser that was remembered, and the secret for its cookie."""

    browser: KnownBrowser
    secret: str = field(repr=False)


def known_browser(*, user: User | None, secret: str) -> int | None:
    """Return the key of the browser whose cookie this is, or None where it does not belong to this user.

    Args:
        user: None for an address without an account, which costs the same question.
    """
    if not secret:
        return None
    owner = NOBODY if user is None else user.pk
    row = KnownBrowser.objects.filter(user_id=owner, digest=_digest(owner, secret), expires_at__gt=database_now())
    return row.values_list("pk", flat=True).first()


def known_browsers_of(*, user: User) -> list[int]:
    """Return the keys of every browser of a person."""
    return list(KnownBrowser.objects.filter(user=user).order_by("pk").values_list("pk", flat=True))


def remember(*, user: User, visitor: Visitor) -> Remembered:
    """Keep the browser from which somebody signs in, or keep it longer; its name stays."""
    now = database_now()
    # A cookie shared by two people of one browser stays one secret: the digest differs by user.
    secret = visitor.known_browser if _looks_ours(visitor.known_browser) else secrets.token_urlsafe(32)
    seen: dict[str, object] = {
        "user": user,
        "agent": visitor.browser,
        "network": visitor.network,
        "signed_in_at": now,
        "expires_at": now + timedelta(seconds=KNOWN_BROWSER_SECONDS),
    }
    # Two tabs may sign in at once with one cookie: the unique digest keeps one row.
    browser, _made = KnownBrowser.objects.update_or_create(
        digest=_digest(user.pk, secret), defaults=seen, create_defaults=seen | {"first_seen_at": now}
    )
    return Remembered(browser, secret)


def rename(*, browser: KnownBrowser, name: str) -> None:
    """Give a browser the owner's name for it; an empty one brings back what it says of itself."""
    KnownBrowser.objects.filter(pk=browser.pk).update(name=name)


def end_session(*, browser: KnownBrowser, visitor: Visitor) -> bool:
    """Sign a browser out, and tell whether it was signed in."""
    with transaction.atomic():
        ended, _by_model = Session.objects.filter(known_browser=browser).delete()
        if ended:
            record(user=browser.user, kind=SecurityEventKind.SESSION_ENDED, visitor=visitor)
    return bool(ended)


def forget(*, browser: KnownBrowser, visitor: Visitor) -> None:
    """Forget a browser; it is signed out, and its next sign-in begins like a stranger's."""
    with transaction.atomic():
        browser.delete()
        record(user=browser.user, kind=SecurityEventKind.BROWSER_FORGOTTEN, visitor=visitor)


def forget_all(*, user: User, visitor: Visitor | None = None) -> None:
    """Forget every browser of a person; all of them are signed out."""
    with transaction.atomic():
        KnownBrowser.objects.filter(user=user).delete()
        record(user=user, kind=SecurityEventKind.BROWSERS_FORGOTTEN, visitor=visitor)


def _looks_ours(secret: str) -> bool:
    return len(secret) == 43 and secret.replace("-", "").replace("_", "").isalnum()


def _digest(user_id: int, secret: str) -> bytes:
    return keyed_hash(keys.pepper("known browsers"), str(user_id), secret)
