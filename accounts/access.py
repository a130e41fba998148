"""How a page gets at rows of the accounts app."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from accounts.choices import RoleType
from accounts.limits import SESSION_IDLE_SECONDS, STAFF_IDLE_SECONDS
from accounts.models import KnownBrowser, Organization, RecoveryCode, SecurityEvent, Session, User
from core.db import DatabaseNow

EVENTS_SHOWN = 50
BROWSERS_SHOWN = 50
ADMINISTRATORS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Places:
    """From where a person signs in, and what would let them in without their phone.

    Args:
        browsers: the latest sign-in first; each has `live`, its sessions that go on, the latest use first.
        signed_in: keys of the browsers that have such a session.
        recovery_codes_left: unused ones, counted along with the browsers: one query less for the page of both.
    """

    browsers: list[KnownBrowser]
    signed_in: frozenset[int]
    recovery_codes_left: int


def places_of(user: User) -> Places:
    """Return from where a person signs in; two queries."""
    now = DatabaseNow()
    idle_seconds = STAFF_IDLE_SECONDS if user.is_staff else SESSION_IDLE_SECONDS
    going_on = Session.objects.filter(expires_at__gt=now, seen_at__gt=now - timedelta(seconds=idle_seconds))
    live = Prefetch("sessions", queryset=going_on.order_by("-seen_at", "pk"), to_attr="live")
    unused = RecoveryCode.objects.filter(user=OuterRef("user"), used_at=None).values("user").annotate(codes=Count("pk"))
    kept = KnownBrowser.objects.filter(user=user, expires_at__gt=now).prefetch_related(live)
    counted = kept.annotate(codes_left=Coalesce(Subquery(unused.values("codes")), 0))
    browsers = list(counted.order_by("-signed_in_at", "-pk")[:BROWSERS_SHOWN])
    signed_in = frozenset(browser.pk for browser in browsers if browser.live)
    return Places(list(browsers), signed_in, browsers[0].codes_left if browsers else 0)


def browser_of(user: User, handle: UUID) -> KnownBrowser:
    """Return one of a person's own browsers.

    Raises:
        Http404: it is forgotten, or somebody else's.
    """
    return get_object_or_404(user.known_browsers.filter(expires_at__gt=DatabaseNow()), handle=handle)


def security_events_of(user: User) -> list[SecurityEvent]:
    """Return the newest lines of a person's security log."""
    return list(SecurityEvent.objects.filter(user=user).order_by("-at", "-id")[:EVENTS_SHOWN])


def administrators_of(organization: Organization) -> list[User]:
    """Return some of the active administrators of an organization, by name."""
    active = organization.users.filter(is_active=True, role_type=RoleType.ADMINISTRATOR)
    return list(active.order_by("last_name", "first_name", "pk")[:ADMINISTRATORS_NAMED])
