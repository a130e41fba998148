"""The support pages have no door of their own."""

from datetime import timedelta

import pytest
from django.conf import settings as project
from django.test import Client

from accounts.models import Session, SmsDevice, User
from tests.accounts.steps import begin_half, is_signed_in, let_time_pass, type_code, type_password
from tests.cast import PASSWORD, make_staff, make_user, sign_in
from tests.pages import InspectingClient
from tests.redirects import EVIL_REDIRECTS, leads_away

pytestmark = pytest.mark.django_db

ADMIN = f"/{project.ADMIN_PATH}"
LOGIN = f"{ADMIN}login/"


@pytest.fixture
def staff() -> User:
    return make_staff()


@pytest.mark.parametrize("fields", [("username", "password"), ("email", "password"), ("email_key", "password")])
def test_the_door_of_django_admin_signs_nobody_in(
    client: InspectingClient, staff: User, fields: tuple[str, str]
) -> None:
    """Statement 2."""
    answer = client.post(f"{LOGIN}?next={ADMIN}", dict(zip(fields, (staff.email, PASSWORD), strict=True)))
    assert answer.status_code == 405
    assert not Session.objects.exists()
    assert not is_signed_in(client)
    assert client.get(ADMIN).status_code == 302


def test_strangers_are_led_to_the_one_sign_in(client: InspectingClient) -> None:
    """Statement 2."""
    for address in (ADMIN, LOGIN, f"{ADMIN}accounts/user/"):
        answer = client.get(address, follow=True)
        assert answer.redirect_chain[-1][0].startswith("/sign-in/?next=")


def test_password_and_code_open_the_support_pages(client: InspectingClient, staff: User) -> None:
    """Statement 2."""
    code = begin_half(client, staff)
    assert client.get(ADMIN).status_code == 302
    type_code(client, code)
    assert client.get(ADMIN).status_code == 200


def test_staff_without_a_second_factor_finds_nothing(client: InspectingClient) -> None:
    """Statement 2."""
    make_staff(two_factor=False)
    assert type_password(client, "support@demo.example").status_code == 302
    assert is_signed_in(client)
    for address in (ADMIN, f"{ADMIN}accounts/user/", LOGIN):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("two_factor", [False, True])
def test_members_and_administrators_find_nothing(client: InspectingClient, two_factor: bool) -> None:
    """Statement 2."""
    sign_in(client, make_user("admin@demo.example", is_administrator=True, two_factor=two_factor))
    for address in (ADMIN, LOGIN, f"{ADMIN}logout/", f"{ADMIN}password_change/", f"{ADMIN}accounts/user/"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"username": "support@demo.example", "password": PASSWORD}).status_code in (
            404,
            405,
        )


def test_a_member_made_staff_needs_a_new_sign_in(client: InspectingClient, staff: User) -> None:
    """Statement 2: being signed in as somebody else opens nothing."""
    sign_in(client, make_user("member@demo.example"))
    assert client.post(LOGIN, {"username": staff.email, "password": PASSWORD}).status_code in (404, 405)
    assert client.get(ADMIN).status_code == 404


@pytest.mark.parametrize("change", ["is_active", "is_staff"])
def test_staff_that_is_staff_no_longer_finds_nothing_at_the_next_request(
    client: InspectingClient, staff: User, change: str
) -> None:
    sign_in(client, staff)
    assert client.get(ADMIN).status_code == 200
    values: dict[str, object] = {"is_active": False}
    if change == "is_staff":
        values = {"is_staff": False, "organization": make_user("m@demo.example").organization}
    User.objects.filter(pk=staff.pk).update(**values)
    assert client.get(ADMIN).status_code in (302, 404)


@pytest.mark.parametrize("change", ["gone", "unconfirmed", "somebody else's"])
def test_without_its_factor_a_session_of_staff_opens_nothing(
    client: InspectingClient, staff: User, change: str
) -> None:
    sign_in(client, staff)
    if change == "gone":
        SmsDevice.objects.all().delete()
    elif change == "unconfirmed":
        SmsDevice.objects.update(confirmed=False)
    else:
        SmsDevice.objects.update(user=make_user("m@demo.example"))
    assert client.get(ADMIN).status_code == 404


def test_signing_out_and_passwords_are_the_portals_own(client: InspectingClient, staff: User) -> None:
    sign_in(client, staff)
    for address in (f"{ADMIN}logout/", f"{ADMIN}password_change/"):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert client.get(ADMIN).status_code == 200


def test_a_session_of_staff_ends_after_a_quarter_of_an_hour(client: InspectingClient, staff: User) -> None:
    sign_in(client, staff)
    let_time_pass(client, timedelta(minutes=15, seconds=5))
    assert client.get(ADMIN).status_code == 302


def test_the_door_leads_nobody_away(staff: User) -> None:
    """Statement 181."""
    stranger, inside = Client(), Client()
    sign_in(inside, staff)
    for wanted in EVIL_REDIRECTS:
        for client in (stranger, inside):
            first = client.get(LOGIN, {"next": wanted})
            second = client.get(first.headers["Location"])
            places = [answer.headers.get("Location", "/") for answer in (first, second)]
            assert not any(leads_away(place) for place in places), wanted


def test_there_is_no_page_of_groups(client: InspectingClient, staff: User) -> None:
    sign_in(client, staff)
    assert client.get(f"{ADMIN}auth/group/").status_code == 404
