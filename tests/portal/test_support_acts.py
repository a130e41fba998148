"""What support does for a person who cannot get in: with a reason, under a ticket, told to the person."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.choices import SecurityEventKind
from accounts.errors import ActDoesNotApply, RecordClosed
from accounts.models import (
    EmailChange,
    KnownBrowser,
    MailedLink,
    OpenedRecord,
    PendingChange,
    RecoveryCode,
    SecurityEvent,
    Session,
    SmsDevice,
    User,
)
from accounts.services import support_acts
from accounts.services.email_change import ask_for_email_change
from accounts.services.opened_records import open_record
from accounts.services.organizations import Person, create_user
from accounts.services.pending_changes import propose
from accounts.services.recovery_codes import make_recovery_codes
from accounts.services.second_factor import check_recovery_code
from accounts.visitors import Visitor
from core.db import database_now
from core.errors import CodeWrong, TooManyTries
from core.models.sms import Text
from tests.accounts.steps import begin_half, is_signed_in, let_proof_grow_old, type_code, type_password, wrong
from tests.cast import NUMBER, PASSWORD, make_organization, make_staff, make_user, sign_in
from tests.outbox import delivered
from tests.portal.support import REASON, TICKET, html, support_browser, user_page

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "violet harbour ladder seven"
HERE = Visitor(ip_address="127.0.0.1", network="127.0.0.0/24", browser="", known_browser="")
KINDS = {
    "unlock": SecurityEventKind.SUPPORT_UNLOCKED,
    "password_reset": SecurityEventKind.SUPPORT_STARTED_RESET,
    "end_sessions": SecurityEventKind.SUPPORT_ENDED_SESSIONS,
    "reset_two_factor": SecurityEventKind.SUPPORT_RESET_TWO_FACTOR,
}


@pytest.fixture
def customer() -> User:
    """Somebody with 2FA, and ten recovery codes."""
    user = make_user("robin@demo.example", two_factor=True)
    make_recovery_codes(user=user, visitor=HERE)
    return user


@pytest.fixture
def staff_browser() -> Client:
    """A browser of support."""
    return Client()


def act_page(user: User, name: str) -> str:
    """Return the address of an act."""
    return reverse(f"admin:accounts_user_{name}", args=[user.pk])


def do(browser: Client, user: User, name: str) -> Any:
    """Do an act as a browser does."""
    return browser.post(act_page(user, name), {"reason": REASON})


def subjects(user: User) -> list[str]:
    """Return what was mailed to a person, oldest first."""
    return [mail.subject for mail in reversed(delivered("email")) if mail.to == user.email]


def newest_link(user: User) -> str:
    """Return the secret of the newest mailed link."""
    text = next(mail.text for mail in delivered("email") if mail.to == user.email and "/sign-in/reset/#" in mail.text)
    return text.partition("/sign-in/reset/#")[2].split()[0]


@pytest.mark.parametrize("name", KINDS)
def test_an_act_is_kept_logged_and_mailed_with_its_reason(client: Client, customer: User, name: str) -> None:
    staff = support_browser(client, customer)
    answer = do(client, customer, name)
    assert (answer.status_code, answer.headers["Location"]) == (302, user_page(customer))
    line = SecurityEvent.objects.get(user=customer, kind=KINDS[name])
    assert (line.actor, line.ticket, line.reason) == (staff.email, TICKET, REASON)
    entry = LogEntry.objects.get()
    assert entry.change_message == f"{KINDS[name].label}; Ticket: 4711; Reason: {REASON}"
    assert (entry.user, entry.object_id) == (staff, str(customer.pk))
    told = next(mail for mail in delivered("email") if mail.subject == "Support changed your account")
    for part in (told.text, told.html):
        assert str(KINDS[name].label) in part
        assert TICKET in part
        assert REASON in part


@pytest.mark.parametrize("name", KINDS)
def test_no_act_without_a_reason_a_post_a_token_or_an_open_record(client: Client, customer: User, name: str) -> None:
    support_browser(client, customer)
    page = act_page(customer, name)
    assert client.get(page).status_code == 200
    assert client.post(page, {"reason": "  "}).status_code == 422
    assert client.post(page, {"reason": "x" * 501}).status_code == 422
    assert client.post(page, {"reason": "\u202e"}).status_code == 422
    assert client.put(page).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(page, {"reason": REASON}).status_code == 403
    OpenedRecord.objects.all().delete()
    assert do(client, customer, name).headers["Location"].startswith(f"/admin/accounts/user/{customer.pk}/open/")
    assert not LogEntry.objects.exists()
    assert not SecurityEvent.objects.filter(kind=KINDS[name]).exists()


@pytest.mark.parametrize("name", [*KINDS, "first_link"])
def test_no_act_reaches_another_member_of_support(client: Client, name: str) -> None:
    staff = support_browser(client)
    other = make_staff("second@demo.example")
    for target in (staff, other):
        assert do(client, target, name).status_code == 404


@pytest.mark.parametrize(("name", "is_asked"), [("reset_two_factor", True), ("unlock", False), ("end_sessions", False)])
def test_what_changes_factors_asks_for_a_fresh_proof(client: Client, customer: User, name: str, is_asked: bool) -> None:
    support_browser(client, customer)
    let_proof_grow_old(client)
    page = act_page(customer, name)
    for answer in (client.get(page), do(client, customer, name)):
        if is_asked:
            assert answer.headers["Location"].startswith("/account/security/confirm/?next=%2Fadmin%2F")
        else:
            assert "confirm" not in answer.headers.get("Location", "")
    assert LogEntry.objects.exists() is not is_asked


def test_unlocking_lets_the_right_password_in_at_once(client: Client, customer: User, staff_browser: Client) -> None:
    for _try in range(6):
        type_password(client, customer.email, "wrong password, all of it")
    assert "/code/" not in type_password(client, customer.email).headers.get("Location", "")
    support_browser(staff_browser, customer)
    do(staff_browser, customer, "unlock")
    assert type_password(client, customer.email).headers["Location"] == "/sign-in/code/"


def test_unlocking_ends_the_waiting_of_a_known_browser_too(
    client: Client, customer: User, staff_browser: Client
) -> None:
    sign_in(client, customer)
    client.post("/sign-out/")
    for _try in range(10):
        type_password(client, customer.email, "wrong password, all of it")
    assert type_password(client, customer.email).status_code == 422
    support_browser(staff_browser, customer)
    do(staff_browser, customer, "unlock")
    assert type_password(client, customer.email).headers["Location"] == "/sign-in/code/"


def test_unlocking_ends_the_waiting_after_wrong_codes(client: Client, customer: User, staff_browser: Client) -> None:
    code = begin_half(client, customer)
    for by in range(1, 6):
        type_code(client, wrong(code, by))
    type_code(client, code)
    assert not is_signed_in(client)
    support_browser(staff_browser, customer)
    do(staff_browser, customer, "unlock")
    type_code(client, begin_half(client, customer))
    assert is_signed_in(client)


def test_unlocking_ends_the_waiting_after_wrong_recovery_codes(customer: User) -> None:
    refused: list[type[Exception]] = []
    for _try in range(21):
        with pytest.raises((CodeWrong, TooManyTries)) as refusal:
            check_recovery_code(user=customer, answer="22222-22222", visitor=HERE)
        refused.append(refusal.type)
    assert refused[-1] is TooManyTries
    opened = open_record(staff=make_staff(), customer=customer, ticket=TICKET)
    support_acts.unlock(opened=opened, reason=REASON)
    with pytest.raises(CodeWrong):
        check_recovery_code(user=customer, answer="22222-22222", visitor=HERE)


def test_all_sessions_end(client: Client, customer: User, staff_browser: Client) -> None:
    sign_in(client, customer)
    support_browser(staff_browser, customer)
    do(staff_browser, customer, "end_sessions")
    assert not Session.objects.filter(user=customer).exists()
    assert not is_signed_in(client)
    assert staff_browser.get(user_page(customer)).status_code == 200


def test_a_started_reset_mails_the_link_and_leaves_the_password(
    client: Client, customer: User, staff_browser: Client
) -> None:
    support_browser(staff_browser, customer)
    before = customer.password
    page = do(staff_browser, customer, "password_reset")
    secret = newest_link(customer)
    customer.refresh_from_db()
    assert customer.password == before
    assert secret not in html(staff_browser.get(page.headers["Location"]))
    client.post("/sign-in/reset/", {"link": secret, "new_password": NEW_PASSWORD})
    assert type_password(client, customer.email, NEW_PASSWORD).headers["Location"] == "/sign-in/code/"


def test_the_first_link_is_sent_again_to_whoever_has_not_begun(client: Client) -> None:
    person = Person(email="new@demo.example", first_name="Noa", last_name="Roy")
    newcomer = create_user(organization=make_organization(), person=person)
    support_browser(client, newcomer)
    shown = html(client.get(user_page(newcomer)))
    assert act_page(newcomer, "first_link") in shown
    assert act_page(newcomer, "password_reset") not in shown
    for _time in range(2):
        do(client, newcomer, "first_link")
    assert MailedLink.objects.filter(user=newcomer, used_at=None).count() == 1
    left = MailedLink.objects.get(user=newcomer, used_at=None).expires_at - database_now()
    assert timedelta(days=6) < left <= timedelta(days=7)
    assert "Your account at Demo Company" in subjects(newcomer)


def test_the_first_link_is_nothing_for_whoever_has_a_password(client: Client, customer: User) -> None:
    support_browser(client, customer)
    assert act_page(customer, "first_link") not in html(client.get(user_page(customer)))
    assert do(client, customer, "first_link").status_code == 404


def test_nothing_is_mailed_that_would_not_work_for_a_suspended_account(client: Client, customer: User) -> None:
    User.objects.filter(pk=customer.pk).update(is_active=False)
    support_browser(client, customer)
    for name in ("password_reset", "reset_two_factor"):
        assert do(client, customer, name).status_code == 404
    customer.refresh_from_db()
    assert customer.two_factor_enabled


def test_a_reset_of_2fa_leaves_nothing_by_which_somebody_gets_in(
    client: Client, customer: User, staff_browser: Client
) -> None:
    sign_in(client, customer)
    propose(user=customer, number="+15145550199", settings={}, in_force={}, visitor=HERE)
    ask_for_email_change(user=customer, new_email="thief@evil.example", visitor=HERE)
    support_browser(staff_browser, customer)
    do(staff_browser, customer, "reset_two_factor")
    customer.refresh_from_db()
    assert not customer.two_factor_enabled
    assert not customer.has_usable_password()
    assert (customer.cell_number, customer.cell_number_proven_at) == (NUMBER, None)
    for model in (SmsDevice, RecoveryCode, Session, KnownBrowser, PendingChange, EmailChange):
        assert not model.objects.filter(user=customer).exists(), model
    assert not is_signed_in(client)
    assert type_password(Client(), customer.email).status_code == 422


def test_a_reset_of_2fa_is_told_by_mail_and_to_the_number_that_was_proven(client: Client, customer: User) -> None:
    support_browser(client, customer)
    do(client, customer, "reset_two_factor")
    assert {"Set up your sign-in again", "Support changed your account"} <= set(subjects(customer))
    (text,) = delivered("sms")
    assert text.to == NUMBER
    assert "2FA of your account was reset by support" in text.text
    assert Text.objects.get().purpose == "two-factor-reset"


def test_after_a_reset_of_2fa_the_link_begins_anew(client: Client, customer: User, staff_browser: Client) -> None:
    support_browser(staff_browser, customer)
    do(staff_browser, customer, "reset_two_factor")
    client.post("/sign-in/reset/", {"link": newest_link(customer), "new_password": NEW_PASSWORD})
    assert type_password(client, customer.email, NEW_PASSWORD).headers["Location"] == "/account/"
    assert "Not confirmed" in html(client.get("/account/"))


def test_a_code_sent_before_the_reset_of_2fa_lets_nobody_in(
    client: Client, customer: User, staff_browser: Client
) -> None:
    code = begin_half(client, customer)
    support_browser(staff_browser, customer)
    do(staff_browser, customer, "reset_two_factor")
    type_code(client, code)
    assert not is_signed_in(client)


def test_without_a_factor_there_is_none_to_reset(client: Client) -> None:
    user = make_user("eco@demo.example")
    support_browser(client, user)
    assert do(client, user, "reset_two_factor").status_code == 404
    with pytest.raises(ActDoesNotApply):
        support_acts.reset_two_factor(opened=OpenedRecord.objects.get(), reason=REASON)
    user.refresh_from_db()
    assert user.has_usable_password()


@pytest.mark.parametrize("act", [support_acts.unlock, support_acts.reset_two_factor, support_acts.end_sessions])
def test_no_service_acts_under_a_ticket_whose_time_is_over(customer: User, act: Any) -> None:
    opened = open_record(staff=make_staff(), customer=customer, ticket=TICKET)
    OpenedRecord.objects.update(expires_at=database_now())
    with pytest.raises(RecordClosed):
        act(opened=opened, reason=REASON)
    customer.refresh_from_db()
    assert customer.two_factor_enabled


def test_support_sees_no_code_key_or_password_in_any_act(client: Client, customer: User) -> None:
    support_browser(client, customer)
    codes = Client()
    code = begin_half(codes, customer)
    for name in KINDS:
        page = do(client, customer, name)
        shown = html(client.get(page.headers["Location"]))
        for secret in (code, customer.password, PASSWORD, "argon2"):
            assert secret not in shown
