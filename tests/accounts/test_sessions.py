"""Sessions: a new key at every step, an end in time, and gone as soon as somebody ends them."""

import hashlib
from datetime import timedelta

import html5lib
import pytest
import time_machine
from django.conf import settings as project
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import limits
from accounts.models import Session, User
from accounts.services.session_list import end_other_sessions
from accounts.sessions import SessionStore
from core.db import database_now
from tests.accounts.steps import (
    ACCOUNT,
    SECURITY,
    SIGN_IN,
    SIGN_IN_CODE,
    SIGN_OUT,
    begin_half,
    is_signed_in,
    let_time_pass,
    session_key,
    session_row,
    type_code,
    type_password,
)
from tests.cast import PASSWORD, make_staff, make_user, sign_in
from tests.pages import InspectingClient

pytestmark = pytest.mark.django_db

CONFIRM, END_OTHERS = "/account/security/confirm/", "/account/security/sessions/end-others/"
IDLE, ABSOLUTE = timedelta(minutes=60), timedelta(hours=12)
MOMENT = timedelta(minutes=1)
WRONG_CLOCKS = (timedelta(hours=1), timedelta(hours=-1), timedelta(days=3650))


@pytest.fixture
def robin() -> User:
    return make_user("robin@demo.example")


def with_key(key: str) -> Client:
    """Return a browser that presents a session key."""
    client = Client()
    client.cookies[project.SESSION_COOKIE_NAME] = key
    return client


def test_the_key_changes_at_every_step(client: InspectingClient) -> None:
    """Statement 29."""
    casey = make_user("casey@demo.example", two_factor=True)
    client.get(SIGN_IN_CODE)  # a stranger's session, which holds a message
    keys = [session_key(client)]
    code = begin_half(client, casey)
    keys.append(session_key(client))
    type_code(client, code)
    keys.append(session_key(client))
    client.post(CONFIRM, {"password": PASSWORD})
    keys.append(session_key(client))
    assert all(keys)
    assert len(set(keys)) == 4
    assert [is_signed_in(with_key(key)) for key in keys] == [False, False, False, True]
    client.post(SIGN_OUT)
    assert session_key(client) != keys[-1]
    assert not any(is_signed_in(with_key(key)) for key in keys)


@pytest.mark.parametrize("planted", ["a" * 32, "0123456789abcdefghijklmnopqrstuv", "x", "' OR 1=1"])
def test_a_made_up_key_is_never_taken_over(client: InspectingClient, robin: User, planted: str) -> None:
    """Statement 29."""
    client.cookies[project.SESSION_COOKIE_NAME] = planted
    type_password(client, robin.email)
    assert session_key(client) != planted
    assert not is_signed_in(with_key(planted))


def test_a_planted_session_of_a_stranger_is_never_signed_in(client: InspectingClient, robin: User) -> None:
    """Statement 29."""
    attacker = Client()
    attacker.get(SIGN_IN_CODE)
    planted = session_key(attacker)
    assert planted
    client.cookies[project.SESSION_COOKIE_NAME] = planted
    type_password(client, robin.email)
    assert is_signed_in(client)
    assert not is_signed_in(attacker)


def test_after_signing_out_the_old_cookie_is_worth_nothing(client: InspectingClient, robin: User) -> None:
    """Statement 30."""
    type_password(client, robin.email)
    key = session_key(client)
    client.post(SIGN_OUT)
    assert not is_signed_in(client)
    assert not is_signed_in(with_key(key))
    assert not Session.objects.filter(user=robin).exists()


def test_ending_the_others_ends_them_at_once_and_keeps_this_one(client: InspectingClient, robin: User) -> None:
    """Statements 30 and 33."""
    others = [InspectingClient() for _ in range(3)]
    for browser in (client, *others):
        type_password(browser, robin.email)
    client.post(END_OTHERS)
    assert is_signed_in(client)
    assert not any(is_signed_in(other) for other in others)


def test_ending_ones_own_sessions_leaves_everybody_elses(client: InspectingClient, robin: User) -> None:
    type_password(client, robin.email)
    sign_in(other := InspectingClient(), make_user("casey@demo.example"))
    client.post(END_OTHERS)
    assert is_signed_in(other)


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "changed"}], ids=["suspended", "password"])
def test_a_change_of_the_account_ends_its_sessions(
    client: InspectingClient, robin: User, change: dict[str, object]
) -> None:
    """Statement 30."""
    type_password(client, robin.email)
    assert is_signed_in(client)
    User.objects.filter(pk=robin.pk).update(**change)
    assert not is_signed_in(client)


def test_a_new_password_ends_the_other_sessions(client: InspectingClient, robin: User) -> None:
    """Statement 30."""
    type_password(other := InspectingClient(), robin.email)
    type_password(client, robin.email)
    before = session_key(client)
    client.post("/account/security/password/", {"new_password": "amber window quiet river"})
    assert is_signed_in(client)
    assert session_key(client) != before
    assert not is_signed_in(with_key(before))
    assert not is_signed_in(other)


def test_an_ended_session_answers_with_the_sign_in_page_also_to_a_post(client: InspectingClient, robin: User) -> None:
    """Statement 30."""
    type_password(client, robin.email)
    end_other_sessions(user=robin, keep_session_key=None)
    assert client.post(END_OTHERS).headers["Location"].startswith(SIGN_IN)


def test_an_unused_session_ends_after_an_hour(client: InspectingClient, robin: User) -> None:
    """Statement 31."""
    type_password(client, robin.email)
    let_time_pass(client, IDLE - MOMENT)
    assert is_signed_in(client)
    let_time_pass(client, IDLE + MOMENT)
    assert not is_signed_in(client)
    assert not Session.objects.filter(user=robin).exists()


def test_use_does_not_prolong_a_session_beyond_twelve_hours(client: InspectingClient, robin: User) -> None:
    """Statement 31."""
    type_password(client, robin.email)
    step, lasted = timedelta(minutes=50), timedelta()
    while lasted + step < ABSOLUTE:
        let_time_pass(client, step)
        lasted += step
        assert is_signed_in(client), lasted
    let_time_pass(client, ABSOLUTE - lasted - MOMENT)
    assert is_signed_in(client)
    let_time_pass(client, 2 * MOMENT)
    assert not is_signed_in(client)


def test_a_fresh_proof_does_not_prolong_a_session(client: InspectingClient, robin: User) -> None:
    """Statement 31."""
    type_password(client, robin.email)
    begun = session_row(client).started_at
    for _hour in range(12):
        let_time_pass(client, timedelta(minutes=59))
        client.post(CONFIRM, {"password": PASSWORD})
    assert session_row(client).started_at == begun - timedelta(minutes=12 * 59)
    let_time_pass(client, timedelta(minutes=12) - MOMENT)
    assert is_signed_in(client)
    let_time_pass(client, 2 * MOMENT)
    assert not is_signed_in(client)


def test_a_strangers_old_session_does_not_shorten_the_one_that_follows(client: InspectingClient, robin: User) -> None:
    client.get(SIGN_IN_CODE)
    let_time_pass(client, timedelta(minutes=30))
    before = database_now()
    type_password(client, robin.email)
    row = session_row(client)
    assert row.started_at >= before
    assert row.expires_at == row.started_at + ABSOLUTE


def test_sessions_of_support_staff_are_shorter(client: InspectingClient) -> None:
    """Statement 31, with the limits of support staff."""
    sign_in(client, make_staff())
    let_time_pass(client, timedelta(minutes=14))
    assert is_signed_in(client)
    let_time_pass(client, timedelta(minutes=15, seconds=5))
    assert not is_signed_in(client)
    sign_in(client, User.objects.get())
    for quarter in range(1, 40):
        let_time_pass(client, timedelta(minutes=13))
        is_going_on = quarter * timedelta(minutes=13) < timedelta(hours=8)
        assert is_signed_in(client) == is_going_on, quarter
        if not is_going_on:
            break


def test_the_latest_use_is_written_at_most_every_five_minutes(client: InspectingClient, robin: User) -> None:
    type_password(client, robin.email)
    client.get(ACCOUNT)
    for minutes, is_written in ((4, False), (2, True), (1, False), (5, True)):
        let_time_pass(client, timedelta(minutes=minutes))
        before = database_now()
        with CaptureQueriesContext(connection) as asked:
            client.get(ACCOUNT)
        written = [query["sql"] for query in asked if query["sql"].startswith("UPDATE")]
        assert [sql.split('"')[1] for sql in written] == ["accounts_session"] * is_written, minutes
        assert (session_row(client).seen_at >= before) == is_written


def test_a_session_ends_by_the_databases_clock(client: InspectingClient, robin: User) -> None:
    """Statement 31: a web server whose clock is wrong begins, stamps and ends sessions at the right time."""
    for wrong_by in WRONG_CLOCKS:
        with time_machine.travel(timezone.now() + wrong_by):
            type_password(client, robin.email)
        row, now = session_row(client), database_now()
        assert abs(row.started_at - now) < MOMENT
        assert row.expires_at == row.started_at + ABSOLUTE
        let_time_pass(client, IDLE - MOMENT)
        with time_machine.travel(timezone.now() + wrong_by):
            assert is_signed_in(client), wrong_by
            assert abs(session_row(client).seen_at - now) < MOMENT
            let_time_pass(client, IDLE + MOMENT)
            assert not is_signed_in(client), wrong_by


def test_the_list_of_browsers_goes_by_the_databases_clock(client: InspectingClient, robin: User) -> None:
    """Statement 33."""
    sign_in(client, robin)
    for wrong_by in WRONG_CLOCKS:
        with time_machine.travel(timezone.now() + wrong_by):
            page = client.get(SECURITY).content.decode()
        assert page.count("This browser") == 1, wrong_by


def test_the_table_holds_only_the_digest_of_a_key(client: InspectingClient, robin: User) -> None:
    """Statement 35."""
    type_password(client, robin.email)
    key = session_key(client)
    row = session_row(client)
    assert row.key_digest == hashlib.sha256(key.encode()).hexdigest()
    assert key not in str([vars(session) for session in Session.objects.all()])
    assert not is_signed_in(with_key(row.key_digest))


def test_no_page_shows_a_key_or_its_digest(client: InspectingClient, robin: User) -> None:
    """Statement 35."""
    type_password(client, robin.email)
    type_password(InspectingClient(), robin.email)
    page = client.get(SECURITY).content.decode()
    for row in Session.objects.all():
        assert row.key_digest not in page
        assert row.key_digest[:8] not in page
    assert session_key(client) not in page


def test_a_person_sees_where_they_are_signed_in(client: InspectingClient, robin: User) -> None:
    """Statement 33."""
    type_password(client, robin.email, HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0")
    type_password(
        InspectingClient(), robin.email, HTTP_USER_AGENT="Mozilla/5.0 (Macintosh) Version/26.0 Safari/605.1.15"
    )
    page = client.get(SECURITY).content.decode()
    assert "Firefox" in page
    assert "Safari" in page
    assert page.count("This browser") == 1


def test_every_page_of_the_portal_offers_to_sign_out(client: InspectingClient, robin: User) -> None:
    """Statement 36."""
    type_password(client, robin.email)
    for address in (ACCOUNT, SECURITY, CONFIRM, "/messages/", "/help/", "/nowhere/"):
        page = html5lib.parse(client.get(address).content.decode(), namespaceHTMLElements=False)
        buttons = [button for button in page.iter("button") if button.get("formaction") == SIGN_OUT]
        assert buttons, address
        for button in buttons:
            (form,) = [form for form in page.iter("form") if form.get("id") == button.get("form")]
            assert form.get("method") == "post"
            assert any(field.get("name") == "csrfmiddlewaretoken" for field in form.iter("input"))


def test_looking_at_the_address_of_signing_out_ends_nothing(client: InspectingClient, robin: User) -> None:
    """Statement 36."""
    type_password(client, robin.email)
    assert client.get(SIGN_OUT).status_code == client.head(SIGN_OUT).status_code == 405
    assert is_signed_in(client)


def test_signing_out_needs_its_token(robin: User) -> None:
    client = InspectingClient(enforce_csrf_checks=True)
    sign_in(client, robin)
    assert client.post(SIGN_OUT).status_code == 403
    assert is_signed_in(client)


def test_signing_out_clears_the_browser_and_nothing_was_stored(client: InspectingClient, robin: User) -> None:
    """Statement 38."""
    type_password(client, robin.email)
    for address in (ACCOUNT, SECURITY, "/messages/"):
        assert client.get(address).headers["Cache-Control"] == "no-store, private", address
    assert client.post(SIGN_OUT).headers["Clear-Site-Data"] == '"cache", "storage"'


def test_signing_out_twice_and_as_a_stranger_is_harmless(client: InspectingClient) -> None:
    assert client.post(SIGN_OUT).status_code == client.post(SIGN_OUT).status_code == 302


def test_the_cookie_is_hidden_from_scripts_and_ends_with_the_browser(client: InspectingClient, robin: User) -> None:
    """Statement 32."""
    cookie = type_password(client, robin.email).cookies[project.SESSION_COOKIE_NAME]
    assert cookie["httponly"] is True
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert (cookie["max-age"], cookie["expires"]) == ("", "")


def test_a_page_for_everybody_begins_no_session(client: InspectingClient) -> None:
    for address in ("/", "/help/", SIGN_IN):
        client.get(address)
    assert not Session.objects.exists()


def test_sessions_whose_time_is_over_are_cleared() -> None:
    store = SessionStore()
    store.create()
    Session.objects.update(expires_at=timezone.now() - MOMENT)
    SessionStore.clear_expired()
    assert not Session.objects.exists()
    assert ABSOLUTE.total_seconds() == limits.SESSION_ABSOLUTE_SECONDS
