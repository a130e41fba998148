"""What support staff changes for a customer: written down with the reason, and told to whom it concerns.

Source: docs/decisions/0015-support-pages.md
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext

from accounts.choices import RoleType, SecurityEventKind
from accounts.models import Organization, User
from accounts.services import notices
from accounts.services.opened_records import demand_opened_record
from accounts.services.organizations import refuse_without_administrator
from accounts.services.security_log import record
from accounts.services.session_list import end_other_sessions
from core import cultures
from core.errors import ChangedMeanwhile

AnyRow = TypeVar("AnyRow", bound=Model)

USER_FIELDS = frozenset(
    {
        "first_name",
        "last_name",
        "time_zone",
        "date_culture",
        "language",
        "default_sms_country",
        "is_active",
        "is_warned_of_unread",
        "role_type",
    }
)
ORGANIZATION_FIELDS = frozenset({"name", "time_zone", "date_culture", "language", "default_sms_country"})

_zone_steps: list[Callable[[Organization, str, str], None]] = []


@dataclass(frozen=True, slots=True)
class Change:
    """One value that was changed: written for whoever reads it, in the language and habits then in force."""

    label: str | Promise
    old: object
    new: object

    @property
    def old_text(self) -> str:
        """The value as it was."""
        return in_words(self.old)

    @property
    def new_text(self) -> str:
        """The value as it is now."""
        return in_words(self.new)


@dataclass(frozen=True, slots=True)
class SupportAct:
    """Who of support changes what, and why.

    Args:
        reason: in the words of the staff; the customer reads it.
        changes: what the customer and the history are told.
        ticket: under which a customer's record was opened; empty where the change is about nobody's record.
    """

    staff: User
    reason: str
    changes: Sequence[Change] = ()
    ticket: str = ""


def in_words(value: object) -> str:
    """Return a value as a person reads it, in the language and habits in force."""
    if value is None or value == "":
        return pgettext("value", "none")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        return cultures.format_instant(value)
    return cultures.format_date(value) if isinstance(value, date) else str(value)


def history_line(act: SupportAct, done: str | Promise = "") -> str:
    """Return what the history keeps: English and UTC, whoever made the change and whoever reads it.

    Args:
        done: what was done, where it is not a change of values.
    """
    with translation.override("en"):
        lines = [f"{change.label}: {_plain(change.old)} → {_plain(change.new)}" for change in act.changes]
        named = {"": str(done), "Ticket: ": act.ticket, "Reason: ": act.reason}
        return "; ".join([*lines, *(f"{name}{value}" for name, value in named.items() if value)])


def change_user(*, user: User, values: Mapping[str, object], seen: Mapping[str, object], act: SupportAct) -> None:
    """Change a customer's profile, role type or active flag; whoever is suspended is signed out everywhere.

    Args:
        values: new values by field name; only those named in `USER_FIELDS` are written.
        seen: what the staff saw in these fields.

    Raises:
        RecordClosed: the ticket's time is over; nothing was changed.
        ChangedMeanwhile: a field no longer has the value that was seen; nothing was changed.
        LastAdministrator: nobody would administer the organization; nothing was changed.
    """
    wanted = {name: value for name, value in values.items() if name in USER_FIELDS}
    with transaction.atomic():
        opened = demand_opened_record(staff=act.staff, customer=user)
        if wanted.get("is_active") is False or wanted.get("role_type", RoleType.ADMINISTRATOR) == RoleType.STANDARD:
            refuse_without_administrator(user=user)
        if not _as_seen(User.objects.filter(pk=user.pk, is_staff=False), seen, wanted).update(**wanted):
            raise ChangedMeanwhile
        user.refresh_from_db()
        if not user.is_active:
            end_other_sessions(user=user, keep_session_key=None)
        tell_customer(user=user, act=replace(act, ticket=opened.ticket))


def change_organization(
    *, organization: Organization, values: Mapping[str, object], seen: Mapping[str, object], act: SupportAct
) -> None:
    """Change what an organization is called and what its new users begin with; its administrators are told.

    Raises:
        ChangedMeanwhile: a field no longer has the value that was seen; nothing was changed.
    """
    wanted = {name: value for name, value in values.items() if name in ORGANIZATION_FIELDS}
    with transaction.atomic():
        if not _as_seen(Organization.objects.filter(pk=organization.pk), seen, wanted).update(**wanted):
            raise ChangedMeanwhile
        if "time_zone" in wanted:
            for step in _zone_steps:
                step(organization, str(seen["time_zone"]), str(wanted["time_zone"]))
        tell_administrators(organization=organization, act=act)


def register_zone_step(step: Callable[[Organization, str, str], None]) -> None:
    """Have a function called whenever an organization moves to another zone; called by the app that has it.

    Args:
        step: takes the organization, its old and its new zone; what it changes is kept together with the zone.
    """
    _zone_steps.append(step)


def tell_customer(*, user: User, act: SupportAct, kind: SecurityEventKind = SecurityEventKind.SUPPORT_CHANGED) -> None:
    """Write what support did into a customer's security log, and mail it."""
    record(user=user, kind=kind, actor=act.staff.email, ticket=act.ticket, reason=act.reason)
    done = "" if kind == SecurityEventKind.SUPPORT_CHANGED else kind.label
    notices.tell(
        user=user,
        template="support_changed",
        done=done,
        changes=list(act.changes),
        ticket=act.ticket,
        reason=act.reason,
    )


def tell_administrators(*, organization: Organization, act: SupportAct) -> None:
    """Tell every active administrator of an organization what support did for it."""
    administrators = organization.users.select_related("organization").filter(
        role_type=RoleType.ADMINISTRATOR, is_active=True
    )
    for administrator in administrators.order_by("pk"):
        tell_customer(user=administrator, act=act)


def _as_seen(rows: QuerySet[AnyRow], seen: Mapping[str, object], wanted: Mapping[str, object]) -> QuerySet[AnyRow]:
    """Return the rows whose fields that are about to change still have the values that were seen."""
    return rows.filter(**{name: seen[name] for name in wanted})


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else in_words(value)
