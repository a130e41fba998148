"""Make organizations and their people, and keep an administrator in each.

Source: docs/decisions/0002-user-model.md, docs/decisions/0015-support-pages.md
"""

from dataclasses import dataclass

from django.db import transaction

from accounts.choices import RoleType
from accounts.errors import LastAdministrator
from accounts.models import Organization, SmsDevice, User
from accounts.services.addresses import save_with_address
from accounts.services.password_reset import welcome
from core.db import database_now


@dataclass(frozen=True, slots=True)
class Person:
    """Who gets an account."""

    email: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Beginnings:
    """What every new user of an organization begins with.

    Args:
        language: "en" or "fr".
        time_zone: IANA name.
        date_culture: BCP 47 tag.
        default_sms_country: region of two letters.
    """

    language: str
    time_zone: str
    date_culture: str
    default_sms_country: str


def create_organization(*, name: str, beginnings: Beginnings) -> Organization:
    """Make an organization that has no users yet."""
    return Organization.objects.create(
        name=name,
        language=beginnings.language,
        time_zone=beginnings.time_zone,
        date_culture=beginnings.date_culture,
        default_sms_country=beginnings.default_sms_country,
    )


def create_user(*, organization: Organization, person: Person, role_type: RoleType = RoleType.STANDARD) -> User:
    """Make a user who has no password yet and begins with what the organization says.

    Raises:
        AddressTaken: the address has an account.
    """
    user = User(
        organization=organization,
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        role_type=role_type,
        language=organization.language,
        time_zone=organization.time_zone,
        date_culture=organization.date_culture,
        default_sms_country=organization.default_sms_country,
    )
    return _with_a_new_row(user)


def create_administrator(*, organization: Organization, person: Person) -> User:
    """Make an administrator and mail the link by which the first password is chosen.

    Raises:
        AddressTaken: the address has an account.
    """
    with transaction.atomic():
        user = create_user(organization=organization, person=person, role_type=RoleType.ADMINISTRATOR)
        welcome(user=user)
    return user


def create_staff(*, person: Person, cell_number: str, beginnings: Beginnings) -> User:
    """Make a member of the support staff whose second factor, the cell number, is on from the start.

    Args:
        cell_number: E.164; whoever runs the installation vouches for it.

    Raises:
        AddressTaken: the address has an account.
    """
    user = User(
        is_staff=True,
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        language=beginnings.language,
        time_zone=beginnings.time_zone,
        date_culture=beginnings.date_culture,
        default_sms_country=beginnings.default_sms_country,
    )
    with transaction.atomic():
        _with_a_new_row(user)
        vouch_for_number(user=user, cell_number=cell_number)
        user.two_factor_enabled = True
        user.save()
    return user


def vouch_for_number(*, user: User, cell_number: str) -> None:
    """Put a cell number into force without a code, on the word of whoever runs the installation.

    Args:
        cell_number: E.164.
    """
    with transaction.atomic():
        user.keep_cell_number(cell_number, proven_at=database_now())
        user.save(update_fields=["cell_number_sealed", "cell_number_digest", "cell_number_proven_at"])
        SmsDevice.objects.update_or_create(user=user, defaults={"name": "sms", "confirmed": True})


def refuse_without_administrator(*, user: User) -> None:
    """Refuse to take the last active administrator from an organization.

    Holds the organization's row until the caller's transaction ends, so that of two administrators who are demoted at
    the same moment one remains.

    Raises:
        LastAdministrator: nobody else administers the organization.
    """
    if user.organization_id is None:
        return
    Organization.objects.select_for_update().get(pk=user.organization_id)
    administrators = User.objects.filter(
        organization_id=user.organization_id, role_type=RoleType.ADMINISTRATOR, is_active=True
    )
    is_one = administrators.filter(pk=user.pk).exists()
    if is_one and not administrators.exclude(pk=user.pk).exists():
        raise LastAdministrator


def _with_a_new_row(user: User) -> User:
    user.set_unusable_password()
    save_with_address(user=user)
    return user
