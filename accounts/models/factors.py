"""Second factors: devices of django-otp over our own codes.

None of the library's plug-ins or mix-ins is used: they store codes and secrets in clear and lock by device, not by
person. Source: docs/decisions/0005-codes.md
"""

import unicodedata

from django.conf import settings
from django.db import models
from django_otp.models import Device

from accounts.limits import RECOVERY_CODE_CHARACTERS
from core import codes, keys
from core.crypto.sealing import keyed_hash
from core.db import DatabaseNow
from core.errors import CodeExpired, CodeWrong, TooManyTries

SIGN_IN = "sign-in"


def sign_in_subject(user_id: int) -> str:
    """Return the subject of a user's sign-in codes: one live code per account, in whatever browser it was asked."""
    return f"user:{user_id}"


class SmsDevice(Device):
    """The proven cell number of a user, as a second factor."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="accounts_smsdevice_one_per_user")]

    def claim(self, answer: str) -> None:
        """Use up the live sign-in code.

        Raises:
            CodeWrong, CodeExpired, TooManyTries: why it does not sign in.
        """
        codes.claim_code(purpose=SIGN_IN, subject=sign_in_subject(self.user_id), answer=answer)

    def verify_token(self, token: str) -> bool:
        """Tell whether a typed code signs this user in; a right one is used up."""
        try:
            self.claim(token)
        except (CodeWrong, CodeExpired, TooManyTries):
            return False
        return True


class RecoveryDevice(Device):
    """The ten recovery codes of a user, as a second factor."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="accounts_recoverydevice_one_per_user")]

    def verify_token(self, token: str) -> bool:
        """Tell whether a typed code is an unused one, and use it up; of two calls with one code one succeeds."""
        digest = recovery_code_digest(self.user_id, token)
        unused = RecoveryCode.objects.filter(user_id=self.user_id, digest=digest, used_at=None)
        return unused.update(used_at=DatabaseNow()) == 1


class RecoveryCode(models.Model):
    """One of the ten codes shown once: its keyed hash, and when it was used."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="accounts_recoverycode_once")]

    def __str__(self) -> str:
        return f"{RECOVERY_CODE_CHARACTERS} characters of user {self.user_id}"


def recovery_code_digest(user_id: int, code: str) -> bytes:
    """Return the keyed hash of a recovery code in any spelling: case, blanks and hyphens do not matter."""
    folded = unicodedata.normalize("NFKC", code[:60]).upper()
    characters = "".join(character for character in folded if character.isalnum())
    return keyed_hash(keys.pepper("recovery codes"), str(user_id), characters)
