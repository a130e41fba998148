"""The password, asked again before something sensitive."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.utils import timezone

from accounts import limits
from accounts.choices import SecurityEventKind
from accounts.models import SecurityEvent, User
from accounts.sessions import PROVEN_AT
from core import throttle
from tests.accounts.steps import ACCOUNT, is_signed_in, let_time_pass, session_key, type_password
from tests.cast import PASSWORD, make_user, sign_in
from tests.pages import InspectingClient
from tests.redirects import EVIL_REDIRECTS, leads_away

pytestmark = pytest.mark.django_db

CONFIRM = "/account/security/confirm/"
ASKED = ("/account/security/password/", "/account/security/email/", "/account/security/factors/recovery-codes/")
LATER = timedelta(seconds=limits.FRESH_PROOF_SECONDS + 5)
SHORTLY_BEFORE = timedelta(seconds=limits.FRESH_PROOF_SECONDS - 60)


@pytest.fixture
def robin(client: InspectingClient) -> User:
    user = make_user("robin@demo.example", two_factor=True)
    sign_in(client, user)
    return user


def test_signing_in_counts_as_a_proof(client: InspectingClient, robin: User) -> None:
    for address in ASKED[:2]:
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ASKED)
def test_an_old_proof_leads_to_the_page_that_asks(client: InspectingClient, robin: User, address: str) -> None:
    """Statement 23, with a quarter of an hour."""
    let_time_pass(client, LATER)
    answer = client.post(address, {"new_password": "amber window quiet river", "email": "new@demo.example"})
    assert answer.status_code == 302
    assert unquote(answer.headers["Location"]).startswith(f"{CONFIRM}?next=/account/security/")
    robin.refresh_from_db()
    assert robin.email == "robin@demo.example"
    assert type_password(InspectingClient(), robin.email).status_code == 302


def test_a_proof_is_fresh_for_a_quarter_of_an_hour(client: InspectingClient, robin: User) -> None:
    let_time_pass(client, LATER)
    assert client.get(ASKED[0]).status_code == 302
    assert client.post(CONFIRM, {"password": PASSWORD, "next": ASKED[0]}).headers["Location"] == ASKED[0]
    let_time_pass(client, SHORTLY_BEFORE)
    assert client.get(ASKED[0]).status_code == 200
    let_time_pass(client, LATER - SHORTLY_BEFORE)
    assert client.get(ASKED[0]).status_code == 302


def test_a_proof_from_the_future_is_none(client: InspectingClient, robin: User) -> None:
    session = client.session
    session[PROVEN_AT] += timedelta(minutes=5).total_seconds()
    session.save()
    assert client.get(ASKED[0]).status_code == 302


def test_a_web_servers_wrong_clock_neither_extends_nor_ends_a_proof(client: InspectingClient, robin: User) -> None:
    """The database's clock judges: what one machine writes down, another one reads."""
    for wrong_by in (timedelta(hours=1), timedelta(hours=-1)):
        with time_machine.travel(timezone.now() + wrong_by):
            client.post(CONFIRM, {"password": PASSWORD})
        assert client.get(ASKED[0]).status_code == 200, wrong_by
        with time_machine.travel(timezone.now() + wrong_by):
            assert client.get(ASKED[0]).status_code == 200, wrong_by
            let_time_pass(client, LATER)
            assert client.get(ASKED[0]).status_code == 302, wrong_by
        client.post(CONFIRM, {"password": PASSWORD})
        with time_machine.travel(timezone.now() + wrong_by):
            assert client.get(ASKED[0]).status_code == 200, wrong_by


def test_signing_in_under_a_wrong_clock_is_a_proof_of_a_quarter_of_an_hour(robin: User) -> None:
    for wrong_by in (timedelta(hours=1), timedelta(hours=-1)):
        client = InspectingClient()
        with time_machine.travel(timezone.now() + wrong_by):
            sign_in(client, robin)
        assert client.get(ASKED[0]).status_code == 200, wrong_by
        let_time_pass(client, LATER)
        assert client.get(ASKED[0]).status_code == 302, wrong_by


def test_a_proof_moves_the_session_to_a_new_key(client: InspectingClient, robin: User) -> None:
    """Statement 29."""
    before = session_key(client)
    client.post(CONFIRM, {"password": PASSWORD})
    assert session_key(client) != before
    assert is_signed_in(client)
    assert SecurityEvent.objects.filter(user=robin, kind=SecurityEventKind.PROOF_GIVEN).count() == 1


def test_a_wrong_password_is_no_proof_and_counts_like_one_of_signing_in(client: InspectingClient, robin: User) -> None:
    let_time_pass(client, LATER)
    for _ in range(limits.WRONG_PASSWORDS_KNOWN_BROWSER.most):
        answer = client.post(CONFIRM, {"password": "not the password at all"})
        assert answer.status_code == 422
        assert b"This is not your password" in answer.content
    assert b"Too many tries" in client.post(CONFIRM, {"password": PASSWORD}).content
    assert client.get(ASKED[0]).status_code == 302
    assert is_signed_in(client)
    assert throttle.used(limits.WRONG_PASSWORDS_NETWORK, "127.0.0.0/24") == limits.WRONG_PASSWORDS_KNOWN_BROWSER.most


def test_another_persons_password_is_no_proof(client: InspectingClient, robin: User) -> None:
    make_user("casey@demo.example", password="amber window quiet river")
    assert (
        client.post(CONFIRM, {"password": "amber window quiet river", "email": "casey@demo.example"}).status_code == 422
    )


def test_a_strangers_password_is_not_asked(client: InspectingClient) -> None:
    assert client.post(CONFIRM, {"password": PASSWORD}).headers["Location"].startswith("/sign-in/")


def test_after_the_proof_nobody_is_led_away(client: InspectingClient, robin: User) -> None:
    """Statement 181."""
    for wanted in EVIL_REDIRECTS:
        answer = client.post(CONFIRM, {"password": PASSWORD, "next": wanted})
        assert not leads_away(answer.headers["Location"]), wanted


def test_without_a_wish_one_is_led_to_the_account(client: InspectingClient, robin: User) -> None:
    assert client.post(CONFIRM, {"password": PASSWORD}).headers["Location"] == ACCOUNT
