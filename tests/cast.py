"""The people of the tests: plain builders of organizations, of users with a plan, and of signed-in browsers."""

from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from accounts.choices import RoleType
from accounts.hashing import hash_password
from accounts.models import Organization, RecoveryDevice, SmsDevice, User
from accounts.services.sign_in import finish_sign_in
from accounts.visitors import KNOWN_BROWSER_COOKIE, visitor_of
from licenses.models import License, Plan
from messaging.quota.services.counting import take_message

PASSWORD = "violet harbour ladder seven"
NUMBER = "+14165550123"
LICENSE_DAYS = 365


def make_organization(name: str = "Demo Company", **values: object) -> Organization:
    """Make an organization; the values are columns of its row."""
    return Organization.objects.create(name=name, **values)


def make_user(
    email: str,
    *,
    organization: Organization | None = None,
    plan: str | None = None,
    password: str = PASSWORD,
    is_administrator: bool = False,
    two_factor: bool = False,
    number: str = "",
    **values: object,
) -> User:
    """Make a user who can sign in, in an organization of their own unless one is given.

    Args:
        plan: code of the plan whose license the user holds; None for no license.
        two_factor: 2FA is on; without a number the usual one is proven.
        number: cell number in E.164 form, proven.
        values: other columns of the user's row.
    """
    named = {"first_name": "Robin", "last_name": "Tremblay"} | values
    user = User(email=email, organization=organization or make_organization(), password=_hash_of(password), **named)
    user.role_type = RoleType.ADMINISTRATOR if is_administrator else RoleType.STANDARD
    user.save()
    if number or two_factor:
        prove_number(user, number or NUMBER)
    if two_factor:
        turn_two_factor_on(user)
    if plan:
        make_license(user, plan)
    return user


def make_staff(email: str = "support@demo.example", *, two_factor: bool = True, **values: object) -> User:
    """Make a member of the support staff, who belongs to no organization."""
    named = {"first_name": "Sam", "last_name": "Support"} | values
    staff = User.objects.create(email=email, is_staff=True, password=_hash_of(PASSWORD), **named)
    if two_factor:
        prove_number(staff, NUMBER)
        turn_two_factor_on(staff)
    return staff


def prove_number(user: User, number: str) -> None:
    """Give a user a cell number whose code was typed."""
    user.keep_cell_number(number, proven_at=timezone.now())
    user.save()
    SmsDevice.objects.get_or_create(user=user, defaults={"name": "sms", "confirmed": True})


def turn_two_factor_on(user: User) -> None:
    """Ask a user for a second factor from now on."""
    user.two_factor_enabled = True
    user.save()
    RecoveryDevice.objects.get_or_create(user=user, defaults={"name": "recovery", "confirmed": True})


def make_license(user: User, plan: str, *, expires_at: datetime | None = None, is_suspended: bool = False) -> License:
    """Give a user a license of a plan, by the plan's code; for a year from now unless an end is given."""
    ends_at = expires_at or timezone.now() + timedelta(days=LICENSE_DAYS)
    assert user.organization is not None, "support staff holds no license"
    return License.objects.create(
        organization=user.organization,
        plan=Plan.objects.get(code=plan),
        holder=user,
        starts_at=ends_at - timedelta(days=LICENSE_DAYS),
        expires_at=ends_at,
        is_suspended=is_suspended,
    )


def sign_in(client: Client, user: User) -> None:
    """Sign a user in at a test client, every asked factor given and fresh."""
    request = HttpRequest()
    request.META |= {"REMOTE_ADDR": "127.0.0.1", **client.defaults}
    request.user = AnonymousUser()
    request.session = client.session
    device = SmsDevice.objects.get(user=user) if user.two_factor_enabled else None
    secret = finish_sign_in(request=request, user=user, device=device, visitor=visitor_of(request))
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key or ""
    client.cookies[settings.COOKIE_PREFIX + KNOWN_BROWSER_COOKIE] = secret


def strict_client(user: User | None = None) -> Client:
    """Return a browser whose forms need their token."""
    client = Client(enforce_csrf_checks=True)
    if user is not None:
        sign_in(client, user)
    return client


def count_a_message(user: User) -> None:
    """Let a user's license take one message now, without anything being sent."""
    license = License.objects.select_related("plan", "holder", "organization").get(holder=user)
    take_message(license=license, at=timezone.now(), cost=1)


@cache
def _hash_of(password: str) -> str:
    """Hash each password once; the hash is slow on purpose."""
    return hash_password(password)
