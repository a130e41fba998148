"""What the tables of accounts forget, and when; the worker asks through the setting RETENTION_STEPS."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce

from accounts import limits
from accounts.models import (
    EmailChange,
    KeptForm,
    KnownBrowser,
    MailedLink,
    OpenedRecord,
    PendingChange,
    SecurityEvent,
    Session,
    Undo,
)
from core.limits import FULL_ADDRESS_KEPT_DAYS
from core.network import network_of


def forget_what_is_over(now: datetime) -> None:
    """Delete what has ended, old lines and old addresses of the security log, and the numbers of dropped changes."""
    for model in (Session, KeptForm, KnownBrowser, MailedLink, OpenedRecord, Undo):
        model.objects.filter(expires_at__lt=now).delete()
    EmailChange.objects.filter(confirm_until__lt=now).delete()
    SecurityEvent.objects.filter(at__lt=now - timedelta(days=limits.SECURITY_LOG_DAYS)).delete()
    _shorten_addresses(now - timedelta(days=FULL_ADDRESS_KEPT_DAYS))
    wishes = PendingChange.objects.annotate(numbered_at=Coalesce("number_at", "created_at"))
    # The row stays until the person has read that the change was dropped; the number goes at its own end.
    dropped = wishes.filter(numbered_at__lt=now - timedelta(seconds=limits.PENDING_CHANGE_SECONDS))
    dropped.filter(number_sealed__isnull=False).update(number_sealed=None, number_digest=None)
    PendingChange.objects.filter(created_at__lt=now - timedelta(days=limits.DROPPED_CHANGE_SAID_DAYS)).delete()


def _shorten_addresses(before: datetime) -> None:
    """Leave the network of each address in the lines written before an aware instant, and no name of a browser."""
    is_whole = Q(ip_address__isnull=False) | ~Q(browser="")
    whole = SecurityEvent.objects.filter(is_whole, at__lt=before).only("ip_address").order_by("pk")
    while lines := list(whole[: limits.SHORTENED_A_PASS]):
        for line in lines:
            line.network = network_of(line.ip_address) if line.ip_address else ""
            line.ip_address, line.browser = None, ""
        SecurityEvent.objects.bulk_update(lines, ["ip_address", "network", "browser"])
