"""The pending change of a person: a new number, 2FA and other settings that count only once proven.

One row a person. The number is sealed; the settings are kept under the names of the account form's fields, and whoever
owns a setting applies it. What a row holds is read in `pending_wishes`. Source: docs/decisions/0013-form-saving.md
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts import limits
from accounts.choices import SecurityEventKind
from accounts.models import PendingChange, SmsDevice, User
from accounts.services import notices
from accounts.services.password_reset import NewLink
from accounts.services.pending_wishes import (
    NUMBER,
    TWO_FACTOR,
    Pending,
    dropped_of,
    grounded,
    pending_of,
    put_wishes,
    without_part,
)
from accounts.services.recovery_codes import make_recovery_codes
from accounts.services.security_log import record
from accounts.services.session_list import end_other_sessions
from accounts.services.texting import NextCode, next_code, reader_of, send_code_text
from accounts.services.undo import offer_undo
from accounts.visitors import Visitor
from core import codes, throttle
from core.db import database_now
from core.errors import ChangedMeanwhile, CodeExpired, CodeWrong, TooManyRequests, TooManyTries
from core.sms.numbers import last_digits, number_digest
from core.sms.records import record_confirmation
from core.sms.wording import number_changed_text, number_removed_text

PURPOSE = "confirm-number"


def pending_change(*, user: User) -> Pending | None:
    """Return what waits for this person's proof, or None."""
    row = PendingChange.objects.filter(user=user).first()
    return None if row is None else pending_of(row=row, user=user, at=database_now())


def propose(
    *,
    user: User,
    number: str | None,
    settings: Mapping[str, bool],
    in_force: Mapping[str, bool],
    visitor: Visitor,
) -> bool:
    """Add to what waits for a proof; a newer wish replaces the older one, and what is in force already waits no more.

    Each wish waits a day from when it was made; what was dropped meanwhile does not come back. Return whether a wish
    is left out, now or since the last time, for want of its proof or of the wish it stands on: nothing tells it later.

    Args:
        number: as in `Pending`; None leaves an earlier proposed number as it is.
        settings: wanted values by field name.
        in_force: values in force by field name.
    """
    with transaction.atomic():
        # The person's row first, as whoever applies or undoes a change does: nobody waits for nobody.
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        row, now = PendingChange.objects.select_for_update().filter(user=user).first(), database_now()
        earlier = pending_of(row=row, user=user, at=now)
        wishes = _joined(earlier, number=number, settings=settings, at=now)
        open_number = None if wishes.number == _number_in_force(user) else wishes.number
        open_settings = {name: on for name, on in wishes.settings.items() if in_force.get(name) != on}
        wanted_number, wanted = grounded(number=open_number, settings=open_settings, user=user)
        wished = settings if number is None else {*settings, NUMBER}
        is_left_out = bool(dropped_of(row=row, pending=earlier).difference(wished))
        is_left_out |= (wanted_number, wanted) != (open_number, open_settings)
        if wanted_number is None and not wanted:
            PendingChange.objects.filter(user=user).delete()
            return is_left_out
        row = PendingChange(user=user, pk=row.pk if row else None, created_at=now)
        put_wishes(row, number=wanted_number, settings=wanted, wished_at=wishes.wished_at)
        row.save()
        if number:
            record(user=user, kind=SecurityEventKind.NUMBER_PROPOSED, visitor=visitor)
        return is_left_out


def drop(*, user: User, part: str = "") -> bool:
    """Forget what waits, or a part of it with what stands on that; the values in force stay. Return whether more waits.

    Args:
        part: `NUMBER`, `TWO_FACTOR` or `RETURN_PROTECTION`; empty for everything.
    """
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        row = PendingChange.objects.select_for_update().filter(user=user).first()
        waiting = pending_of(row=row, user=user, at=database_now()) if part else None
        number, settings = (None, dict[str, bool]()) if waiting is None else without_part(waiting, part, user=user)
        if row is None or waiting is None or (number is None and not settings):
            PendingChange.objects.filter(user=user).delete()
            return False
        put_wishes(row, number=number, settings=settings, wished_at=waiting.wished_at)
        row.save()
        return True


def send_confirmation_code(*, user: User, visitor: Visitor) -> None:
    """Send a code to the proposed number.

    Raises:
        TooManyTries: also where the wrong codes of the day are used up.
        as `texting.send_code_text`.
    """
    waiting = pending_change(user=user)
    if waiting is not None and waiting.number:
        if (until := _no_try_until(user)) is not None:
            raise TooManyTries(until)
        subject = subject_of(user.pk, waiting.number)
        send_code_text(reader=reader_of(user), number=waiting.number, purpose=PURPOSE, subject=subject, visitor=visitor)
        record(user=user, kind=SecurityEventKind.CODE_SENT, visitor=visitor, method="sms")


def confirm_number(*, user: User, number: str, answer: str, visitor: Visitor) -> None:
    """Use up the code that was sent to a proposed number.

    Raises:
        CodeWrong, CodeExpired, TooManyTries: why the number is not confirmed.
    """
    # Taken before the code is compared, as at sign-in. A right code gives back its own try alone: whoever has a number
    # to confirm in between gets no new ones for guessing at another.
    try:
        throttle.take(limits.FAILED_NUMBER_CODES_DAY, _account_of(user.pk))
    except TooManyRequests as refusal:
        record(user=user, kind=SecurityEventKind.CODE_WRONG, visitor=visitor, method="number")
        raise TooManyTries(refusal.until) from None
    try:
        codes.claim_code(purpose=PURPOSE, subject=subject_of(user.pk, number), answer=answer)
    except CodeExpired:
        throttle.give_back(limits.FAILED_NUMBER_CODES_DAY, _account_of(user.pk))
        raise
    except (CodeWrong, TooManyTries):
        record(user=user, kind=SecurityEventKind.CODE_WRONG, visitor=visitor, method="number")
        raise
    throttle.give_back(limits.FAILED_NUMBER_CODES_DAY, _account_of(user.pk))
    record_confirmation(account=_account_of(user.pk), purpose=PURPOSE)


def number_challenge(*, user: User, number: str) -> codes.Challenge | None:
    """Return what is known about the code sent to a proposed number."""
    return codes.challenge(purpose=PURPOSE, subject=subject_of(user.pk, number))


def number_next_code(*, user: User, number: str) -> NextCode:
    """Return when a new code for a proposed number may be asked for."""
    sent = number_challenge(user=user, number=number)
    return next_code(account=_account_of(user.pk), number=number, challenge=sent, others=[_no_try_until(user)])


def apply_account_part(*, user: User, pending: Pending, session_key: str | None, visitor: Visitor) -> list[str]:
    """Put number and 2FA into force and return new recovery codes, where 2FA was turned on.

    The caller has checked the fresh proof and, for a new number, its code, and holds the transaction.

    Raises:
        ChangedMeanwhile: the change was dropped, undone, replaced or put into force since it was read.
    """
    user = User.objects.select_for_update(of=("self",)).select_related("organization").get(pk=user.pk)
    # The row is what is used up: of two calls with one change, one counts.
    if not PendingChange.objects.filter(user=user, created_at=pending.proposed_at).delete()[0]:
        raise ChangedMeanwhile
    old_number, was_on = user.proven_number, user.two_factor_enabled
    is_on = pending.settings.get(TWO_FACTOR, was_on)
    is_new_number = pending.number is not None and pending.number != old_number
    undo = offer_undo(user=user) if is_new_number else None
    if pending.number is not None:
        user.keep_cell_number(pending.number, proven_at=database_now() if pending.number else None)
    user.two_factor_enabled = bool(is_on and user.cell_number_proven_at)
    user.save()
    SmsDevice.objects.filter(user=user).update(confirmed=bool(user.cell_number_proven_at))
    is_factor_changed = user.two_factor_enabled != was_on
    if is_factor_changed or (is_new_number and old_number):
        end_other_sessions(user=user, keep_session_key=session_key, visitor=visitor)
    if undo is not None:
        _tell_number_changed(user, old_number, undo, visitor)
    return _two_factor_changed(user, was_on, visitor) if is_factor_changed else []


def forget_failures(*, user: User) -> None:
    """Begin the count of wrong codes anew; support calls it."""
    throttle.forget(limits.FAILED_NUMBER_CODES_DAY, _account_of(user.pk))


def subject_of(user_id: int, number: str) -> str:
    """Return the subject of a confirmation code: it proves this number and no other one."""
    return f"user:{user_id}:{number_digest(number).hex()[:32]}"


def _account_of(user_id: int) -> str:
    return f"user:{user_id}"


def _no_try_until(user: User) -> datetime | None:
    return throttle.used_up_until(limits.FAILED_NUMBER_CODES_DAY, _account_of(user.pk))


def _number_in_force(user: User) -> str | None:
    """Return the proven number, nothing where there is none, and None for one that was typed by somebody else."""
    if user.cell_number_sealed is None:
        return ""
    return user.cell_number if user.cell_number_proven_at else None


def _joined(earlier: Pending | None, *, number: str | None, settings: Mapping[str, bool], at: datetime) -> Pending:
    """Return the wishes that wait together with new ones, which begin at an aware instant."""
    new = dict.fromkeys(settings, at) | ({} if number is None else {NUMBER: at})
    if earlier is None:
        return Pending(number=number, settings=settings, wished_at=new, proposed_at=at)
    return Pending(
        number=earlier.number if number is None else number,
        settings={**earlier.settings, **settings},
        wished_at={**earlier.wished_at, **new},
        proposed_at=at,
    )


def _tell_number_changed(user: User, old_number: str, undo: NewLink, visitor: Visitor) -> None:
    kind = SecurityEventKind.NUMBER_CHANGED if user.cell_number_proven_at else SecurityEventKind.NUMBER_REMOVED
    record(user=user, kind=kind, visitor=visitor)
    notices.tell(
        user=user,
        template="number_changed",
        visitor=visitor,
        last_digits=last_digits(user.cell_number),
        link=undo.address,
        secret=undo.secret,
        expires_at=undo.expires_at,
    )
    if old_number:
        body = (number_changed_text if user.cell_number_proven_at else number_removed_text)(user.language)
        notices.tell_by_text(user=user, number=old_number, body=body, purpose="number-changed", visitor=visitor)


def _two_factor_changed(user: User, was_on: bool, visitor: Visitor) -> list[str]:
    kind = SecurityEventKind.TWO_FACTOR_OFF if was_on else SecurityEventKind.TWO_FACTOR_ON
    record(user=user, kind=kind, visitor=visitor)
    notices.tell(user=user, template="two_factor_off" if was_on else "two_factor_on", visitor=visitor)
    return [] if was_on else make_recovery_codes(user=user, visitor=visitor)
