"""How many passwords can be guessed at one account, minute by minute, from browsers it does not know."""

import random
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db.models import F

from accounts import limits
from accounts.errors import SignInLocked
from accounts.models import User
from accounts.services import password_budget
from accounts.visitors import Visitor
from core import throttle
from core.models import Counter
from tests.cast import make_user

pytestmark = pytest.mark.django_db

MINUTE = 60
FREE = limits.WRONG_PASSWORDS_UNKNOWN_BROWSER
# The numbers of the product, written down once more: what is tested is not asked what is right.
WAITS_MINUTES = (1, 2, 4, 8, 15)


@pytest.fixture
def robin() -> User:
    return make_user("robin@demo.example")


def pass_time(seconds: int) -> None:
    Counter.objects.update(ends_at=F("ends_at") - timedelta(seconds=seconds))


def take(user: User) -> password_budget.Budget:
    visitor = Visitor(ip_address="198.51.100.7", network="198.51.100.0/24", browser="Firefox", known_browser="")
    throttle.forget(limits.WRONG_PASSWORDS_NETWORK, visitor.network)
    return password_budget.take(email=user.email, user=user, visitor=visitor)


def is_wrong_one_let_through(user: User) -> bool:
    """Type a wrong password, and tell whether it was compared."""
    try:
        budget = take(user)
    except SignInLocked:
        return False
    budget.spend()
    return True


def lock(user: User) -> None:
    for _ in range(FREE.most):
        assert is_wrong_one_let_through(user)


def expected(gaps: list[int]) -> list[bool]:
    """Return which of several wrong passwords are compared, by the rule as the product states it.

    Args:
        gaps: seconds before each of them.
    """
    now = window_ends = free_at = series_ends = 0
    used = waits = 0
    let_through = []
    for gap in gaps:
        now += gap
        if waits and now >= series_ends:
            waits = 0
        if not waits and now >= window_ends:
            used, window_ends = 0, now + 15 * MINUTE
        is_let_through = now >= free_at if waits else used < 5
        let_through.append(is_let_through)
        if not is_let_through:
            continue
        used += 0 if waits else 1
        if waits or used == 5:
            free_at = now + WAITS_MINUTES[min(waits, 4)] * MINUTE
            waits += 1
            series_ends = now + 24 * 60 * MINUTE
    return let_through


def test_in_a_day_of_tries_each_minute_only_the_waits_let_one_through(robin: User) -> None:
    lock(robin)
    through = []
    for minute in range(1, 24 * 60 + 1):
        pass_time(MINUTE)
        if is_wrong_one_let_through(robin):
            through.append(minute)
    assert through[:6] == [1, 3, 7, 15, 30, 45]
    assert {later - earlier for earlier, later in pairwise(through[4:])} == {15}
    assert len(through) == 4 + 95


@pytest.mark.parametrize("seed", range(6))
def test_whenever_one_tries_the_rule_decides(robin: User, seed: int) -> None:
    chance = random.Random(seed)
    lengths = (0, 1, 20, MINUTE, 2 * MINUTE + 1, 5 * MINUTE, 16 * MINUTE, 3 * 3600, 25 * 3600)
    gaps = chance.choices(lengths, weights=(30, 10, 20, 20, 10, 8, 6, 2, 1), k=150)
    # A few seconds' distance from every boundary: the database's own clock runs on meanwhile.
    gaps = [gap and gap + 7 for gap in gaps]
    seen = []
    for gap in gaps:
        pass_time(gap)
        seen.append(is_wrong_one_let_through(robin))
    assert seen == expected(gaps)


def test_two_windows_later_the_first_wait_comes_again(robin: User) -> None:
    """A day without a wrong password begins everything anew: five, and then a minute, not none."""
    for _ in range(3):
        lock(robin)
        assert not is_wrong_one_let_through(robin)
        pass_time(MINUTE + 1)
        assert is_wrong_one_let_through(robin)
        pass_time(24 * 3600 + 1)


def test_a_try_that_was_not_compared_costs_no_wait(robin: User) -> None:
    lock(robin)
    pass_time(MINUTE + 1)
    take(robin).give_back()
    assert is_wrong_one_let_through(robin)
    assert not is_wrong_one_let_through(robin)
    pass_time(2 * MINUTE + 1)
    assert is_wrong_one_let_through(robin)


def test_the_right_password_after_a_wait_begins_anew(robin: User) -> None:
    lock(robin)
    pass_time(MINUTE + 1)
    take(robin).forget()
    lock(robin)


def test_the_owner_is_told_once_in_a_series(robin: User) -> None:
    budgets = [take(robin) for _ in range(FREE.most)]
    assert [budget.spend() for budget in budgets].count(True) == 1
    told = []
    for _ in range(40):
        pass_time(15 * MINUTE + 1)
        told.append(take(robin).spend())
    assert not any(told)
