"""The proof a link asks: an opening code, a password, or a code by text message.

The shape that decides races is the one of the machinery's codes: a conditional UPDATE counts the try, and only when one
row changed is anything compared. Answers are given outside any transaction, so that a miss stays counted.
Source: docs/decisions/0005-codes.md
"""

import os
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from hmac import compare_digest

from django.db.models import F, Q

from accounts.errors import HashingBusy
from accounts.hashing import hash_password, is_right_password
from core import keys, throttle
from core.codes import normalize
from core.crypto.sealing import keyed_hash
from core.db import DatabaseNow, database_now
from core.limits import CODE_DIGITS
from messaging.items import limits
from messaging.items.choices import Proof
from messaging.items.errors import ProofPaused, ProofWrong
from messaging.items.models import Gate, Link
from messaging.items.services.telling import tell_stopped


@dataclass(frozen=True, slots=True)
class GateSecret:
    """What a person must know: the opening code the portal drew, or the password the sender chose.

    Args:
        value: the code; of a password there is only the hash.
        hint: shown beside the field of a password.
        password_hash: of the password, as `agreed_password` makes it.
    """

    value: str = field(default="", repr=False)
    hint: str = ""
    password_hash: str = field(default="", repr=False)


def new_opening_code() -> GateSecret:
    """Return a fresh opening code."""
    return GateSecret(f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}")


def agreed_password(password: str, *, hint: str = "") -> GateSecret:
    """Return a password for everybody it was agreed with, hashed once, before the transaction: that is slow on purpose.

    Raises:
        HashingBusy: too many passwords are hashed at this moment.
    """
    return GateSecret(hint=hint, password_hash=hash_password(password))


def make_gate(*, link: Link, proof: Proof, secret: GateSecret) -> Gate:
    """Write what a link asks; what has to be known is kept as a hash only.

    Raises:
        ValueError: a password was not hashed before.
    """
    gate = Gate(link=link, hint=secret.hint)
    if proof is Proof.OPENING_CODE:
        _keep_code(gate, secret.value)
    elif proof is Proof.ITEM_PASSWORD:
        gate.password_hash = _hashed_before(secret)
    gate.save(force_insert=True)
    return gate


def _hashed_before(secret: GateSecret) -> str:
    if not secret.password_hash:
        raise ValueError("A password is hashed before the transaction that makes its gate.")
    return secret.password_hash


def answer_code(*, gate: Gate, answer: str) -> None:
    """Return when the answer is the opening code of a link.

    Raises:
        ProofWrong: it is not; the try is counted.
        ProofPaused: the tries are used up until a new code is sent; it says whether this one was compared.
    """
    _count_try(gate, Q(code_digest__isnull=False))
    if not compare_digest(bytes(gate.code_digest or b""), _code_digest(gate, normalize(answer))):
        raise _missed(gate)
    Gate.objects.filter(pk=gate.pk).update(tries=0)


def answer_password(*, gate: Gate, answer: str) -> None:
    """Return when the answer is the password of a link.

    Raises:
        ProofWrong: it is not; the try is counted.
        ProofPaused: too many wrong ones: for a while, or, after twenty in all, for good.
        HashingBusy: too many passwords are compared at this moment; the try was given back.
    """
    Gate.objects.filter(pk=gate.pk, paused_until__lte=DatabaseNow(), stopped_at=None).update(tries=0, paused_until=None)
    _count_try(gate, Q(paused_until=None))
    try:
        is_right = is_right_password(answer, gate.password_hash)
    except HashingBusy:
        Gate.objects.filter(pk=gate.pk, tries__gt=0).update(tries=F("tries") - 1)
        raise
    if not is_right:
        raise _missed(gate)
    Gate.objects.filter(pk=gate.pk).update(tries=0)


def renew_code(*, gate: Gate) -> GateSecret:
    """Put a new opening code in place of the old one and return it for its mail.

    Raises:
        TooManyRequests: too many new ones today.
        ProofPaused: the link was stopped.
    """
    throttle.take(limits.NEW_CODES_A_DAY, f"link:{gate.link_id}")
    secret = new_opening_code()
    _keep_code(gate, secret.value)
    renewed = Gate.objects.filter(pk=gate.pk, stopped_at=None).update(
        code_salt=gate.code_salt, code_digest=gate.code_digest, tries=0
    )
    if not renewed:
        raise ProofPaused
    return secret


def _count_try(gate: Gate, condition: Q) -> None:
    """Take one try, if there is one, and refresh what is compared."""
    live = Gate.objects.filter(condition, pk=gate.pk, stopped_at=None, tries__lt=limits.PROOF_TRIES)
    if not live.update(tries=F("tries") + 1):
        gate.refresh_from_db()
        raise _paused(gate)
    gate.refresh_from_db()


def _missed(gate: Gate) -> ProofWrong | ProofPaused:
    """Count a miss and return the refusal: a password pauses after five, and stops after twenty in all."""
    now = database_now()
    Gate.objects.filter(pk=gate.pk).update(misses=F("misses") + 1)
    if gate.password_hash:
        many = Gate.objects.filter(pk=gate.pk, misses__gte=limits.PASSWORD_MISSES_STOP, stopped_at=None)
        if many.update(stopped_at=now):
            tell_stopped(participant=gate.link.participant)
        pause = now + timedelta(seconds=limits.PASSWORD_PAUSE_SECONDS)
        Gate.objects.filter(pk=gate.pk, tries__gte=limits.PROOF_TRIES, paused_until=None).update(paused_until=pause)
    gate.refresh_from_db()
    left = limits.PROOF_TRIES - gate.tries
    if left > 0 and gate.stopped_at is None:
        return ProofWrong(left)
    return _paused(gate, is_compared=True)


def _paused(gate: Gate, *, is_compared: bool = False) -> ProofPaused:
    """Return the refusal that says when the next try is possible; never at a link that was stopped."""
    return ProofPaused(gate.paused_until if gate.stopped_at is None else None, is_compared=is_compared)


def _keep_code(gate: Gate, digits: str) -> None:
    gate.code_salt = os.urandom(16)
    gate.code_digest = _code_digest(gate, digits)


def _code_digest(gate: Gate, digits: str) -> bytes:
    return keyed_hash(keys.pepper("opening codes"), bytes(gate.code_salt or b""), str(gate.link_id), digits)
