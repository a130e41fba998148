"""How a page gets at rows of the accounts app."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.choices import RoleType
from accounts.limits import SESSION_IDLE_SECONDS, STAFF_IDLE_SECONDS
from accounts.models import Organization, RecoveryCode, SecurityEvent, Session, User

EVENTS_SHOWN = 50
ADMINISTRATORS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Places:
    """Where a person is signed in, and what would let them in without their phone.

    Args:
        sessions: the latest use first; those that ended by lack of use are left out.
        recovery_codes_left: unused ones, counted along with the sessions: one query less for the page of both.
    """

    sessions: list[Session]
    recovery_codes_left: int


def places_of(user: User) -> Places:
    """Return where a person is signed in; one query."""
    now = timezone.now()
    idle_seconds = STAFF_IDLE_SECONDS if user.is_staff else SESSION_IDLE_SECONDS
    used_after = now - timedelta(seconds=idle_seconds)
    going_on = Session.objects.filter(user=user, expires_at__gt=now, seen_at__gt=used_after)
    unused = RecoveryCode.objects.filter(user=OuterRef("user"), used_at=None).values("user").annotate(codes=Count("pk"))
    counted = going_on.annotate(codes_left=Coalesce(Subquery(unused.values("codes")), 0))
    sessions = list(counted.order_by("-seen_at", "pk"))
    return Places(list(sessions), sessions[0].codes_left if sessions else 0)


def security_events_of(user: User) -> list[SecurityEvent]:
    """Return the newest lines of a person's security log."""
    return list(SecurityEvent.objects.filter(user=user).order_by("-at", "-id")[:EVENTS_SHOWN])


def administrators_of(organization: Organization) -> list[User]:
    """Return some of the active administrators of an organization, by name."""
    active = organization.users.filter(is_active=True, role_type=RoleType.ADMINISTRATOR)
    return list(active.order_by("last_name", "first_name", "pk")[:ADMINISTRATORS_NAMED])
