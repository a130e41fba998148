"""How a page gets at rows of the accounts app."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.choices import RoleType
from accounts.limits import SESSION_IDLE_SECONDS, STAFF_IDLE_SECONDS
from accounts.models import Organization, SecurityEvent, Session, User

EVENTS_SHOWN = 50
ADMINISTRATORS_NAMED = 5


def sessions_of(user: User) -> QuerySet[Session]:
    """Return where a person is signed in, the latest use first; sessions that ended by lack of use are left out."""
    now = timezone.now()
    idle_seconds = STAFF_IDLE_SECONDS if user.is_staff else SESSION_IDLE_SECONDS
    used_after = now - timedelta(seconds=idle_seconds)
    return Session.objects.filter(user=user, expires_at__gt=now, seen_at__gt=used_after).order_by("-seen_at", "pk")


def security_events_of(user: User) -> list[SecurityEvent]:
    """Return the newest lines of a person's security log."""
    return list(SecurityEvent.objects.filter(user=user).order_by("-at", "-id")[:EVENTS_SHOWN])


def administrators_of(organization: Organization) -> list[User]:
    """Return some of the active administrators of an organization, by name."""
    active = organization.users.filter(is_active=True, role_type=RoleType.ADMINISTRATOR)
    return list(active.order_by("last_name", "first_name", "pk")[:ADMINISTRATORS_NAMED])
