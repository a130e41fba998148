"""The second step of signing in: send a code by text message, compare it."""

from django_otp import devices_for_user
from django_otp.models import Device

from accounts import limits
from accounts.choices import SecurityEventKind
from accounts.errors import NumberNotProven
from accounts.models import SIGN_IN, RecoveryCode, RecoveryDevice, SmsDevice, User, sign_in_subject
from accounts.services import notices
from accounts.services.recovery_codes import recovery_codes_left, recovery_device
from accounts.services.security_log import record
from accounts.services.texting import NextCode, next_code, reader_of, send_code_text
from accounts.visitors import Visitor
from core import codes, throttle
from core.errors import CodeExpired, CodeWrong, TooManyRequests, TooManyTries
from core.sms.records import record_confirmation

FAILURES = (limits.FAILED_SECOND_FACTORS_DAY, limits.FAILED_SECOND_FACTORS_HOUR)


def sms_device(user: User) -> SmsDevice:
    """Return the device that stands for the proven cell number."""
    device: SmsDevice
    device, _made = SmsDevice.objects.get_or_create(user=user, defaults={"name": "sms", "confirmed": True})
    return device


def send_sign_in_code(*, user: User, visitor: Visitor) -> None:
    """Send a new code to the proven number; the one before it stops working.

    Raises:
        NumberNotProven: there is no proven number.
        TooManyRequests: too soon, or a budget of text messages is used up.
        TooManyTries: the tries of this challenge, or of the hour or day, are used up.
    """
    if not user.cell_number_proven_at:
        raise NumberNotProven
    _refuse_after_too_many_failures(user.pk)
    subject = sign_in_subject(user.pk)
    send_code_text(reader=reader_of(user), number=user.cell_number, purpose=SIGN_IN, subject=subject, visitor=visitor)
    record(user=user, kind=SecurityEventKind.CODE_SENT, visitor=visitor, method="sms")


def check_sign_in_code(*, user: User, answer: str, visitor: Visitor) -> SmsDevice:
    """Use up a right code and return the device it proves.

    Raises:
        CodeWrong, CodeExpired, TooManyTries: why it does not sign in; the failure is counted and logged.
    """
    # Taken before the code is compared: of a hundred simultaneous guesses no more are looked at than the day allows.
    _take_try(user.pk)
    device = sms_device(user)
    try:
        device.claim(answer)
    except CodeExpired:
        # Nothing was compared: the code is too old, was replaced, or another request of the same person used it.
        _give_try_back(user.pk)
        raise
    except (CodeWrong, TooManyTries):
        note_failure(user=user, visitor=visitor, method="sms")
        raise
    _give_try_back(user.pk)
    record_confirmation(account=f"user:{user.pk}", purpose=SIGN_IN)
    return device


def check_recovery_code(*, user: User, answer: str, visitor: Visitor) -> RecoveryDevice:
    """Use up a recovery code and return the device it proves; it works also after too many wrong text codes.

    Raises:
        CodeWrong: not one of the unused codes.
        TooManyTries: too many wrong recovery codes today.
    """
    try:
        throttle.take(limits.FAILED_RECOVERY_CODES_DAY, sign_in_subject(user.pk))
    except TooManyRequests as refusal:
        raise TooManyTries(refusal.until) from None
    device = recovery_device(user=user)
    if not device.verify_token(answer):
        for limit in FAILURES:
            throttle.count(limit, sign_in_subject(user.pk))
        note_failure(user=user, visitor=visitor, method="recovery")
        raise CodeWrong(0)
    throttle.give_back(limits.FAILED_RECOVERY_CODES_DAY, sign_in_subject(user.pk))
    record(user=user, kind=SecurityEventKind.RECOVERY_CODE_USED, visitor=visitor, method="recovery")
    notices.tell(user=user, template="recovery_code_used", visitor=visitor, codes_left=recovery_codes_left(user=user))
    return device


def is_recovery_open(*, user: User) -> bool:
    """Tell whether a recovery code would be looked at: there is one, and not too many were wrong today."""
    is_used_up = throttle.used_up_until(limits.FAILED_RECOVERY_CODES_DAY, sign_in_subject(user.pk)) is not None
    return not is_used_up and recovery_codes_left(user=user) > 0


def next_sign_in_code(*, user: User) -> NextCode:
    """Return when a new sign-in code may be asked for."""
    subject = sign_in_subject(user.pk)
    sent = codes.challenge(purpose=SIGN_IN, subject=subject)
    failures = [throttle.used_up_until(limit, subject) for limit in FAILURES]
    return next_code(account=f"user:{user.pk}", number=user.cell_number, challenge=sent, others=failures)


def note_failure(*, user: User, visitor: Visitor, method: str) -> None:
    """Log a failed second factor that was counted, and tell the owner about the first and about the lock."""
    record(user=user, kind=SecurityEventKind.CODE_WRONG, visitor=visitor, method=method)
    subject = sign_in_subject(user.pk)
    is_locked = any(throttle.used_up_until(limit, subject) is not None for limit in FAILURES)
    # Several failures at once: the limit of telling decides which of them is the first.
    if throttle.count(limits.TOLD_OF_FAILED_SECOND_FACTOR, subject) or (
        is_locked and throttle.count(limits.TOLD_OF_SECOND_FACTOR_LOCK, subject)
    ):
        notices.tell(user=user, template="second_factor_failed", visitor=visitor)


def forget_failures(*, user: User) -> None:
    """Begin the counts anew after a successful sign-in of this account."""
    told = (limits.TOLD_OF_FAILED_SECOND_FACTOR, limits.TOLD_OF_SECOND_FACTOR_LOCK)
    for limit in (*FAILURES, *told):
        throttle.forget(limit, sign_in_subject(user.pk))


def unlock(*, user: User) -> None:
    """End every waiting after wrong codes, also that of the code sent last: the next sign-in begins anew."""
    forget_failures(user=user)
    throttle.forget(limits.FAILED_RECOVERY_CODES_DAY, sign_in_subject(user.pk))
    codes.drop_code(purpose=SIGN_IN, subject=sign_in_subject(user.pk))


def has_factors(*, user: User) -> bool:
    """Tell whether a person has any second factor, in use or not."""
    return user.two_factor_enabled or bool(_devices(user))


def end_factors(*, user: User) -> None:
    """End every second factor and recovery code; the cell number stays and counts as not confirmed."""
    for device in _devices(user):
        device.delete()
    RecoveryCode.objects.filter(user=user).delete()
    unlock(user=user)
    user.two_factor_enabled = False
    user.cell_number_proven_at = None
    user.save(update_fields=["two_factor_enabled", "cell_number_proven_at"])


def _devices(user: User) -> list[Device]:
    """Return every factor of a person, of whatever kind, in use or not."""
    return list(devices_for_user(user, confirmed=None))  # type: ignore[no-untyped-call]


def _take_try(user_id: int) -> None:
    try:
        throttle.take_all([(limit, sign_in_subject(user_id)) for limit in FAILURES])
    except TooManyRequests as refusal:
        raise TooManyTries(refusal.until) from None


def _give_try_back(user_id: int) -> None:
    for limit in FAILURES:
        throttle.give_back(limit, sign_in_subject(user_id))


def _refuse_after_too_many_failures(user_id: int) -> None:
    for limit in FAILURES:
        until = throttle.used_up_until(limit, sign_in_subject(user_id))
        if until is not None:
            raise TooManyTries(until)
