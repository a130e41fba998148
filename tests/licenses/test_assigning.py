"""Licenses are given out and taken back so that the totals always add up, also when many ask at once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Organization, User
from core.db import database_now
from licenses.access import held_by, pool_of
from licenses.errors import AlreadyLicensed, HolderRefused, NoFreeLicense
from licenses.models import License, Plan
from licenses.services.assigning import assign_license, release_license
from licenses.services.pool import add_licenses, assign_free_license
from tests.cast import make_organization, make_staff, make_user
from tests.races import on_threads

pytestmark = pytest.mark.django_db


def pro() -> Plan:
    """Return the Pro plan."""
    return Plan.objects.get(code="pro")


def bought(organization: Organization, count: int) -> list[License]:
    """Let an organization buy some Pro licenses now."""
    return add_licenses(organization=organization, plan=pro(), count=count, starts_at=database_now())


def numbers(organization: Organization) -> tuple[int, int, int]:
    """Return bought, assigned and free licenses of the one plan an organization has."""
    (line,) = pool_of(organization)
    return line.bought, line.assigned, line.free


def test_bought_licenses_are_free_and_last_one_period() -> None:
    organization = make_organization(time_zone="Europe/Paris")
    licenses = bought(organization, 3)
    assert numbers(organization) == (3, 0, 3)
    for license in licenses:
        assert timedelta(days=364) < license.expires_at - license.starts_at < timedelta(days=368)
        assert license.expires_at.astimezone().second == 59


def test_an_assigned_license_is_held_and_a_released_one_is_free() -> None:
    organization = make_organization()
    user = make_user("pro@demo.example", organization=organization)
    license, _other = bought(organization, 2)
    assert assign_license(license=license, holder=user).holder == user
    assert held_by(user).license == license
    assert numbers(organization) == (2, 1, 1)
    assert release_license(license=license).holder is None
    assert held_by(user).license is None
    assert numbers(organization) == (2, 0, 2)


def test_giving_a_held_license_to_somebody_else_moves_it() -> None:
    organization = make_organization()
    first, second = (make_user(f"{name}@demo.example", organization=organization) for name in ("a", "b"))
    (license,) = bought(organization, 1)
    assign_license(license=license, holder=first)
    assign_license(license=license, holder=second)
    assert held_by(first).license is None
    assert held_by(second).license == license


def test_nobody_holds_two() -> None:
    organization = make_organization()
    user = make_user("pro@demo.example", organization=organization)
    first, second = bought(organization, 2)
    assign_license(license=first, holder=user)
    with pytest.raises(AlreadyLicensed):
        assign_license(license=second, holder=user)
    assert numbers(organization) == (2, 1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        License.objects.filter(pk=second.pk).update(holder=user)


def test_holding_it_already_is_no_second_one() -> None:
    organization = make_organization()
    user = make_user("pro@demo.example", organization=organization)
    (license,) = bought(organization, 1)
    for _time in range(2):
        assert assign_license(license=license, holder=user).holder == user


def strangers(organization: Organization) -> list[User]:
    """Return people who can hold no license of an organization."""
    return [
        make_user("tenant@other.example"),
        make_user("suspended@demo.example", organization=organization, is_active=False),
        make_staff(),
    ]


def test_strangers_staff_and_suspended_people_get_none() -> None:
    organization = make_organization()
    (license,) = bought(organization, 1)
    for stranger in strangers(organization):
        with pytest.raises(HolderRefused):
            assign_license(license=license, holder=stranger)
        with pytest.raises(HolderRefused):
            assign_free_license(organization=organization, plan=pro(), holder=stranger)
    assert numbers(organization) == (1, 0, 1)


def test_the_free_license_that_ends_last_is_given_out() -> None:
    organization = make_organization()
    user = make_user("pro@demo.example", organization=organization)
    older = add_licenses(organization=organization, plan=pro(), count=2, starts_at=database_now() - timedelta(days=200))
    (newer,) = bought(organization, 1)
    assert assign_free_license(organization=organization, plan=pro(), holder=user) == newer
    assert held_by(user).license not in older


def test_held_suspended_and_other_plans_are_not_given_out() -> None:
    organization = make_organization()
    first, second = (make_user(f"{name}@demo.example", organization=organization) for name in ("a", "b"))
    held, suspended = bought(organization, 2)
    assign_license(license=held, holder=first)
    License.objects.filter(pk=suspended.pk).update(is_suspended=True)
    bought(make_organization(), 1)
    add_licenses(organization=organization, plan=Plan.objects.get(code="eco"), count=1, starts_at=database_now())
    with pytest.raises(NoFreeLicense):
        assign_free_license(organization=organization, plan=pro(), holder=second)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_many_who_ask_at_once_as_many_get_one_as_there_are() -> None:
    organization = make_organization()
    people = [make_user(f"user{number}@demo.example", organization=organization) for number in range(8)]
    bought(organization, 3)

    def ask(number: int) -> bool:
        try:
            assign_free_license(organization=organization, plan=pro(), holder=people[number])
        except NoFreeLicense:
            return False
        return True

    assert sum(on_threads(8, ask)) == 3
    assert numbers(organization) == (3, 3, 0)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_person_given_two_licenses_at_once_holds_one() -> None:
    organization = make_organization()
    user = make_user("pro@demo.example", organization=organization)
    licenses = bought(organization, 6)

    def give(number: int) -> bool:
        try:
            assign_license(license=licenses[number], holder=user)
        except AlreadyLicensed:
            return False
        return True

    assert sum(on_threads(6, give)) == 1
    assert numbers(organization) == (6, 1, 5)
