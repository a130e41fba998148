"""What happened to one's account."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import SecurityEventKind
from accounts.limits import REASON_MOST_CHARACTERS, TICKET_MOST_CHARACTERS


class SecurityEvent(models.Model):
    """One line of a person's security log, never changed but for the shortening of its address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="security_events")
    at = models.DateTimeField()
    kind = models.CharField(_("event"), max_length=60, choices=SecurityEventKind)
    method = models.CharField(_("method"), max_length=40, blank=True)
    ip_address = models.GenericIPAddressField(_("IP address"), null=True)
    # What is left of the address after `FULL_ADDRESS_KEPT_DAYS`; empty before.
    network = models.CharField(_("network"), max_length=50, blank=True, db_default="")
    browser = models.CharField(_("browser"), max_length=200, blank=True)
    actor = models.CharField(_("by"), max_length=254, blank=True)
    ticket = models.CharField(_("ticket"), max_length=TICKET_MOST_CHARACTERS, blank=True)
    reason = models.CharField(_("reason"), max_length=REASON_MOST_CHARACTERS, blank=True)

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security log")
        indexes = [models.Index(fields=["user", "-at", "-id"], name="accounts_event_of_user")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
