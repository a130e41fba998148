"""Recovery codes for the same form sent twice: browsers show the answer to the last of two clicks.

For a few minutes they are kept sealed under the token that was drawn into that one form and came back with it, so that
neither another page nor the table alone shows them again. Source: docs/decisions/0013-form-saving.md
"""

import json
from collections.abc import Sequence
from datetime import timedelta

from accounts import limits
from accounts.models import KeptForm, RecoveryCode, User, recovery_code_digest
from core import keys
from core.crypto.sealing import SealBroken, derive_key, keyed_hash, seal, unseal
from core.db import database_now

PLACE = "recovery-codes:{user_id}"


def keep_for_repeat(*, user: User, form_token: str, codes: Sequence[str]) -> None:
    """Keep new codes for a repeat of the form that made them, in the caller's transaction.

    Args:
        form_token: what only this drawing of the form held; empty keeps nothing.
    """
    if not form_token or not codes:
        return
    place = PLACE.format(user_id=user.pk)
    KeptForm.objects.update_or_create(
        digest=_digest(form_token),
        defaults={
            "path": place,
            "sealed": seal(_key(form_token), json.dumps(list(codes)).encode(), place=place),
            "expires_at": database_now() + timedelta(seconds=limits.RECOVERY_CODES_REPEAT_SECONDS),
        },
    )


def codes_for_repeat(*, user: User, form_token: str) -> list[str]:
    """Return the codes that the same form made a moment ago, as long as all of them are still those in force."""
    if not form_token:
        return []
    place = PLACE.format(user_id=user.pk)
    row = KeptForm.objects.filter(digest=_digest(form_token), path=place, expires_at__gt=database_now()).first()
    if row is None:
        return []
    try:
        codes: list[str] = json.loads(unseal(_key(form_token), bytes(row.sealed), place=place))
    except SealBroken:
        return []
    digests = [recovery_code_digest(user.pk, code) for code in codes]
    in_force = RecoveryCode.objects.filter(user=user, digest__in=digests, used_at=None).count()
    return codes if in_force == len(codes) else []


def _digest(form_token: str) -> bytes:
    return keyed_hash(keys.pepper("shown codes"), form_token)


def _key(form_token: str) -> bytes:
    return derive_key(form_token.encode().ljust(32, b"\0"), purpose="shown codes")
