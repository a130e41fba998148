"""How an account stood before a change of its address or number, for as long as the change can be undone."""

from django.conf import settings
from django.db import models

from accounts.limits import EMAIL_MOST_CHARACTERS


class Undo(models.Model):
    """What a mailed link puts back, once: address, number and 2FA as they were. Only the digest of its secret is kept.

    The number is the sealed value of the user's own row: it can be put back there and read nowhere else.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="undos")
    digest = models.BinaryField(max_length=32, unique=True)
    changed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    email = models.CharField(max_length=EMAIL_MOST_CHARACTERS)
    cell_number_sealed = models.BinaryField(max_length=80, null=True)
    cell_number_digest = models.BinaryField(max_length=32, null=True)
    cell_number_proven_at = models.DateTimeField(null=True)
    two_factor_enabled = models.BooleanField()

    def __str__(self) -> str:
        return f"undo {self.pk} of user {self.user_id}"
