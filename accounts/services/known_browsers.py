"""Browsers from which somebody has signed in before."""

import secrets
from datetime import timedelta

from accounts.limits import KNOWN_BROWSER_SECONDS
from accounts.models import KnownBrowser, User
from core import keys
from core.crypto.sealing import keyed_hash
from core.db import database_now


def known_browser(*, user: User, secret: str) -> int | None:
    """Return the key of the browser whose cookie this is, or None where it does not belong to this user."""
    if not secret:
        return None
    row = KnownBrowser.objects.filter(user=user, digest=_digest(user, secret), expires_at__gt=database_now())
    return row.values_list("pk", flat=True).first()


def known_browsers_of(*, user: User) -> list[int]:
    """Return the keys of every browser of a person."""
    return list(KnownBrowser.objects.filter(user=user).order_by("pk").values_list("pk", flat=True))


def remember(*, user: User, secret: str) -> str:
    """Keep a browser, or keep it longer, and return the secret for its cookie."""
    expires_at = database_now() + timedelta(seconds=KNOWN_BROWSER_SECONDS)
    # A cookie shared by two people of one browser stays one secret: the digest differs by user.
    fresh = secret if _looks_ours(secret) else secrets.token_urlsafe(32)
    # Two tabs may sign in at once with one cookie: the unique digest keeps one row.
    KnownBrowser.objects.update_or_create(
        digest=_digest(user, fresh), defaults={"user": user, "expires_at": expires_at}
    )
    return fresh


def forget_all(*, user: User) -> None:
    """Forget every browser of a person."""
    KnownBrowser.objects.filter(user=user).delete()


def _looks_ours(secret: str) -> bool:
    return len(secret) == 43 and secret.replace("-", "").replace("_", "").isalnum()


def _digest(user: User, secret: str) -> bytes:
    return keyed_hash(keys.pepper("known browsers"), str(user.pk), secret)
