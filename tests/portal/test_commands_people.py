"""The commands that make organizations and staff: complete or not at all, and nothing secret printed."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.hashing import is_right_password
from accounts.models import MailedLink, Organization, User
from accounts.services.password_reset import reset_password
from accounts.visitors import Visitor
from core.db import database_now
from licenses.models import License
from tests.cast import make_user
from tests.outbox import delivered

pytestmark = pytest.mark.django_db

ORGANIZATION = {
    "name": "Étude Lavoie",
    "email": "Isabelle@Lavoie.example",
    "first_name": "Isabelle",
    "last_name": "Lavoie",
}
STAFF = {"email": "amina@portal.example", "first_name": "Amina", "last_name": "Diallo", "cell_number": "514 555 0142"}
STRANGER = Visitor(ip_address="203.0.113.9", network="203.0.113.0/24", browser="Firefox", known_browser="")


def call(command: str, given: dict[str, Any], /, **changed: Any) -> str:
    """Call a command as from a shell and return what it printed."""
    out = StringIO()
    arguments = [f"--{key.replace('_', '-')}={value}" for key, value in (given | changed).items() if value is not None]
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def test_an_organization_comes_with_an_administrator_and_a_license() -> None:
    call("create_organization", ORGANIZATION)
    administrator = User.objects.with_email("isabelle@lavoie.example")
    assert administrator is not None
    assert administrator.organization is not None
    assert administrator.organization.name == "Étude Lavoie"
    assert administrator.is_administrator
    assert not administrator.is_staff
    assert (administrator.time_zone, administrator.date_culture, administrator.language) == (
        "America/Toronto",
        "en-CA",
        "en",
    )
    assert administrator.license.plan.code == "pro"
    assert administrator.license.expires_at > database_now()


def test_what_is_asked_for_is_made() -> None:
    call(
        "create_organization",
        ORGANIZATION,
        language="fr",
        time_zone="Europe/Paris",
        culture="fr-FR",
        sms_country="FR",
        plan="advanced",
        licenses=5,
    )
    organization = Organization.objects.get()
    user = organization.users.get()
    assert (user.language, user.time_zone, user.date_culture, user.default_sms_country) == (
        "fr",
        "Europe/Paris",
        "fr-FR",
        "FR",
    )
    assert License.objects.filter(organization=organization, plan__code="advanced").count() == 5
    assert License.objects.filter(holder=user).count() == 1
    assert {license.expires_at.second for license in License.objects.all()} == {59}


def test_no_licenses_leave_the_administrator_without_one() -> None:
    call("create_organization", ORGANIZATION, licenses=0)
    assert not License.objects.exists()


def test_the_mailed_link_chooses_the_first_password() -> None:
    call("create_organization", ORGANIZATION)
    user = User.objects.get()
    assert not user.has_usable_password()
    (mail,) = delivered("email")
    assert mail.to == "Isabelle@Lavoie.example"
    secret = next(word for word in mail.text.split() if len(word) == 43 and "/" not in word)
    assert f"http://testserver/sign-in/reset/#{secret}" in mail.text
    reset_password(secret=secret, password="violet harbour ladder seven", visitor=STRANGER)
    user.refresh_from_db()
    assert is_right_password("violet harbour ladder seven", user.password)


def test_the_first_link_lives_a_week() -> None:
    call("create_organization", ORGANIZATION)
    left = MailedLink.objects.get().expires_at - database_now()
    assert left.days in (6, 7)


@pytest.mark.parametrize(("command", "given"), [("create_organization", ORGANIZATION), ("create_staff", STAFF)])
def test_nothing_secret_is_printed(command: str, given: dict[str, Any]) -> None:
    printed = call(command, given)
    (mail,) = delivered("email")
    secret = next(word for word in mail.text.split() if len(word) == 43 and "/" not in word)
    user = User.objects.get()
    for value in (secret, user.password, user.email, "5550142"):
        assert value not in printed


@pytest.mark.parametrize(
    ("changed", "argument"),
    [
        ({"name": "www.evil.example"}, "--name"),
        ({"name": ""}, "--name"),
        ({"email": "nobody"}, "--email"),
        ({"first_name": "x" * 101}, "--first-name"),
        ({"last_name": "a\u202eb"}, "--last-name"),
        ({"language": "de"}, "--language"),
        ({"time_zone": "Mars/Olympus"}, "--time-zone"),
        ({"culture": "xx-YY"}, "--culture"),
        ({"sms_country": "ZZ"}, "--sms-country"),
        ({"plan": "gold"}, "--plan"),
        ({"licenses": -1}, "--licenses"),
        ({"licenses": 10_001}, "--licenses"),
        ({"licenses": "many"}, "--licenses"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_nothing_is_made(changed: dict[str, Any], argument: str) -> None:
    with pytest.raises(CommandError) as refusal:
        call("create_organization", ORGANIZATION, **changed)
    assert str(refusal.value).startswith(f"{argument}: ")
    assert not Organization.objects.exists()
    assert not User.objects.exists()


@pytest.mark.parametrize(("command", "given"), [("create_organization", ORGANIZATION), ("create_staff", STAFF)])
def test_a_taken_address_leaves_nothing_half_made(command: str, given: dict[str, Any]) -> None:
    make_user(str(given["email"]).upper())
    with pytest.raises(CommandError, match="already has an account"):
        call(command, given)
    assert User.objects.count() == Organization.objects.count() == 1
    assert delivered("email") == []


def test_the_other_form_of_a_taken_domain_is_refused() -> None:
    make_user("amina@bücher.example")
    with pytest.raises(CommandError, match="already has an account"):
        call("create_staff", STAFF, email="amina@xn--bcher-kva.example")


def test_staff_is_made_with_a_second_factor_and_without_an_organization() -> None:
    call("create_staff", STAFF)
    staff = User.objects.get()
    assert staff.is_staff
    assert staff.organization is None
    assert staff.two_factor_enabled
    assert staff.cell_number == "+15145550142"
    assert staff.smsdevice_set.get().confirmed
    assert not staff.has_usable_password()


def test_staff_is_refused_in_production(settings: Settings) -> None:
    settings.IS_DEMO = False
    with pytest.raises(CommandError, match="authenticator app or a passkey"):
        call("create_staff", STAFF)
    assert not User.objects.exists()


def test_staff_without_a_usable_number_is_refused() -> None:
    with pytest.raises(CommandError, match="--cell-number"):
        call("create_staff", STAFF, cell_number="514 555 01")
    assert not User.objects.exists()
