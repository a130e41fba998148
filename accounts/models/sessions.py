"""Where somebody is signed in, and which browsers were used before."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext

from accounts.browsers import recognized_browser
from accounts.limits import BROWSER_NAME_MOST_CHARACTERS


class KnownBrowser(models.Model):
    """A browser from which somebody has signed in: its own budget of wrong passwords, and its owner's name for it.

    The handle stands in addresses and opens nothing: only the owner's session finds the row by it.
    """

    handle = models.UUIDField(unique=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_browsers")
    digest = models.BinaryField(max_length=32, unique=True)
    name = models.CharField(max_length=BROWSER_NAME_MOST_CHARACTERS, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    network = models.CharField(max_length=50, blank=True)
    first_seen_at = models.DateTimeField(null=True)
    signed_in_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "-signed_in_at"], name="accounts_browser_of_user")]

    def __str__(self) -> str:
        return f"browser {self.pk}"

    @property
    def shown_name(self) -> str:
        """The owner's name for it, else what it says of itself, else neutral words."""
        return self.name or recognized_browser(self.agent) or gettext("A browser without a name")


class Session(models.Model):
    """One browser's session: the digest of its key, never the key itself."""

    key_digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="sessions")
    known_browser = models.ForeignKey(KnownBrowser, on_delete=models.CASCADE, null=True, related_name="sessions")
    data = models.TextField()
    factor = models.CharField(max_length=20, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key_digest[:8]
