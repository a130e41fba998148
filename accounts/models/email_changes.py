"""A change of the address one signs in with, on its way."""

from django.conf import settings
from django.db import models

from accounts.limits import EMAIL_MOST_CHARACTERS


class EmailChange(models.Model):
    """One change, confirmed by a link to the new address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="email_changes")
    new_email = models.CharField(max_length=EMAIL_MOST_CHARACTERS)
    confirm_digest = models.BinaryField(max_length=32, unique=True)
    asked_at = models.DateTimeField()
    confirm_until = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-asked_at"], name="accounts_emailchange_of_user")]

    def __str__(self) -> str:
        return f"change of address of user {self.user_id}"
