"""One-time codes: one live code per purpose and subject, compared at most five times per challenge.

The shape that decides races: a conditional UPDATE counts the try, and only when one row changed is the digest
compared; a second conditional UPDATE decides who used the code. A resend is a new row with the tries already spent.
Source: docs/decisions/0005-codes.md, RFC 4226 section 7.3, NIST SP 800-63B section 5.1.3
"""

import os
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from django.db import IntegrityError, transaction
from django.db.models import F

from core import keys
from core.crypto.sealing import keyed_hash
from core.db import DatabaseNow, database_now
from core.errors import CodeExpired, CodeWrong, TooManyRequests, TooManyTries
from core.limits import CHALLENGE_SECONDS, CODE_DIGITS, CODE_LIFETIME_SECONDS, CODE_TRIES, RESEND_WAITS_SECONDS
from core.models import Code


@dataclass(frozen=True, slots=True)
class Issued:
    """A code just made: the only place where its digits exist outside the message that carries them."""

    digits: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a page may say about a code that was sent."""

    expires_at: datetime
    resend_at: datetime
    challenge_ends_at: datetime
    tries_left: int
    is_live: bool


def issue_code(*, purpose: str, subject: str, are_tries_renewed: bool = False) -> Issued:
    """Make a new code; the one before it stops working and its spent tries stay spent.

    Args:
        purpose: fixed name of what the code is for; a code of one purpose is refused for every other.
        subject: who or what it is about, at most 80 characters.
        are_tries_renewed: once its tries are used up, a new code begins another challenge; the caller limits the
            codes of a day.

    Raises:
        TooManyRequests: the wait since the last code is not over.
        TooManyTries: the tries of this challenge are used up, and are not renewed.
    """
    now, digits = database_now(), _new_digits()
    try:
        with transaction.atomic():
            before = Code.objects.select_for_update().filter(purpose=purpose, subject=subject).first()
            row = _next_row(purpose, subject, before, now, are_tries_renewed=are_tries_renewed)
            row.digest = _digest(row, digits)
            if before is not None:
                before.delete()
            row.save(force_insert=True)
    except IntegrityError:
        # Two requests at once: the other one's code was sent and stays the live one.
        raise TooManyRequests(now + timedelta(seconds=RESEND_WAITS_SECONDS[0])) from None
    return Issued(digits=digits, expires_at=row.expires_at)


def claim_code(*, purpose: str, subject: str, answer: str) -> None:
    """Use a code: return when the answer is right and this call alone used it.

    Raises:
        CodeWrong: the answer differs; the try is counted.
        CodeExpired: no live code, or another call used it first.
        TooManyTries: the tries of this challenge are used up; it says whether this one was compared.
    """
    row = Code.objects.filter(purpose=purpose, subject=subject).first()
    if row is None:
        raise CodeExpired
    live = Code.objects.filter(pk=row.pk, used_at=None, tries__lt=CODE_TRIES, expires_at__gt=DatabaseNow())
    if not live.update(tries=F("tries") + 1):
        raise _why_not_live(row.pk)
    if not compare_digest(bytes(row.digest), _digest(row, normalize(answer))):
        raise _wrong(row.pk)
    if Code.objects.filter(pk=row.pk, used_at=None).update(used_at=DatabaseNow()) != 1:
        raise CodeExpired


def challenge(*, purpose: str, subject: str) -> Challenge | None:
    """Return what is known about the newest code, or None when none was sent lately."""
    row = Code.objects.filter(purpose=purpose, subject=subject).first()
    if row is None or row.used_at is not None:
        return None
    now = database_now()
    if max(row.challenge_ends_at, row.expires_at) <= now:
        return None
    return Challenge(
        expires_at=row.expires_at,
        resend_at=_resend_at(row),
        challenge_ends_at=row.challenge_ends_at,
        tries_left=max(0, CODE_TRIES - row.tries),
        is_live=row.expires_at > now and row.tries < CODE_TRIES,
    )


def drop_code(*, purpose: str, subject: str) -> None:
    """Make the code of a purpose and subject useless, whatever its state."""
    Code.objects.filter(purpose=purpose, subject=subject).delete()


def normalize(answer: str) -> str:
    """Return the digits of an answer: full-width forms folded, blanks and hyphens dropped, the rest left as typed."""
    folded = unicodedata.normalize("NFKC", answer[:40])
    kept = "".join(character for character in folded if not character.isspace() and character != "-")
    # Once more: where a blank went, a letter and the accent behind it meet.
    return unicodedata.normalize("NFKC", kept)


def _next_row(purpose: str, subject: str, before: Code | None, now: datetime, *, are_tries_renewed: bool) -> Code:
    row = Code(
        purpose=purpose,
        subject=subject,
        salt=os.urandom(16),
        created_at=now,
        expires_at=now + timedelta(seconds=CODE_LIFETIME_SECONDS),
        challenge_ends_at=now + timedelta(seconds=CHALLENGE_SECONDS),
    )
    if before is None or before.used_at is not None:
        return row
    is_same_challenge, is_used_up = before.challenge_ends_at > now, before.tries >= CODE_TRIES
    if is_same_challenge and is_used_up and not are_tries_renewed:
        raise TooManyTries(before.challenge_ends_at)
    if _resend_at(before) > now:
        raise TooManyRequests(_resend_at(before))
    if is_same_challenge:
        row.sent_times = before.sent_times + 1
    if is_same_challenge and not is_used_up:
        row.tries, row.challenge_ends_at = before.tries, before.challenge_ends_at
    return row


def _resend_at(row: Code) -> datetime:
    wait = RESEND_WAITS_SECONDS[min(row.sent_times, len(RESEND_WAITS_SECONDS)) - 1]
    return row.created_at + timedelta(seconds=wait)


def _new_digits() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def _digest(row: Code, digits: str) -> bytes:
    return keyed_hash(keys.pepper("codes"), bytes(row.salt), row.purpose, row.subject, digits)


def _why_not_live(pk: int) -> CodeExpired | TooManyTries:
    row = Code.objects.filter(pk=pk).first()
    if row is not None and row.used_at is None and row.tries >= CODE_TRIES:
        return TooManyTries(row.challenge_ends_at)
    return CodeExpired()


def _wrong(pk: int) -> CodeWrong | TooManyTries:
    row = Code.objects.filter(pk=pk).first()
    if row is None:
        return CodeWrong(0)
    if row.tries >= CODE_TRIES:
        return TooManyTries(row.challenge_ends_at, is_compared=True)
    return CodeWrong(CODE_TRIES - row.tries)
