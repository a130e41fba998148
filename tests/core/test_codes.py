"""One-time codes: how they are made, kept, compared, replaced and refused."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from core import codes, limits
from core.codes import challenge, claim_code, drop_code, issue_code, normalize
from core.db import database_now
from core.errors import CodeExpired, CodeWrong, TooManyRequests, TooManyTries
from core.models import Code

pytestmark = pytest.mark.django_db

PURPOSE, SUBJECT = "sign-in", "user:1"
SAMPLES = 100_000
# Chi-square with nine degrees of freedom is beyond this once in a million fair trials; six places are looked at.
CHI_SQUARE_MOST = 45.1


def issue(purpose: str = PURPOSE, subject: str = SUBJECT) -> str:
    """Make a code and return its digits."""
    return issue_code(purpose=purpose, subject=subject).digits


def claim(answer: str, purpose: str = PURPOSE, subject: str = SUBJECT) -> None:
    """Try an answer."""
    claim_code(purpose=purpose, subject=subject, answer=answer)


def other(digits: str, by: int = 1) -> str:
    """Return six digits that are not these."""
    return f"{(int(digits) + by) % 1_000_000:06d}"


def let_wait_pass() -> None:
    """Move the codes back in time, so that the longest wait for a resend is over."""
    wait = timedelta(seconds=max(limits.RESEND_WAITS_SECONDS))
    for row in Code.objects.all():
        Code.objects.filter(pk=row.pk).update(created_at=row.created_at - wait)


def test_the_right_code_is_taken_once() -> None:
    """Statement 4."""
    digits = issue()
    claim(digits)
    with pytest.raises(CodeExpired):
        claim(digits)


def test_a_wrong_code_costs_a_try_and_says_how_many_are_left() -> None:
    digits = issue()
    for left in (4, 3, 2, 1):
        with pytest.raises(CodeWrong) as refusal:
            claim(other(digits))
        assert refusal.value.tries_left == left
    with pytest.raises(TooManyTries):
        claim(other(digits))


def test_after_five_wrong_codes_the_right_one_is_refused() -> None:
    """Statement 5."""
    digits = issue()
    for _ in range(limits.CODE_TRIES):
        with pytest.raises((CodeWrong, TooManyTries)):
            claim(other(digits))
    with pytest.raises(TooManyTries) as refusal:
        claim(digits)
    assert refusal.value.until == Code.objects.get().challenge_ends_at


def test_a_resend_keeps_the_spent_tries() -> None:
    """Statement 6."""
    first = issue()
    for _ in range(3):
        with pytest.raises(CodeWrong):
            claim(other(first))
    let_wait_pass()
    second = issue()
    with pytest.raises(CodeWrong) as refusal:
        claim(other(second))
    assert refusal.value.tries_left == 1


def test_a_resend_does_not_lift_the_lock() -> None:
    """Statement 6."""
    digits = issue()
    Code.objects.update(tries=limits.CODE_TRIES)
    let_wait_pass()
    with pytest.raises(TooManyTries):
        issue()
    with pytest.raises(TooManyTries):
        claim(digits)


def test_new_tries_come_with_the_next_challenge() -> None:
    issue()
    Code.objects.update(tries=limits.CODE_TRIES)
    let_wait_pass()
    Code.objects.update(challenge_ends_at=database_now())
    claim(issue())


def test_new_tries_come_with_a_new_code_where_the_caller_limits_those_of_a_day() -> None:
    issue()
    Code.objects.update(tries=limits.CODE_TRIES)
    with pytest.raises(TooManyRequests):
        issue_code(purpose=PURPOSE, subject=SUBJECT, are_tries_renewed=True)
    let_wait_pass()
    digits = issue_code(purpose=PURPOSE, subject=SUBJECT, are_tries_renewed=True).digits
    assert Code.objects.get().sent_times == 2
    claim(digits)


def test_tries_that_are_left_are_not_made_more_by_a_new_code() -> None:
    issue()
    Code.objects.update(tries=limits.CODE_TRIES - 2)
    let_wait_pass()
    digits = issue_code(purpose=PURPOSE, subject=SUBJECT, are_tries_renewed=True).digits
    with pytest.raises(CodeWrong) as refusal:
        claim(other(digits))
    assert refusal.value.tries_left == 1


@pytest.mark.parametrize("purpose", ["confirm-number", "open-item", "reply"])
def test_a_code_of_another_purpose_is_refused(purpose: str) -> None:
    """Statement 7."""
    elsewhere = issue(purpose=purpose)
    with pytest.raises(CodeExpired):
        claim(elsewhere)
    digits = issue()
    if digits != elsewhere:
        with pytest.raises(CodeWrong):
            claim(elsewhere)


def test_a_code_of_another_subject_is_refused() -> None:
    """Statement 7."""
    digits = issue(subject="user:2")
    with pytest.raises(CodeExpired):
        claim(digits)


def test_purpose_and_subject_are_part_of_what_is_compared() -> None:
    """Statement 7: a row moved to another purpose or account by a writer of the table opens nothing."""
    digits = issue()
    Code.objects.update(subject="user:2")
    with pytest.raises(CodeWrong):
        claim(digits, subject="user:2")
    Code.objects.update(subject=SUBJECT, purpose="open-item")
    with pytest.raises(CodeWrong):
        claim(digits, purpose="open-item")
    Code.objects.update(purpose=PURPOSE)
    claim(digits)


def test_the_code_before_the_resend_is_refused() -> None:
    """Statement 7."""
    first = issue()
    let_wait_pass()
    second = issue()
    if first != second:
        with pytest.raises(CodeWrong):
            claim(first)
    claim(second)


def test_there_is_one_row_for_each_purpose_and_subject() -> None:
    issue()
    before = Code.objects.get().pk
    let_wait_pass()
    issue()
    assert Code.objects.get().pk != before


def test_a_code_works_for_ten_minutes_and_not_a_moment_longer() -> None:
    """Statement 8."""
    digits = issue()
    row = Code.objects.get()
    assert row.expires_at - row.created_at == timedelta(minutes=10)
    Code.objects.update(expires_at=database_now())
    with pytest.raises(CodeExpired):
        claim(digits)
    Code.objects.update(expires_at=database_now() + timedelta(seconds=30))
    claim(digits)


@pytest.mark.parametrize("days", [-1, 1])
def test_only_the_clock_of_the_database_counts(days: int) -> None:
    """Statement 8."""
    alive, over = issue(), issue(subject="user:2")
    Code.objects.filter(subject="user:2").update(expires_at=database_now())
    with time_machine.travel(database_now() + timedelta(days=days)):
        claim(alive)
        with pytest.raises(CodeExpired):
            claim(over, subject="user:2")


def test_an_expired_code_costs_no_try() -> None:
    digits = issue()
    Code.objects.update(expires_at=database_now())
    with pytest.raises(CodeExpired):
        claim(other(digits))
    assert Code.objects.get().tries == 0


def test_digits_are_uniform_and_keep_leading_zeros() -> None:
    """Statement 9."""
    samples = [codes._new_digits() for _ in range(SAMPLES)]
    assert {len(sample) for sample in samples} == {limits.CODE_DIGITS}
    expected = SAMPLES / 10
    for place in range(limits.CODE_DIGITS):
        seen = Counter(sample[place] for sample in samples)
        chi_square = sum((seen[digit] - expected) ** 2 / expected for digit in "0123456789")
        assert set(seen) == set("0123456789")
        assert chi_square < CHI_SQUARE_MOST, f"place {place}"


def test_the_table_holds_no_digits() -> None:
    """Statement 10."""
    digits = issue()
    row = Code.objects.get()
    kept = repr((row.purpose, row.subject, bytes(row.salt), bytes(row.digest), str(row)))
    assert digits not in kept
    assert len(bytes(row.digest)) == 32
    assert len(bytes(row.salt)) == 16


def test_equal_digits_are_kept_differently() -> None:
    """Statement 10: nothing can be looked up in a table made beforehand."""
    row = Code(purpose=PURPOSE, subject=SUBJECT, salt=b"a" * 16)
    again = Code(purpose=PURPOSE, subject=SUBJECT, salt=b"b" * 16)
    assert codes._digest(row, "123456") != codes._digest(again, "123456")


@pytest.mark.parametrize("write", ["{0}{1}", " {0} {1} ", "{0}-{1}", "\t{0}\n{1}", "{0}\u00a0{1}", "{0}\u202f{1}"])
def test_blanks_and_hyphens_do_not_matter(write: str) -> None:
    """Statement 25."""
    digits = issue()
    claim(write.format(digits[:3], digits[3:]))


def test_full_width_digits_are_the_same_digits() -> None:
    """Statement 25."""
    claim("".join(chr(ord("０") + int(digit)) for digit in issue()))  # noqa: RUF001


@pytest.mark.parametrize(
    "spoil",
    [
        lambda digits: "",
        lambda digits: digits[:5],
        lambda digits: digits + "0",
        lambda digits: "0" + digits,
        lambda digits: digits + "x",
        lambda digits: f"+{digits}",
        lambda digits: f"{digits}.0",
        lambda digits: f"['{digits}']",
        lambda digits: f"{digits},{digits}",
        lambda digits: digits + "\x00",
        lambda digits: "".join(chr(ord("٠") + int(digit)) for digit in digits),  # noqa: RUF001
        lambda digits: digits * 1_000,
    ],
)
def test_anything_else_is_refused_and_counted(spoil: "st.SearchStrategy[str]") -> None:
    """Statement 25."""
    digits = issue()
    with pytest.raises(CodeWrong):
        claim(spoil(digits))  # type: ignore[operator]
    assert Code.objects.get().tries == 1


@given(st.text(max_size=60))
def test_normalizing_twice_changes_nothing_more(answer: str) -> None:
    """Statement 25: one function decides what was typed."""
    once = normalize(answer)
    assert normalize(once[:40]) == once[:40]
    assert not any(character.isspace() or character == "-" for character in once)


@given(st.from_regex(r"[0-9]{6}", fullmatch=True), st.lists(st.sampled_from(" -\u00a0\t"), max_size=10))
def test_six_digits_survive_whatever_blanks_are_between(digits: str, blanks: list[str]) -> None:
    spaced = "".join(digit + blank for digit, blank in zip(digits, [*blanks, *"      "], strict=False))
    assert normalize(spaced) == digits


@pytest.mark.parametrize("sent_times", [1, 2, 3, 4])
def test_a_resend_waits_longer_each_time(sent_times: int) -> None:
    """Statement 54, with the waits of this portal: 60, 120, then 300 seconds."""
    wait = timedelta(seconds=(60, 120, 300, 300)[sent_times - 1])
    issue()
    Code.objects.update(sent_times=sent_times, created_at=database_now() - wait + timedelta(seconds=20))
    with pytest.raises(TooManyRequests) as refusal:
        issue()
    assert refusal.value.until == Code.objects.get().created_at + wait
    Code.objects.update(created_at=database_now() - wait)
    issue()
    assert Code.objects.get().sent_times == sent_times + 1


def test_the_wait_holds_beyond_the_end_of_a_challenge() -> None:
    """Statement 54."""
    issue()
    Code.objects.update(challenge_ends_at=database_now())
    with pytest.raises(TooManyRequests):
        issue()


def test_after_a_used_code_the_next_one_begins_anew() -> None:
    claim(issue())
    issue()
    row = Code.objects.get()
    assert (row.tries, row.sent_times, row.used_at) == (0, 1, None)


def test_a_page_learns_what_it_may_say() -> None:
    assert challenge(purpose=PURPOSE, subject=SUBJECT) is None
    digits = issue()
    with pytest.raises(CodeWrong):
        claim(other(digits))
    known = challenge(purpose=PURPOSE, subject=SUBJECT)
    row = Code.objects.get()
    assert known is not None
    assert (known.tries_left, known.is_live, known.expires_at) == (4, True, row.expires_at)
    assert known.resend_at == row.created_at + timedelta(seconds=60)
    assert digits not in repr(known)


def test_a_code_that_still_works_is_live_after_its_challenge_ended() -> None:
    issue()
    Code.objects.update(challenge_ends_at=database_now())
    known = challenge(purpose=PURPOSE, subject=SUBJECT)
    assert known is not None
    assert known.is_live


@pytest.mark.parametrize(
    ("column", "value"), [("tries", limits.CODE_TRIES), ("expires_at", database_now)], ids=["tries", "time"]
)
def test_a_dead_code_is_not_called_live(column: str, value: object) -> None:
    issue()
    Code.objects.update(**{column: value() if callable(value) else value})
    known = challenge(purpose=PURPOSE, subject=SUBJECT)
    assert known is not None
    assert not known.is_live


def test_a_used_code_is_no_longer_spoken_of() -> None:
    claim(issue())
    assert challenge(purpose=PURPOSE, subject=SUBJECT) is None


def test_a_dropped_code_is_useless() -> None:
    digits = issue()
    drop_code(purpose=PURPOSE, subject=SUBJECT)
    with pytest.raises(CodeExpired):
        claim(digits)


def test_without_a_code_nothing_is_right() -> None:
    with pytest.raises(CodeExpired):
        claim("000000")
