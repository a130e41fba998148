"""The ten codes for the day the phone is lost."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts import limits
from accounts.choices import SecurityEventKind
from accounts.models import RecoveryCode, SecurityEvent, User, sign_in_subject
from accounts.services.recovery_codes import ALPHABET, make_recovery_codes, recovery_codes_left, recovery_device
from accounts.visitors import Visitor
from core import throttle
from tests.accounts.steps import RECOVERY, SECURITY, is_signed_in, let_time_pass, session_row, type_password
from tests.cast import PASSWORD, make_user, sign_in
from tests.outbox import delivered
from tests.pages import InspectingClient
from tests.races import on_threads

pytestmark = pytest.mark.django_db

MAKE = "/account/security/factors/recovery-codes/"
HERE = Visitor(ip_address="127.0.0.1", network="127.0.0.0/24", browser="", known_browser="")


@pytest.fixture
def robin() -> User:
    return make_user("robin@demo.example", two_factor=True)


@pytest.fixture
def ten(robin: User) -> list[str]:
    return make_recovery_codes(user=robin, visitor=HERE)


def uses(user: User, answer: str) -> bool:
    """Try an answer as a recovery code."""
    return recovery_device(user=user).verify_token(answer)


def test_there_are_ten_different_codes_in_two_groups(ten: list[str]) -> None:
    """Statement 21."""
    assert len(set(ten)) == 10
    assert all(re.fullmatch(f"[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}", code) for code in ten)


def test_the_table_holds_no_code(robin: User, ten: list[str]) -> None:
    """Statement 21."""
    kept = [bytes(row.digest) for row in RecoveryCode.objects.filter(user=robin)]
    assert len(kept) == 10
    assert all(len(digest) == 32 for digest in kept)
    for code in ten:
        assert not any(code.replace("-", "").encode() in digest for digest in kept)


def test_each_code_works_once(robin: User, ten: list[str]) -> None:
    """Statement 21."""
    for left, code in enumerate(ten, start=1):
        assert uses(robin, code)
        assert not uses(robin, code)
        assert recovery_codes_left(user=robin) == 10 - left


@pytest.mark.parametrize("write", [str.lower, lambda c: c.replace("-", ""), lambda c: f" {c} ", lambda c: " ".join(c)])
def test_a_code_may_be_typed_in_any_way(robin: User, ten: list[str], write: object) -> None:
    assert uses(robin, write(ten[0]))  # type: ignore[operator]


@pytest.mark.parametrize("answer", ["", "-", "AAAAA-AAAAA", "' OR 1=1", "١٢٣٤٥", "2" * 100])
def test_anything_else_is_refused(robin: User, ten: list[str], answer: str) -> None:
    """Statement 25."""
    assert not uses(robin, answer)
    assert recovery_codes_left(user=robin) == 10


def test_a_code_belongs_to_one_person(robin: User, ten: list[str]) -> None:
    casey = make_user("casey@demo.example", two_factor=True)
    assert not uses(casey, ten[0])
    assert uses(robin, ten[0])


def test_new_codes_end_the_old_ones(robin: User, ten: list[str]) -> None:
    uses(robin, ten[0])
    fresh = make_recovery_codes(user=robin, visitor=HERE)
    assert not any(uses(robin, code) for code in ten)
    assert all(uses(robin, code) for code in fresh)


def test_a_recovery_code_signs_in_and_the_owner_is_told(client: InspectingClient, robin: User, ten: list[str]) -> None:
    type_password(client, robin.email)
    client.post(RECOVERY, {"code": ten[0]})
    assert is_signed_in(client)
    assert session_row(client).factor == "recovery"
    assert SecurityEvent.objects.filter(user=robin, kind=SecurityEventKind.RECOVERY_CODE_USED).count() == 1
    assert [mail.to for mail in delivered("email")] == [robin.email]


def test_a_recovery_code_alone_signs_nobody_in(client: InspectingClient, robin: User, ten: list[str]) -> None:
    client.post(RECOVERY, {"code": ten[0]})
    assert not is_signed_in(client)
    assert recovery_codes_left(user=robin) == 10


def test_wrong_codes_are_counted_and_end(client: InspectingClient, robin: User, ten: list[str]) -> None:
    type_password(client, robin.email)
    assert b"not one of your unused recovery codes" in client.post(RECOVERY, {"code": "AAAAA-AAAAA"}).content
    subject = sign_in_subject(robin.pk)
    assert throttle.used(limits.FAILED_RECOVERY_CODES_DAY, subject) == 1
    throttle.take(limits.FAILED_RECOVERY_CODES_DAY, subject, cost=limits.FAILED_RECOVERY_CODES_DAY.most - 1)
    refused = client.post(RECOVERY, {"code": ten[0]}).content.decode()
    assert re.search(r"Too many tries\. The next one is possible on [^.]*at [^.]*[ap]\.m\. \(UTC", refused)
    elsewhere = client.post("/sign-in/code/resend/", follow=True).content.decode()
    assert "recovery code works now" not in refused + elsewhere
    assert not is_signed_in(client)
    assert recovery_codes_left(user=robin) == 10


def test_a_right_code_costs_no_try(client: InspectingClient, robin: User, ten: list[str]) -> None:
    type_password(client, robin.email)
    client.post(RECOVERY, {"code": ten[0]})
    assert throttle.used(limits.FAILED_RECOVERY_CODES_DAY, sign_in_subject(robin.pk)) == 0


def test_codes_are_shown_once(client: InspectingClient, robin: User) -> None:
    """Statement 22."""
    sign_in(client, robin)
    page = client.post(MAKE)
    shown = re.findall(f"\\b[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}\\b", page.content.decode())
    assert len(set(shown)) == 10
    assert all(uses(robin, code) for code in set(shown))
    assert client.get(MAKE).status_code == 405
    later = client.get(SECURITY).content.decode()
    assert not any(code in later or code.replace("-", "") in later for code in shown)
    assert "no-store" in page.headers["Cache-Control"]


def test_making_codes_asks_for_a_fresh_proof(client: InspectingClient, robin: User, ten: list[str]) -> None:
    """Statement 23."""
    sign_in(client, robin)
    let_time_pass(client, timedelta(seconds=limits.FRESH_PROOF_SECONDS + 5))
    answer = client.post(MAKE)
    assert answer.headers["Location"].startswith("/account/security/confirm/")
    assert uses(robin, ten[0])
    client.post("/account/security/confirm/", {"password": PASSWORD})
    assert client.post(MAKE).status_code == 200
    assert not uses(robin, ten[1])


def test_without_a_second_factor_there_are_no_codes(client: InspectingClient) -> None:
    sign_in(client, make_user("casey@demo.example"))
    assert client.post(MAKE).headers["Location"] == SECURITY
    assert not RecoveryCode.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_code_used_by_many_at_once_works_once(robin: User, ten: list[str]) -> None:
    """Statement 21."""
    assert sum(on_threads(50, lambda _: uses(robin, ten[0]))) == 1
    assert recovery_codes_left(user=robin) == 9


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_codes_used_at_once_both_vanish(robin: User, ten: list[str]) -> None:
    """Statement 21."""
    assert sum(on_threads(40, lambda number: uses(robin, ten[number % 2]))) == 2
    assert recovery_codes_left(user=robin) == 8


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_codes_made_several_times_at_once_are_ten(robin: User) -> None:
    """Statement 21."""
    made = on_threads(8, lambda _: make_recovery_codes(user=robin, visitor=HERE))
    assert recovery_codes_left(user=robin) == 10
    alive = [codes for codes in made if uses(robin, codes[0])]
    assert len(alive) == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_code_in_many_browsers_begins_one_session(robin: User, ten: list[str]) -> None:
    """Statement 20, for the codes built so far."""
    clients = [Client() for _ in range(10)]
    for client in clients:
        type_password(client, robin.email)
    answers = on_threads(10, lambda number: clients[number].post(RECOVERY, {"code": ten[0]}).status_code)
    assert sorted(answers) == [302] + [422] * 9
