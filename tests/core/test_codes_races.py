"""Codes under simultaneous use, on real connections; the same harness is shown to catch a broken shape."""

import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

import pytest

from core import codes
from core.codes import claim_code, issue_code
from core.db import DatabaseNow, database_now
from core.errors import CodeExpired, CodeWrong, Refusal, TooManyRequests, TooManyTries
from core.limits import CODE_TRIES
from core.models import Code
from tests.races import on_threads

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PURPOSE, SUBJECT = "sign-in", "user:1"
GUESSES, REPEATS = 100, 50
# A race is a matter of luck: a right shape holds in all rounds; a broken one has many to be caught in.
ROUNDS, CATCHING_ROUNDS = 5, 60


class Claim(Protocol):
    """The act that is looked at."""

    def __call__(self, *, purpose: str, subject: str, answer: str) -> None: ...


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Note each comparison, which goes on as before."""
    seen: list[bytes] = []

    def note(stored: bytes, typed: bytes) -> bool:
        seen.append(typed)
        return hmac.compare_digest(stored, typed)

    monkeypatch.setattr(codes, "compare_digest", note)
    return seen


def claim_by_check_then_write(*, purpose: str, subject: str, answer: str) -> None:
    """Claim a code in the wrong way: what was read is judged, and written afterwards."""
    row = Code.objects.get(purpose=purpose, subject=subject)
    if row.tries >= CODE_TRIES:
        raise TooManyTries
    if row.used_at is not None:
        raise CodeExpired
    is_right = vars(codes)["compare_digest"](bytes(row.digest), codes._digest(row, answer))
    Code.objects.filter(pk=row.pk).update(tries=row.tries + 1)
    if not is_right:
        raise CodeWrong(0)
    Code.objects.filter(pk=row.pk).update(used_at=DatabaseNow())


def succeeded(claim: Claim, answers: Callable[[int], str], *, times: int) -> int:
    """Send answers at once and return how many were accepted."""

    def one(number: int) -> bool:
        try:
            claim(purpose=PURPOSE, subject=SUBJECT, answer=answers(number))
        except Refusal:
            return False
        return True

    return sum(on_threads(times, one))


def fresh_code() -> str:
    """Make the only code there is."""
    Code.objects.all().delete()
    return issue_code(purpose=PURPOSE, subject=SUBJECT).digits


def wrong(digits: str, number: int) -> str:
    """Return a different wrong code for each number."""
    return f"{(int(digits) + 1 + number) % 1_000_000:06d}"


def test_one_right_code_sent_fifty_times_is_accepted_once() -> None:
    """Statement 4."""
    for _ in range(ROUNDS):
        digits = fresh_code()
        assert succeeded(claim_code, lambda _: digits, times=REPEATS) == 1  # noqa: B023  (used before the next round)


def test_of_a_hundred_wrong_codes_five_are_compared(compared: list[bytes]) -> None:
    """Statement 5."""
    digits = fresh_code()
    assert succeeded(claim_code, lambda number: wrong(digits, number), times=GUESSES) == 0
    assert len(compared) == CODE_TRIES
    assert Code.objects.get().tries == CODE_TRIES


def test_the_right_code_among_the_late_ones_fails(compared: list[bytes]) -> None:
    """Statement 5."""
    digits = fresh_code()
    succeeded(claim_code, lambda number: wrong(digits, number), times=GUESSES)
    compared.clear()
    assert succeeded(claim_code, lambda _: digits, times=REPEATS) == 0
    assert compared == []


def test_the_right_code_among_a_hundred_at_once_wins_only_as_one_of_five(compared: list[bytes]) -> None:
    """Statement 5."""
    digits = fresh_code()
    right = codes._digest(Code.objects.get(), digits)
    won = succeeded(claim_code, lambda number: digits if number == 60 else wrong(digits, number), times=GUESSES)
    assert len(compared) <= CODE_TRIES
    assert won == (right in compared)


def test_simultaneous_resends_give_no_tries(compared: list[bytes]) -> None:
    """Statement 6: every fifth thread asks for a new code, the others guess."""
    digits = fresh_code()
    Code.objects.update(created_at=database_now() - timedelta(seconds=61))

    def one(number: int) -> bool:
        try:
            if number % 5 == 0:
                issue_code(purpose=PURPOSE, subject=SUBJECT)
            else:
                claim_code(purpose=PURPOSE, subject=SUBJECT, answer=wrong(digits, number))
        except (CodeWrong, CodeExpired, TooManyTries, TooManyRequests):
            return False
        return number % 5 == 0

    assert sum(on_threads(60, one)) <= 1
    assert len(compared) <= CODE_TRIES
    assert Code.objects.get().tries == len(compared)


def test_two_first_codes_at_once_leave_one_that_works() -> None:
    def one(_: int) -> str | None:
        try:
            return issue_code(purpose=PURPOSE, subject=SUBJECT).digits
        except TooManyRequests:
            return None

    made = [digits for digits in on_threads(20, one) if digits is not None]
    assert len(made) == 1
    claim_code(purpose=PURPOSE, subject=SUBJECT, answer=made[0])


def test_the_harness_sees_a_check_before_the_count(compared: list[bytes]) -> None:
    """Statement 5, turned round: without the conditional UPDATE more than five are compared."""
    for _ in range(CATCHING_ROUNDS):
        digits = fresh_code()
        compared.clear()
        succeeded(claim_by_check_then_write, lambda number: wrong(digits, number), times=GUESSES)  # noqa: B023
        if len(compared) > CODE_TRIES:
            return
    pytest.fail("the broken shape was not caught")


def test_the_harness_sees_a_check_before_the_mark() -> None:
    """Statement 4, turned round: without the conditional UPDATE one code signs in several times."""
    for _ in range(CATCHING_ROUNDS):
        digits = fresh_code()
        if succeeded(claim_by_check_then_write, lambda _: digits, times=REPEATS) > 1:  # noqa: B023
            return
    pytest.fail("the broken shape was not caught")
