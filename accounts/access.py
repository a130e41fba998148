"""How a page gets at rows of the accounts app."""

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import SecurityEvent, Session, User

EVENTS_SHOWN = 50


def sessions_of(user: User) -> QuerySet[Session]:
    """Return where a person is signed in, the latest use first."""
    return Session.objects.filter(user=user, expires_at__gt=timezone.now()).order_by("-seen_at")


def security_events_of(user: User) -> list[SecurityEvent]:
    """Return the newest lines of a person's security log."""
    return list(SecurityEvent.objects.filter(user=user).order_by("-at", "-id")[:EVENTS_SHOWN])
