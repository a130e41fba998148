"""Second factors: devices of django-otp over our own codes.

None of the library's plug-ins or mix-ins is used: they store codes and secrets in clear and lock by device, not by
person. Source: docs/decisions/0005-codes.md
"""

from django.conf import settings
from django.db import models
from django_otp.models import Device

from accounts.limits import RECOVERY_CODE_CHARACTERS


class SmsDevice(Device):
    """The proven cell number of a user, as a second factor."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="accounts_smsdevice_one_per_user")]

    def verify_token(self, token: str) -> bool:
        """Tell whether a typed code signs this user in; a right one is used up."""
        from accounts.services import second_factor

        return second_factor.is_right_sms_code(user_id=self.user_id, answer=token)


class RecoveryDevice(Device):
    """The ten recovery codes of a user, as a second factor."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="accounts_recoverydevice_one_per_user")]

    def verify_token(self, token: str) -> bool:
        """Tell whether a typed recovery code signs this user in; a right one is used up."""
        from accounts.services import recovery_codes

        return recovery_codes.use_recovery_code(user_id=self.user_id, answer=token)


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
