"""What the tables of accounts forget, and when; the worker asks through the setting RETENTION_STEPS."""

from datetime import datetime, timedelta

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


def forget_what_is_over(now: datetime) -> None:
    """Delete what has ended, old lines of the security log, and the numbers of dropped changes."""
    for model in (Session, KeptForm, KnownBrowser, MailedLink, OpenedRecord, Undo):
        model.objects.filter(expires_at__lt=now).delete()
    EmailChange.objects.filter(confirm_until__lt=now).delete()
    SecurityEvent.objects.filter(at__lt=now - timedelta(days=limits.SECURITY_LOG_DAYS)).delete()
    wishes = PendingChange.objects.annotate(numbered_at=Coalesce("number_at", "created_at"))
    # The row stays until the person has read that the change was dropped; the number goes at its own end.
    dropped = wishes.filter(numbered_at__lt=now - timedelta(seconds=limits.PENDING_CHANGE_SECONDS))
    dropped.filter(number_sealed__isnull=False).update(number_sealed=None, number_digest=None)
    PendingChange.objects.filter(created_at__lt=now - timedelta(days=limits.DROPPED_CHANGE_SAID_DAYS)).delete()
