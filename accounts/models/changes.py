"""What waits for a proof, for a mailed link, or for the return of its owner."""

from django.conf import settings
from django.db import models


class PendingChange(models.Model):
    """Number, 2FA and return protection as asked for on the account page, until they are proven.

    Each wish has an instant of its own: `number_at`, and by name and in ISO 8601 those of the settings, `settings_at`.
    `created_at` is the one of the newest wish; a row of a version before they had their own has no other.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pending_change")
    number_sealed = models.BinaryField(max_length=80, null=True)
    number_digest = models.BinaryField(max_length=32, null=True)
    number_at = models.DateTimeField(null=True)
    settings = models.JSONField(default=dict)
    settings_at = models.JSONField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"pending change of user {self.user_id}"


class MailedLink(models.Model):
    """A link sent to somebody's address, used once: the digest of its secret."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mailed_links")
    purpose = models.CharField(max_length=40)
    digest = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} of user {self.user_id}"


class KeptForm(models.Model):
    """What somebody had typed when the session ended, sealed under a cookie of that browser."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    path = models.CharField(max_length=200)
    sealed = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.path
