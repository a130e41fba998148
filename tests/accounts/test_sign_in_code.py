"""The second step of signing in: the code of the text message."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import limits
from accounts.choices import SecurityEventKind
from accounts.models import SecurityEvent, Session, User, sign_in_subject
from accounts.services import second_factor
from accounts.services.recovery_codes import make_recovery_codes
from accounts.visitors import Visitor
from core import codes, throttle
from core.db import database_now
from core.errors import CodeWrong, TooManyTries
from core.limits import CODE_TRIES
from core.models import Code, Counter
from tests.accounts.steps import (
    ACCOUNT,
    RECOVERY,
    SIGN_IN,
    SIGN_IN_CODE,
    SIGN_OUT,
    begin_half,
    is_signed_in,
    let_resend_wait_pass,
    let_time_pass,
    session_row,
    type_code,
    type_password,
    wrong,
)
from tests.cast import NUMBER, make_user
from tests.outbox import delivered, newest_code
from tests.pages import InspectingClient
from tests.races import on_threads

pytestmark = pytest.mark.django_db

RESEND = "/sign-in/code/resend/"
HERE = Visitor(ip_address="127.0.0.1", network="127.0.0.0/24", browser="", known_browser="")


@pytest.fixture
def robin() -> User:
    return make_user("robin@demo.example", two_factor=True)


@pytest.fixture
def code(client: InspectingClient, robin: User) -> str:
    """The code that was sent after the right password."""
    return begin_half(client, robin)


def failures(user: User) -> int:
    """Return how many failed second factors of the day are counted."""
    return throttle.used(limits.FAILED_SECOND_FACTORS_DAY, sign_in_subject(user.pk))


def test_password_and_code_sign_in(client: InspectingClient, code: str) -> None:
    assert not is_signed_in(client)
    assert type_code(client, code).headers["Location"] == ACCOUNT
    assert is_signed_in(client)
    assert session_row(client).factor == "sms"


@pytest.mark.usefixtures("code")
def test_until_when_a_code_works_says_which_clock_that_is(client: InspectingClient) -> None:
    page = client.get("/sign-in/code/").content.decode()
    assert re.search(r"At <time [^>]*>[\d:]+\s[ap]\.m\. \(UTC[+−][\d:]+\)</time> they stop working", page)


def test_a_code_signs_in_once(client: InspectingClient, robin: User, code: str) -> None:
    """Statement 4."""
    other = InspectingClient()
    type_password(other, robin.email)
    type_code(client, code)
    assert type_code(other, code).status_code == 422
    assert not is_signed_in(other)


def test_a_wrong_code_says_how_many_tries_are_left(client: InspectingClient, code: str) -> None:
    answer = type_code(client, wrong(code))
    assert answer.status_code == 422
    assert b"You have 4 tries left." in answer.content
    assert not is_signed_in(client)


@pytest.mark.parametrize("write", ["{0} {1}", "{0}-{1}", "  {0}{1}  "])
def test_blanks_and_hyphens_are_passed_over(client: InspectingClient, code: str, write: str) -> None:
    """Statement 25."""
    type_code(client, write.format(code[:3], code[3:]))
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "spoil", [lambda c: c[:5], lambda c: c + "1", lambda c: f"[{c}]", lambda c: f'{{"$ne": "{c}"}}']
)
def test_odd_answers_are_refused_and_counted(client: InspectingClient, robin: User, code: str, spoil: object) -> None:
    """Statement 25."""
    assert type_code(client, spoil(code)).status_code == 422  # type: ignore[operator]
    assert failures(robin) == Code.objects.get().tries == 1


@pytest.mark.parametrize("given", [{}, {"code": ""}, {"code": "1" * 41}, {"code": "12\x0034"}, {"code[]": "123456"}])
def test_what_is_no_answer_is_refused_without_a_try(
    client: InspectingClient, robin: User, code: str, given: dict[str, str]
) -> None:
    """Statement 25."""
    assert client.post(SIGN_IN_CODE, given).status_code == 422
    assert not is_signed_in(client)


def test_of_a_list_of_answers_one_is_looked_at(client: InspectingClient, robin: User, code: str) -> None:
    """Statement 25."""
    assert client.post(SIGN_IN_CODE, {"code": [code, wrong(code)]}).status_code == 422
    assert failures(robin) == 1


def test_a_json_body_is_no_answer(client: InspectingClient, code: str) -> None:
    """Statement 25."""
    answer = client.post(SIGN_IN_CODE, {"code": int(code)}, content_type="application/json")
    assert answer.status_code == 422
    assert not is_signed_in(client)


def test_a_code_of_another_account_is_refused(client: InspectingClient, code: str) -> None:
    """Statement 7."""
    other, casey = InspectingClient(), make_user("casey@demo.example", two_factor=True, number="+14165550199")
    type_password(other, casey.email)
    foreign = newest_code("+14165550199")
    if foreign != code:
        assert type_code(client, foreign).status_code == 422
    assert not is_signed_in(client)


def test_a_code_for_another_purpose_is_refused(client: InspectingClient, robin: User, code: str) -> None:
    """Statement 7."""
    for purpose in ("confirm-number", "open-item", "reply"):
        made = codes.issue_code(purpose=purpose, subject=sign_in_subject(robin.pk))
        if made.digits != code:
            assert type_code(client, made.digits).status_code == 422
    assert not is_signed_in(client)


def test_the_code_before_the_newest_is_refused(client: InspectingClient, code: str) -> None:
    """Statement 7."""
    let_resend_wait_pass()
    client.post(RESEND)
    newest = newest_code(NUMBER)
    if newest != code:
        assert type_code(client, code).status_code == 422
    type_code(client, newest)
    assert is_signed_in(client)


def test_an_old_code_is_refused(client: InspectingClient, code: str) -> None:
    """Statement 8."""
    Code.objects.update(expires_at=database_now())
    answer = type_code(client, code)
    assert b"This code no longer works" in answer.content
    assert not is_signed_in(client)


def test_a_new_code_waits_its_time(client: InspectingClient, code: str) -> None:
    """Statement 54."""
    assert b"A code was just sent" in client.post(RESEND, follow=True).content
    assert len(delivered("sms")) == 1


def test_neither_resend_nor_new_sign_in_gives_new_tries(client: InspectingClient, robin: User, code: str) -> None:
    """Statement 6."""
    for _ in range(CODE_TRIES):
        type_code(client, wrong(code))
    let_resend_wait_pass()
    assert b"Too many tries" in client.post(RESEND, follow=True).content
    again = InspectingClient()
    type_password(again, robin.email)
    assert type_code(again, code).status_code == 422
    assert b"Too many tries" in type_code(client, code).content
    assert len(delivered("sms")) == 1
    assert not is_signed_in(client)
    assert not is_signed_in(again)


def test_wrong_codes_of_several_challenges_add_up(client: InspectingClient, robin: User, code: str) -> None:
    """Statements 6 and 11."""
    for _ in range(2):
        for _ in range(CODE_TRIES):
            type_code(client, wrong(code, by=7))
        Code.objects.all().delete()
        type_password(client, robin.email)
    assert failures(robin) == 2 * CODE_TRIES
    answer = client.get(SIGN_IN_CODE)
    assert b"No code works at this moment" in answer.content
    assert b"Too many tries" in client.post(RESEND, follow=True).content


def test_after_twenty_failures_a_day_only_a_recovery_code_helps(
    client: InspectingClient, robin: User, code: str
) -> None:
    """Statement 11."""
    subject = sign_in_subject(robin.pk)
    throttle.take(limits.FAILED_SECOND_FACTORS_DAY, subject, cost=20)
    without = type_code(client, code).content
    assert b"Too many tries" in without
    assert b"recovery code works now" not in without, "there is none"
    ten = make_recovery_codes(user=robin, visitor=HERE)
    assert b"recovery code works now" in type_code(client, code).content
    client.post(RECOVERY, {"code": ten[0]})
    assert is_signed_in(client)


def test_a_good_sign_in_forgets_the_failures_of_its_account_alone(
    client: InspectingClient, robin: User, code: str
) -> None:
    """Statement 11."""
    casey = make_user("casey@demo.example", two_factor=True, number="+14165550199")
    throttle.take(limits.FAILED_SECOND_FACTORS_DAY, sign_in_subject(casey.pk), cost=3)
    throttle.take(limits.WRONG_PASSWORDS_NETWORK, "127.0.0.0/24", cost=7)
    type_code(client, wrong(code))
    type_code(client, code)
    assert is_signed_in(client)
    assert (failures(robin), failures(casey)) == (0, 3)
    assert throttle.used(limits.WRONG_PASSWORDS_NETWORK, "127.0.0.0/24") == 7


def test_the_owner_is_told_of_the_first_failure_and_of_the_lock(
    client: InspectingClient, robin: User, code: str
) -> None:
    """Statement 12."""
    for tried in range(limits.FAILED_SECOND_FACTORS_HOUR.most + 3):
        Code.objects.update(tries=0)
        type_code(client, wrong(code))
        expected = 1 if tried < limits.FAILED_SECOND_FACTORS_HOUR.most - 1 else 2
        assert len(delivered("email")) == expected, tried
    assert {mail.to for mail in delivered("email")} == {robin.email}


def test_each_failure_is_in_the_security_log(client: InspectingClient, robin: User, code: str) -> None:
    type_code(client, wrong(code))
    event = SecurityEvent.objects.get(kind=SecurityEventKind.CODE_WRONG)
    assert (event.user, event.method, event.ip_address) == (robin, "sms", "127.0.0.1")


def test_between_password_and_code_there_is_a_quarter_of_an_hour(client: InspectingClient, code: str) -> None:
    let_time_pass(client, timedelta(minutes=14))
    assert client.get(SIGN_IN_CODE).status_code == 200
    let_time_pass(client, timedelta(minutes=1, seconds=5))
    answer = type_code(client, code)
    assert (answer.status_code, answer.headers["Location"]) == (302, SIGN_IN)
    assert not is_signed_in(client)
    assert client.get(SIGN_IN_CODE).status_code == 302


@pytest.mark.parametrize("wrong_by", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_web_servers_wrong_clock_neither_extends_nor_ends_the_half_sign_in(
    client: InspectingClient, robin: User, wrong_by: timedelta
) -> None:
    with time_machine.travel(timezone.now() + wrong_by):
        begin_half(client, robin)
    assert client.get(SIGN_IN_CODE).status_code == 200
    with time_machine.travel(timezone.now() + wrong_by):
        assert client.get(SIGN_IN_CODE).status_code == 200
    let_time_pass(client, timedelta(minutes=15, seconds=5))
    with time_machine.travel(timezone.now() + wrong_by):
        assert client.get(SIGN_IN_CODE).status_code == 302


@pytest.mark.parametrize("change", [{"password": "changed"}, {"is_active": False}], ids=["password", "suspended"])
def test_a_change_of_the_account_ends_the_half_sign_in(
    client: InspectingClient, robin: User, code: str, change: dict[str, object]
) -> None:
    """Statement 30."""
    User.objects.filter(pk=robin.pk).update(**change)
    assert type_code(client, code).headers["Location"] == SIGN_IN
    assert not is_signed_in(client)


def test_signing_out_ends_the_half_sign_in(client: InspectingClient, code: str) -> None:
    """Statement 37."""
    assert client.post(SIGN_OUT).headers["Location"] == SIGN_IN
    assert type_code(client, code).headers["Location"] == SIGN_IN
    assert not is_signed_in(client)


def test_somebody_elses_session_ends_with_the_new_password_step(client: InspectingClient, robin: User) -> None:
    casey = make_user("casey@demo.example")
    type_password(client, casey.email)
    assert is_signed_in(client)
    begin_half(client, robin)
    assert not is_signed_in(client)
    assert not Session.objects.filter(user=casey).exists()


def test_the_page_shows_only_the_end_of_the_number(client: InspectingClient, code: str) -> None:
    """Statement 92."""
    page = client.get(SIGN_IN_CODE).content.decode()
    assert NUMBER[-4:] in page
    assert NUMBER[2:8] not in page.replace(" ", "").replace("-", "")
    assert code not in page


def test_get_uses_up_nothing(client: InspectingClient, code: str) -> None:
    client.get(SIGN_IN_CODE, {"code": code})
    client.head(SIGN_IN_CODE, {"code": code})
    assert not is_signed_in(client)
    assert Code.objects.get().tries == 0


def test_no_text_goes_to_a_number_of_the_request(client: InspectingClient, robin: User, code: str) -> None:
    """Statement 53."""
    let_resend_wait_pass()
    client.post(RESEND, {"number": "+14165550000", "cell_number": "+14165550000", "to": "+14165550000"})
    assert {text.to for text in delivered("sms")} == {NUMBER}


def half_signed_in(user: User, count: int) -> list[Client]:
    """Return browsers in which the password was given."""
    clients = [Client() for _ in range(count)]
    for client in clients:
        assert type_password(client, user.email).status_code == 302
    return clients


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_code_in_many_browsers_at_once_begins_one_session(robin: User) -> None:
    """Statement 4."""
    clients = half_signed_in(robin, 20)
    code = newest_code(NUMBER)
    answers = on_threads(20, lambda number: type_code(clients[number], code).status_code)
    assert sorted(answers) == [302] + [422] * 19
    assert Session.objects.filter(user=robin).count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_browsers_at_once_share_five_tries(robin: User) -> None:
    """Statement 5."""
    clients = half_signed_in(robin, 20)
    code = newest_code(NUMBER)
    on_threads(20, lambda number: type_code(clients[number], wrong(code, 1 + number)).status_code)
    assert Code.objects.get().tries == CODE_TRIES
    assert type_code(clients[0], code).status_code == 422
    assert not Session.objects.filter(user=robin).exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_simultaneous_failures_stay_within_the_day(robin: User) -> None:
    """Statement 11: the try is taken before the code is compared."""
    second_factor.send_sign_in_code(user=robin, visitor=HERE)
    code, subject = newest_code(NUMBER), sign_in_subject(robin.pk)
    throttle.take(limits.FAILED_SECOND_FACTORS_DAY, subject, cost=18)

    def guess(number: int) -> str:
        try:
            second_factor.check_sign_in_code(user=robin, answer=wrong(code, 1 + number), visitor=HERE)
        except (CodeWrong, TooManyTries) as refusal:
            return type(refusal).__name__
        return "in"

    on_threads(20, guess)
    assert Code.objects.get().tries == 2
    assert failures(robin) == limits.FAILED_SECOND_FACTORS_DAY.most
    assert Counter.objects.filter(name=limits.FAILED_SECOND_FACTORS_HOUR.name).get().used == 2
    assert len(delivered("email")) == 2
