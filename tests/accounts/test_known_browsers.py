"""Browsers from which somebody has signed in: a budget of their own, so that nobody can lock the owner out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.test import Client

from accounts import limits
from accounts.models import KnownBrowser, User
from accounts.services.known_browsers import forget_all, known_browser, remember
from accounts.visitors import KNOWN_BROWSER_COOKIE, Visitor
from core.db import database_now
from tests.accounts.steps import SIGN_OUT, is_signed_in, type_password
from tests.cast import make_user
from tests.outbox import delivered
from tests.pages import InspectingClient
from tests.races import on_threads

pytestmark = pytest.mark.django_db

EMAIL = "robin@demo.example"
WRONG = "not the password at all"
HOME = Visitor(ip_address="203.0.113.24", network="203.0.113.0/24", browser="", known_browser="")
COOKIE = project.COOKIE_PREFIX + KNOWN_BROWSER_COOKIE


@pytest.fixture
def robin() -> User:
    return make_user(EMAIL)


@pytest.fixture
def known(robin: User) -> InspectingClient:
    """A browser in which the owner has signed in and out."""
    client = InspectingClient()
    type_password(client, EMAIL)
    client.post(SIGN_OUT)
    return client


def lock(client: Client, tries: int) -> None:
    """Type wrong passwords until nothing more is compared."""
    for _ in range(tries):
        type_password(client, EMAIL, WRONG)
    assert b"Too many tries" in type_password(client, EMAIL, WRONG).content


def test_a_lock_from_elsewhere_does_not_lock_the_owner_out(known: InspectingClient) -> None:
    """Statement 14."""
    lock(InspectingClient(), 5)
    assert type_password(known, EMAIL).status_code == 302
    assert is_signed_in(known)


def test_the_owners_sign_in_does_not_lift_the_lock_for_others(known: InspectingClient) -> None:
    """Statement 14."""
    attacker = InspectingClient()
    lock(attacker, 5)
    type_password(known, EMAIL)
    assert b"Too many tries" in type_password(attacker, EMAIL).content


def test_a_known_browser_has_ten_wrong_passwords(known: InspectingClient) -> None:
    lock(known, limits.WRONG_PASSWORDS_KNOWN_BROWSER.most)
    assert type_password(InspectingClient(), EMAIL).status_code == 302
    assert len([mail for mail in delivered("email") if mail.to == EMAIL]) == 1


def test_each_known_browser_has_its_own_budget(known: InspectingClient, robin: User) -> None:
    second = InspectingClient()
    type_password(second, EMAIL)
    second.post(SIGN_OUT)
    lock(known, limits.WRONG_PASSWORDS_KNOWN_BROWSER.most)
    assert type_password(second, EMAIL).status_code == 302


@pytest.mark.parametrize("forged", ["", "x", "A" * 43, "' OR 1=1", "\u00e9" * 43, "a" * 5_000])
def test_a_made_up_cookie_is_not_a_known_browser(robin: User, forged: str) -> None:
    """Statement 14."""
    lock(InspectingClient(), 5)
    client = InspectingClient()
    client.cookies[COOKIE] = forged
    assert b"Too many tries" in type_password(client, EMAIL).content


def test_a_browser_known_to_one_person_is_unknown_to_another(known: InspectingClient) -> None:
    casey = make_user("casey@demo.example")
    assert known_browser(user=casey, secret=known.cookies[COOKIE].value) is None


def test_two_people_of_one_browser_share_its_cookie(known: InspectingClient) -> None:
    before = known.cookies[COOKIE].value
    make_user("casey@demo.example")
    type_password(known, "casey@demo.example")
    assert known.cookies[COOKIE].value == before
    assert KnownBrowser.objects.count() == 2


def test_the_cookie_lasts_180_days_from_the_latest_sign_in(known: InspectingClient, robin: User) -> None:
    cookie = known.cookies[COOKIE]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (
        180 * 86_400,
        True,
        "Lax",
        "/",
    )
    KnownBrowser.objects.update(expires_at=database_now() + timedelta(days=1))
    type_password(known, EMAIL)
    assert KnownBrowser.objects.get().expires_at - database_now() > timedelta(days=179)


def test_a_browser_not_used_for_long_is_forgotten(known: InspectingClient, robin: User) -> None:
    KnownBrowser.objects.update(expires_at=database_now())
    assert known_browser(user=robin, secret=known.cookies[COOKIE].value) is None
    type_password(known, EMAIL)
    assert known_browser(user=robin, secret=known.cookies[COOKIE].value) is not None


def test_the_table_holds_no_secret(known: InspectingClient) -> None:
    row = KnownBrowser.objects.get()
    assert len(bytes(row.digest)) == 32
    assert known.cookies[COOKIE].value.encode() not in bytes(row.digest)


def test_forgetting_all_forgets_only_ones_own(known: InspectingClient, robin: User) -> None:
    remember(user=make_user("casey@demo.example"), visitor=HOME)
    forget_all(user=robin, visitor=HOME)
    assert [row.user.email for row in KnownBrowser.objects.all()] == ["casey@demo.example"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_several_tabs_at_once_keep_one_browser(robin: User) -> None:
    tab = replace(HOME, known_browser="A" * 43)
    assert {remembered.secret for remembered in on_threads(10, lambda _: remember(user=robin, visitor=tab))} == {
        "A" * 43
    }
    assert KnownBrowser.objects.count() == 1
