"""Keep what the account page's one SAVE sends: at once what needs no proof, the rest once it is proven.

Source: docs/decisions/0013-form-saving.md
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction

from accounts.choices import SecurityEventKind
from accounts.models import User
from accounts.services import pending_changes
from accounts.services.pending_wishes import NUMBER, TWO_FACTOR, Pending
from accounts.services.profile import save_profile
from accounts.services.security_log import record
from accounts.services.shown_codes import codes_for_repeat, keep_for_repeat
from accounts.visitors import Visitor
from core.sms.numbers import region_of
from core.sms.switch import texts_are_off_reason
from licenses.entitlements import Entitlement
from licenses.forms import PREFIX
from licenses.models import Feature
from licenses.services.return_protection import set_return_protection
from portal.account.reading import Reading


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a SAVE.

    Args:
        waits: something waits for a proof.
        recovery_codes: new ones, to be shown once; empty where 2FA was not turned on.
        is_protection_left_out: the license no longer includes the return protection that was asked for.
        is_change_dropped: a wish was not proven within its day, or the one it stands on was not, and it is gone now.
    """

    waits: bool = False
    recovery_codes: list[str] = field(default_factory=list)
    is_protection_left_out: bool = False
    is_change_dropped: bool = False


def changed_fields(*, cleaned: Mapping[str, object], drawn: Mapping[str, object]) -> dict[str, object]:
    """Return the values that differ from those the form was drawn with.

    What it was not drawn with has not changed: a form that was open while the portal got a new box does not untick it.
    """
    return {name: value for name, value in cleaned.items() if name in drawn and drawn[name] != value}


def save_account(
    *,
    user: User,
    reading: Reading,
    cleaned: Mapping[str, object],
    drawn: Mapping[str, object],
    is_proof_fresh: bool,
    session_key: str | None,
    form_token: str,
    visitor: Visitor,
) -> Saved:
    """Keep the changed fields of the account page; of a form sent twice both answers show its recovery codes.

    Args:
        reading: what was in force when the request began.
        cleaned: what was sent, by field name.
        drawn: what the form was drawn with, by field name.
        is_proof_fresh: this session gave a proof lately.
        form_token: tells one drawing of the form from every other one.
    """
    changes = changed_fields(cleaned=cleaned, drawn=drawn)
    number = str(changes[NUMBER]) if NUMBER in changes else _number_to_confirm(user, reading, changes, cleaned)
    wanted = {name: bool(value) for name, value in changes.items() if name == TWO_FACTOR or name.startswith(PREFIX)}
    with transaction.atomic():
        save_profile(user=user, changes=changes, visitor=visitor)
        if number is None and not wanted:
            # What waits from an earlier SAVE goes on waiting; this one has nothing to do with it.
            return Saved()
        is_left_out = pending_changes.propose(
            user=user, number=number, settings=wanted, in_force=_in_force(user, reading), visitor=visitor
        )
        pending = pending_changes.pending_change(user=user)
        if pending is None:
            codes = codes_for_repeat(user=user, form_token=form_token)
            return Saved(recovery_codes=codes, is_change_dropped=is_left_out)
        if pending.needs_code or not is_proof_fresh:
            return Saved(waits=True, is_change_dropped=is_left_out)
        saved = apply_pending(
            user=user,
            pending=pending,
            entitlement=reading.entitlement,
            session_key=session_key,
            form_token=form_token,
            visitor=visitor,
        )
        return replace(saved, is_change_dropped=is_left_out)


def apply_pending(
    *,
    user: User,
    pending: Pending,
    entitlement: Entitlement,
    session_key: str | None,
    form_token: str,
    visitor: Visitor,
) -> Saved:
    """Put a proven change into force; a part that the license lost meanwhile is left out and named in the answer.

    Raises:
        ChangedMeanwhile: it is not what waits any more; nothing was changed.
    """
    wanted = {name.removeprefix(PREFIX): on for name, on in pending.settings.items() if name.startswith(PREFIX)}
    protection = wanted if entitlement.has(Feature.RETURN_PROTECTION) else {}
    with transaction.atomic():
        codes = pending_changes.apply_account_part(user=user, pending=pending, session_key=session_key, visitor=visitor)
        keep_for_repeat(user=user, form_token=form_token, codes=codes)
        if protection:
            set_return_protection(user=user, entitlement=entitlement, changes=protection)
            record(user=user, kind=SecurityEventKind.RETURN_PROTECTION_CHANGED, visitor=visitor)
        codes = codes or codes_for_repeat(user=user, form_token=form_token)
    return Saved(
        recovery_codes=codes,
        is_protection_left_out=protection != wanted,
        is_change_dropped=pending.is_partly_dropped,
    )


def _number_to_confirm(
    user: User, reading: Reading, changes: Mapping[str, object], cleaned: Mapping[str, object]
) -> str | None:
    """Return the number that waits for a code though nobody typed it over, or None.

    2FA is to use the number that stands in its form: where none waits any more and it is not in force, it is wished
    anew. A SAVE that changes nothing asks for the code of a number kept without a proof; support's reset of 2FA leaves
    such a one (docs/decisions/0027-opened-records.md).
    """
    if reading.pending is not None and reading.pending.number is not None:
        return None
    if changes.get(TWO_FACTOR) and not user.two_factor_enabled:
        shown = str(cleaned[NUMBER])
        return shown if shown != user.proven_number else None
    if changes or user.cell_number_proven_at is not None or not user.cell_number:
        return None
    return user.cell_number if not texts_are_off_reason(region_of(user.cell_number)) else None


def _in_force(user: User, reading: Reading) -> dict[str, bool]:
    protection = {PREFIX + part: on for part, on in reading.return_protection.items()}
    return {TWO_FACTOR: user.two_factor_enabled} | protection
