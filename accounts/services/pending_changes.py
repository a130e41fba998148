"""The pending change of a person: a new number, 2FA and other settings that count only once proven.

One row a person. The number is sealed; the settings are kept under the names of the account form's fields, and whoever
owns a setting applies it. Source: docs/decisions/0013-form-saving.md
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts import limits
from accounts.choices import SecurityEventKind
from accounts.models import PendingChange, SmsDevice, User
from accounts.services import notices
from accounts.services.password_reset import NewLink
from accounts.services.recovery_codes import make_recovery_codes
from accounts.services.security_log import record
from accounts.services.session_list import end_other_sessions
from accounts.services.texting import NextCode, next_code, reader_of, send_code_text
from accounts.services.undo import offer_undo
from accounts.visitors import Visitor
from core import codes, keys
from core.crypto.sealing import seal, unseal
from core.db import database_now
from core.errors import ChangedMeanwhile, CodeWrong, TooManyTries
from core.sms.numbers import last_digits, number_digest
from core.sms.records import record_confirmation
from core.sms.wording import number_changed_text

PURPOSE = "confirm-number"
TWO_FACTOR = "two_factor_enabled"
PLACE = "accounts_pendingchange:number:{user_id}"


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits for a proof.

    Args:
        number: new cell number in E.164; None where the number stays, empty where it is to be removed.
        settings: wanted values by field name.
        until: aware instant at which the change is dropped.
        proposed_at: aware instant of the newest wish; tells this change from every other one.
    """

    number: str | None
    settings: Mapping[str, bool]
    until: datetime
    proposed_at: datetime

    @property
    def needs_code(self) -> bool:
        """Tell whether a code must be typed."""
        return bool(self.number)

    @property
    def removes_number(self) -> bool:
        """Tell whether the number is to be removed."""
        return self.number == ""

    @property
    def two_factor(self) -> bool | None:
        """The wanted state of 2FA, or None where it stays."""
        return self.settings.get(TWO_FACTOR)

    @property
    def has_return_protection(self) -> bool:
        """Tell whether settings of another app wait too."""
        return any(name != TWO_FACTOR for name in self.settings)


def pending_of(*, row: PendingChange | None) -> Pending | None:
    """Return what a row holds; a change whose day is over no longer counts."""
    if row is None:
        return None
    until = row.created_at + timedelta(seconds=limits.PENDING_CHANGE_SECONDS)
    if until <= database_now():
        return None
    number = None
    if row.number_sealed is not None:
        place = PLACE.format(user_id=row.user_id)
        number = unseal(keys.derived("pending numbers"), bytes(row.number_sealed), place=place).decode()
    return Pending(number=number, settings=row.settings, until=until, proposed_at=row.created_at)


def pending_change(*, user: User) -> Pending | None:
    """Return what waits for this person's proof, or None."""
    return pending_of(row=PendingChange.objects.filter(user=user).first())


def propose(
    *,
    user: User,
    number: str | None,
    settings: Mapping[str, bool],
    in_force: Mapping[str, bool],
    visitor: Visitor,
) -> None:
    """Add to what waits for a proof; a newer wish replaces the older one, and what is in force already waits no more.

    Args:
        number: as in `Pending`; None leaves an earlier proposed number as it is.
        settings: wanted values by field name.
        in_force: values in force by field name.
    """
    with transaction.atomic():
        # The person's row first, as whoever applies or undoes a change does: nobody waits for nobody.
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        row = PendingChange.objects.select_for_update().filter(user=user).first()
        earlier = pending_of(row=row)
        if row is None or earlier is None:
            row = PendingChange(user=user, pk=row.pk if row else None)
        row.created_at = database_now()
        wanted = {**row.settings, **settings}
        row.settings = {name: on for name, on in wanted.items() if in_force.get(name) != on}
        if number is not None:
            _put_number(row, None if number == _number_in_force(user) else number)
        if row.number_sealed is None and not row.settings:
            PendingChange.objects.filter(user=user).delete()
            return
        row.save()
        if number:
            record(user=user, kind=SecurityEventKind.NUMBER_PROPOSED, visitor=visitor)


def drop(*, user: User) -> None:
    """Forget what waits; the values in force stay."""
    PendingChange.objects.filter(user=user).delete()


def send_confirmation_code(*, user: User, visitor: Visitor) -> None:
    """Send a code to the proposed number.

    Raises:
        as `texting.send_code_text`.
    """
    waiting = pending_change(user=user)
    if waiting is not None and waiting.number:
        subject = subject_of(user.pk, waiting.number)
        send_code_text(reader=reader_of(user), number=waiting.number, purpose=PURPOSE, subject=subject, visitor=visitor)
        record(user=user, kind=SecurityEventKind.CODE_SENT, visitor=visitor, method="sms")


def confirm_number(*, user: User, number: str, answer: str, visitor: Visitor) -> None:
    """Use up the code that was sent to a proposed number.

    Raises:
        CodeWrong, CodeExpired, TooManyTries: why the number is not confirmed.
    """
    try:
        codes.claim_code(purpose=PURPOSE, subject=subject_of(user.pk, number), answer=answer)
    except (CodeWrong, TooManyTries):
        record(user=user, kind=SecurityEventKind.CODE_WRONG, visitor=visitor, method="number")
        raise
    record_confirmation(account=f"user:{user.pk}", purpose=PURPOSE)


def number_challenge(*, user: User, number: str) -> codes.Challenge | None:
    """Return what is known about the code sent to a proposed number."""
    return codes.challenge(purpose=PURPOSE, subject=subject_of(user.pk, number))


def number_next_code(*, user: User, number: str) -> NextCode:
    """Return when a new code for a proposed number may be asked for."""
    sent = number_challenge(user=user, number=number)
    return next_code(account=f"user:{user.pk}", number=number, challenge=sent)


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
    old_number, was_on = user.cell_number if user.cell_number_proven_at else "", user.two_factor_enabled
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


def subject_of(user_id: int, number: str) -> str:
    """Return the subject of a confirmation code: it proves this number and no other one."""
    return f"user:{user_id}:{number_digest(number).hex()[:32]}"


def _number_in_force(user: User) -> str | None:
    """Return the proven number, nothing where there is none, and None for one that was typed by somebody else."""
    if user.cell_number_sealed is None:
        return ""
    return user.cell_number if user.cell_number_proven_at else None


def _put_number(row: PendingChange, number: str | None) -> None:
    if number is None:
        row.number_sealed = row.number_digest = None
        return
    place = PLACE.format(user_id=row.user_id)
    row.number_sealed = seal(keys.derived("pending numbers"), number.encode(), place=place)
    row.number_digest = number_digest(number)


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
        body = number_changed_text(user.language)
        notices.tell_by_text(user=user, number=old_number, body=body, purpose="number-changed", visitor=visitor)


def _two_factor_changed(user: User, was_on: bool, visitor: Visitor) -> list[str]:
    kind = SecurityEventKind.TWO_FACTOR_OFF if was_on else SecurityEventKind.TWO_FACTOR_ON
    record(user=user, kind=kind, visitor=visitor)
    notices.tell(user=user, template="two_factor_off" if was_on else "two_factor_on", visitor=visitor)
    return [] if was_on else make_recovery_codes(user=user, visitor=visitor)
