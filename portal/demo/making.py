"""Make the demo's organizations, take them away, and say whether they are there.

Source: docs/decisions/0016-demo-data.md
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.choices import RoleType, SecurityEventKind
from accounts.hashing import hash_password
from accounts.models import Organization, SecurityEvent, User, fold_email
from accounts.services.organizations import create_organization, create_staff, create_user, vouch_for_number
from accounts.services.security_log import record
from core import keys
from core.db import database_now
from core.models import Code, Counter
from licenses.models import License, Plan
from licenses.services.pool import add_licenses, assign_free_license
from messaging.activity.services.totals import total_what_waits
from messaging.items.events.sealing import seal_events
from messaging.quota.models import MonthlyCount
from portal.demo.history import LOG_DAYS, write_security_log
from portal.demo.marks import give_marks
from portal.demo.password import keep_new_password, known_password
from portal.demo.people import (
    CANADIAN,
    COMPANY,
    ORGANIZATIONS,
    STAFF,
    STAFF_DAYS,
    DemoOrganization,
    DemoPerson,
    everybody,
)
from portal.demo.removing import remove_items
from portal.demo.senders import Sender
from portal.demo.year import tell_year

PROVEN_DAYS = 30
MARKS_DAYS = 25


def is_loaded() -> bool:
    """Tell whether the demo organization exists."""
    return User.objects.filter(email_key=fold_email(COMPANY.people[0].email)).exists()


def load(*, most_items: int | None = None) -> None:
    """Make the demo's people with their past; everything or nothing.

    Args:
        most_items: that anybody sent; None for a whole year of each.
    """
    password = keep_new_password()
    now = database_now()
    with transaction.atomic():
        made = [_make_organization(organization, password, now) for organization in ORGANIZATIONS]
        _make_staff(password, now)
        senders = [sender.limited_to(most_items) for _organization, found in made for sender in found]
        tell_year(senders, now)
        for organization, _found in made:
            seal_events(organization_id=organization.pk)
        while total_what_waits():
            pass
    keys.destroy_old_keys(settings.KEY_DIR, database_now().astimezone(UTC).date())


def mend_password() -> None:
    """Give the demo's accounts a new password where the file with the old one is gone."""
    if known_password() is None:
        hashed = hash_password(keep_new_password())
        User.objects.filter(email_key__in=_addresses()).update(password=hashed)


def remove() -> None:
    """Take the demo's people, their organizations and all that hangs on them away, and begin every limit anew."""
    with transaction.atomic():
        people = User.objects.filter(email_key__in=_addresses())
        organizations = list(Organization.objects.filter(users__in=people).distinct().values_list("pk", flat=True))
        members = User.objects.filter(organization__in=organizations) | people
        remove_items(organizations)
        MonthlyCount.objects.filter(license__organization__in=organizations).delete()
        License.objects.filter(organization__in=organizations).delete()
        SecurityEvent.objects.filter(user__in=members).delete()
        User.objects.filter(pk__in=list(members.values_list("pk", flat=True))).delete()
        Organization.objects.filter(pk__in=organizations).delete()
        Counter.objects.all().delete()
        Code.objects.all().delete()


def _addresses() -> list[str]:
    return [fold_email(person.email) for person in everybody()]


def _make_organization(wanted: DemoOrganization, password: str, now: datetime) -> tuple[Organization, list[Sender]]:
    """Make a tenant, and return it with those of its people who send."""
    organization = create_organization(name=wanted.name, beginnings=wanted.beginnings)
    Organization.objects.filter(pk=organization.pk).update(created_at=now - timedelta(days=wanted.days))
    made = [_make_user(organization, person, password, now, days=wanted.days - 1) for person in wanted.people]
    for code, count in wanted.free_licenses.items():
        plan = Plan.objects.get(code=code)
        add_licenses(organization=organization, plan=plan, count=count, starts_at=now - timedelta(days=LOG_DAYS))
    return organization, [sender for sender in made if sender is not None]


def _make_user(
    organization: Organization, wanted: DemoPerson, password: str, now: datetime, *, days: int
) -> Sender | None:
    role_type = RoleType.ADMINISTRATOR if wanted.is_administrator else RoleType.STANDARD
    user = create_user(organization=organization, person=wanted.person, role_type=role_type)
    if wanted.time_zone:
        user.time_zone = wanted.time_zone
        user.save(update_fields=["time_zone"])
    if wanted.cell_number:
        _prove_number(user, wanted.cell_number, now)
    _let_it_be_older(user, password, now, days)
    write_security_log(user=user, method="password", now=now)
    if wanted.has_marks:
        give_marks(user, now - timedelta(days=MARKS_DAYS))
    if not wanted.plan:
        return None
    license = _license(organization, user, wanted, now)
    return Sender(user, license, wanted.items, wanted.licensed_days)


def _make_staff(password: str, now: datetime) -> None:
    staff = create_staff(person=STAFF.person, cell_number=STAFF.cell_number, beginnings=CANADIAN)
    _let_it_be_older(staff, password, now, STAFF_DAYS)
    write_security_log(user=staff, method="sms", now=now)


def _let_it_be_older(user: User, password: str, now: datetime, days: int) -> None:
    User.objects.filter(pk=user.pk).update(password=hash_password(password), created_at=now - timedelta(days=days))
    user.refresh_from_db()


def _prove_number(user: User, cell_number: str, now: datetime) -> None:
    proven_at = now - timedelta(days=PROVEN_DAYS)
    vouch_for_number(user=user, cell_number=cell_number)
    User.objects.filter(pk=user.pk).update(cell_number_proven_at=proven_at)
    record(user=user, kind=SecurityEventKind.NUMBER_CHANGED, at=proven_at)


def _license(organization: Organization, user: User, wanted: DemoPerson, now: datetime) -> License:
    plan = Plan.objects.get(code=wanted.plan)
    add_licenses(organization=organization, plan=plan, count=1, starts_at=now - timedelta(days=wanted.licensed_days))
    return assign_free_license(organization=organization, plan=plan, holder=user)
