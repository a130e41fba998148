"""Where somebody is signed in, and which browsers were used before."""

from django.conf import settings
from django.db import models


class Session(models.Model):
    """One browser's session: the digest of its key, never the key itself."""

    key_digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="sessions")
    data = models.TextField()
    factor = models.CharField(max_length=20, blank=True)
    browser = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key_digest[:8]


class KnownBrowser(models.Model):
    """A browser from which somebody has signed in: its own budget of wrong passwords."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_browsers")
    digest = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"browser {self.pk}"
