"""Ten codes for the day the phone is lost: shown once, each used once.

Source: docs/decisions/0005-codes.md
"""

import secrets
from datetime import datetime

from django.db import transaction

from accounts import limits
from accounts.choices import SecurityEventKind
from accounts.models import RecoveryCode, RecoveryDevice, User, recovery_code_digest
from accounts.services.security_log import record
from accounts.visitors import Visitor
from core.db import database_now

# Without 0, 1, I, L, O, U: nothing that is read as something else, and no words.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def make_recovery_codes(*, user: User, visitor: Visitor) -> list[str]:
    """Make ten new codes, end the old ones, and return them for the one time they are shown.

    Returns:
        ten codes of ten characters, in two groups joined by a hyphen.
    """
    fresh = [_new_code() for _ in range(limits.RECOVERY_CODES)]
    now = database_now()
    with transaction.atomic():
        # Two requests at once would each add ten: the second waits here and ends the codes of the first.
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(user=user, digest=recovery_code_digest(user.pk, code), made_at=now) for code in fresh
        )
        RecoveryDevice.objects.get_or_create(user=user, defaults={"name": "recovery", "confirmed": True})
        record(user=user, kind=SecurityEventKind.RECOVERY_CODES_MADE, visitor=visitor)
    half = limits.RECOVERY_CODE_CHARACTERS // 2
    return [f"{code[:half]}-{code[half:]}" for code in fresh]


def drop_recovery_codes(*, user: User, made_since: datetime) -> None:
    """Delete the codes made since an instant; older ones stay."""
    RecoveryCode.objects.filter(user=user, made_at__gte=made_since).delete()


def recovery_codes_left(*, user: User) -> int:
    """Return how many unused codes remain."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def recovery_device(*, user: User) -> RecoveryDevice:
    """Return the device that stands for the recovery codes."""
    device: RecoveryDevice
    device, _made = RecoveryDevice.objects.get_or_create(user=user, defaults={"name": "recovery", "confirmed": True})
    return device


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(limits.RECOVERY_CODE_CHARACTERS))
