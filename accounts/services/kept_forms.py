"""What somebody had typed when the session ended: kept sealed, given back only to the person whose form it was.

The seal's key comes from a secret that only the browser's cookie holds, so the table alone opens nothing. A browser has
one secret for each kept form, oldest first. Nothing is ever saved by itself. Source: docs/decisions/0013-form-saving.md
"""

import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing

from accounts.limits import KEPT_FORM_SECONDS, KEPT_FORMS_MOST, SESSION_ABSOLUTE_SECONDS
from accounts.models import KeptForm
from core import keys
from core.crypto.sealing import SealBroken, derive_key, keyed_hash, seal, unseal
from core.db import database_now

COOKIE = "kept-form"
DRAWN_SALT = "portal.drawn"


@dataclass(frozen=True, slots=True)
class Found:
    """A kept form, and the secret that opens it."""

    secret: str
    values: dict[str, list[str]]


def sign_drawn(*, user_id: int, values: dict[str, object]) -> str:
    """Return the values a form was drawn with, signed for the person it was drawn for."""
    return signing.dumps({"user": user_id, "values": values}, salt=DRAWN_SALT, compress=True)


def read_drawn(signed: str) -> tuple[int, dict[str, object]] | None:
    """Return whose form it was and with which values it was drawn, or None for anything we did not sign."""
    try:
        note = signing.loads(signed, salt=DRAWN_SALT, max_age=2 * SESSION_ABSOLUTE_SECONDS)
    except signing.BadSignature:
        return None
    return int(note["user"]), note["values"]


def drawn_values(form_key: uuid.UUID) -> dict[str, object]:
    """Return what the composer of a draft is drawn with."""
    return {"form_key": str(form_key)}


def is_drawn_for(signed: str, *, user_id: int, form_key: uuid.UUID) -> bool:
    """Tell whether we drew the composer of a draft for this person, who was allowed to begin it then."""
    return read_drawn(signed) == (user_id, drawn_values(form_key))


def cookie_name() -> str:
    """Return the name of the browser's cookie."""
    return settings.COOKIE_PREFIX + COOKIE


def keep_form(
    *, path: str, user_id: int, values: Mapping[str, list[str]], secrets_of_browser: Sequence[str]
) -> list[str]:
    """Keep what was typed, in place of what this person typed there before, and return the browser's secrets.

    Args:
        path: address of the form.
        user_id: whose form it was; nobody else gets it back.
        values: typed values by field name; never a password or a code.
        secrets_of_browser: oldest first; where they would be too many, the oldest form goes.
    """
    others = drop_kept_form(path=path, user_id=user_id, secrets_of_browser=secrets_of_browser)
    room = KEPT_FORMS_MOST - 1
    KeptForm.objects.filter(digest__in=[_digest(secret) for secret in others[:-room]]).delete()
    secret = secrets.token_urlsafe(32)
    plain = json.dumps({"user": user_id, "values": {name: list(given) for name, given in values.items()}})
    KeptForm.objects.create(
        digest=_digest(secret),
        path=path,
        sealed=seal(_key(secret), plain.encode(), place=f"kept:{path}"),
        expires_at=database_now() + timedelta(seconds=KEPT_FORM_SECONDS),
    )
    return [*others[-room:], secret]


def kept_form(*, path: str, user_id: int, secrets_of_browser: Sequence[str]) -> dict[str, list[str]] | None:
    """Return what was typed into a form of this person, or None."""
    found = _find(path, user_id, secrets_of_browser)
    return found.values if found is not None else None


def drop_kept_form(*, path: str, user_id: int, secrets_of_browser: Sequence[str]) -> list[str]:
    """Forget what this person typed there, saved or no longer wanted; return the secrets of what else is kept."""
    found = _find(path, user_id, secrets_of_browser)
    if found is None:
        return list(secrets_of_browser)
    KeptForm.objects.filter(digest=_digest(found.secret)).delete()
    return [secret for secret in secrets_of_browser if secret != found.secret]


def _find(path: str, user_id: int, of_browser: Sequence[str]) -> Found | None:
    """Return the form that this person typed at an address in this browser."""
    if not of_browser:
        return None
    by_digest = {_digest(secret): secret for secret in of_browser}
    rows = KeptForm.objects.filter(digest__in=list(by_digest), path=path, expires_at__gt=database_now())
    for row in rows.order_by("-expires_at"):
        secret = by_digest[bytes(row.digest)]
        try:
            kept = json.loads(unseal(_key(secret), bytes(row.sealed), place=f"kept:{path}"))
        except SealBroken:
            continue
        if kept["user"] == user_id:
            return Found(secret=secret, values=kept["values"])
    return None


def _digest(secret: str) -> bytes:
    return keyed_hash(keys.pepper("kept forms"), secret)


def _key(secret: str) -> bytes:
    return derive_key(secret.encode().ljust(32, b"\0"), purpose="kept form")
