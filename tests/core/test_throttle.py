"""Limits: what is let through, what is counted, and that it holds under simultaneous use."""

from datetime import timedelta

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core import throttle
from core.db import database_now
from core.errors import TooManyRequests
from core.models import Counter
from core.throttle import Limit, give_back, take, take_all
from tests.races import on_threads

THREE = Limit("test.three", 3, 600)
TWENTY = Limit("test.twenty", 20, 600)
HUNDRED = Limit("test.hundred", 100, 600)
ONE = Limit("test.one", 1, 600)
WHO = "203.0.113.0/24"


def passes(limit: Limit, subject: str = WHO, *, cost: int = 1) -> bool:
    """Take a use and tell whether it was let through."""
    try:
        take(limit, subject, cost=cost)
    except TooManyRequests:
        return False
    return True


def end_windows() -> None:
    """Move every window into the past."""
    Counter.objects.update(ends_at=database_now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_as_many_are_let_through_as_the_limit_says() -> None:
    assert [passes(THREE) for _ in range(5)] == [True, True, True, False, False]
    assert throttle.used(THREE, WHO) == 3


@pytest.mark.django_db
def test_a_refusal_says_when_the_next_use_is_possible() -> None:
    before = database_now()
    for _ in range(3):
        take(THREE, WHO)
    with pytest.raises(TooManyRequests) as refusal:
        take(THREE, WHO)
    assert timedelta(seconds=599) < refusal.value.until - before < timedelta(seconds=605)
    assert throttle.used_up_until(THREE, WHO) == refusal.value.until


@pytest.mark.django_db
def test_a_window_ends_and_the_next_use_begins_another() -> None:
    for _ in range(3):
        take(THREE, WHO)
    end_windows()
    assert throttle.used_up_until(THREE, WHO) is None
    assert throttle.used(THREE, WHO) == 0
    assert [passes(THREE) for _ in range(4)] == [True, True, True, False]


@pytest.mark.django_db
def test_a_prolonged_window_ends_later_and_goes_on_counting() -> None:
    take(THREE, WHO)
    Counter.objects.update(ends_at=database_now() + timedelta(seconds=5))
    throttle.prolong(THREE, WHO)
    assert throttle.used(THREE, WHO) == 2
    assert Counter.objects.get().ends_at > database_now() + timedelta(seconds=THREE.seconds - 5)
    end_windows()
    throttle.prolong(THREE, WHO)
    assert throttle.used(THREE, WHO) == 1


@pytest.mark.django_db
def test_a_later_use_does_not_prolong_the_window() -> None:
    take(THREE, WHO)
    ends_at = Counter.objects.get().ends_at
    take(THREE, WHO)
    assert Counter.objects.get().ends_at == ends_at


@pytest.mark.django_db
def test_a_use_that_costs_more_than_is_left_counts_nothing() -> None:
    take(THREE, WHO, cost=2)
    assert not passes(THREE, cost=2)
    assert passes(THREE, cost=1)
    assert not passes(Limit("test.other", 3, 600), cost=4)
    assert Counter.objects.count() == 1


@pytest.mark.django_db
def test_nothing_passes_a_limit_of_none() -> None:
    assert not passes(Limit("test.none", 0, 600))


@pytest.mark.django_db
def test_subjects_and_names_do_not_share_a_limit() -> None:
    assert passes(ONE, "user:1")
    assert passes(ONE, "user:11")
    assert passes(Limit("test.oneuser:", 1, 600), "1")
    assert not passes(ONE, "user:1")


@pytest.mark.django_db
def test_the_table_holds_no_subject_in_clear() -> None:
    take(ONE, WHO)
    row = Counter.objects.get()
    assert len(bytes(row.subject)) == 32
    assert WHO.encode() not in bytes(row.subject)
    assert WHO not in str(row)


@pytest.mark.django_db
def test_of_several_limits_all_are_counted_or_none() -> None:
    take(ONE, WHO)
    with pytest.raises(TooManyRequests):
        take_all([(THREE, "a"), (THREE, "b"), (ONE, WHO), (THREE, "c")])
    assert [throttle.used(THREE, subject) for subject in "abc"] == [0, 0, 0]
    take_all([(THREE, "a"), (THREE, "b")])
    assert [throttle.used(THREE, subject) for subject in "ab"] == [1, 1]


@pytest.mark.django_db
def test_what_happened_already_is_counted_up_to_the_limit() -> None:
    for _ in range(5):
        throttle.count(THREE, WHO)
    assert throttle.used(THREE, WHO) == 3


@pytest.mark.django_db
def test_giving_back_never_makes_room_for_more_than_the_limit() -> None:
    give_back(THREE, WHO)
    take(THREE, WHO)
    give_back(THREE, WHO)
    give_back(THREE, WHO)
    assert throttle.used(THREE, WHO) == 0
    assert [passes(THREE) for _ in range(4)] == [True, True, True, False]


@pytest.mark.django_db
def test_a_forgotten_limit_begins_anew() -> None:
    take(ONE, WHO)
    throttle.forget(ONE, WHO)
    assert passes(ONE)


@pytest.mark.django_db
def test_asking_counts_nothing() -> None:
    throttle.used(ONE, WHO), throttle.used_up_until(ONE, WHO)
    assert not Counter.objects.exists()


@pytest.mark.django_db
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(1, 6),
    st.lists(st.one_of(st.integers(1, 4), st.sampled_from(["end", "back", "forget"])), max_size=20),
)
def test_the_limit_behaves_like_a_plain_count(most: int, acts: list[int | str]) -> None:
    limit, used = Limit("test.model", most, 600), 0
    throttle.forget(limit, WHO)
    for act in acts:
        if isinstance(act, int):
            assert passes(limit, cost=act) == (used + act <= most)
            used += act if used + act <= most else 0
        elif act == "back":
            give_back(limit, WHO)
            used = max(0, used - 1)
        else:
            end_windows() if act == "end" else throttle.forget(limit, WHO)
            used = 0
        assert throttle.used(limit, WHO) == used <= most


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("limit", [TWENTY, HUNDRED], ids=["most=20", "most=100"])
def test_of_a_hundred_at_once_exactly_as_many_pass(limit: Limit) -> None:
    assert sum(on_threads(100, lambda _: passes(limit))) == limit.most
    assert Counter.objects.get().used == limit.most


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("limit", [TWENTY, HUNDRED], ids=["most=20", "most=100"])
def test_across_the_end_of_a_window_exactly_as_many_pass(limit: Limit) -> None:
    take(limit, WHO, cost=limit.most)
    end_windows()
    assert sum(on_threads(100, lambda _: passes(limit))) == limit.most


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_refused_crowd_leaves_nothing_counted() -> None:
    take(ONE, WHO)

    def one(_: int) -> bool:
        try:
            take_all([(HUNDRED, WHO), (ONE, WHO)])
        except TooManyRequests:
            return False
        return True

    assert not any(on_threads(40, one))
    assert throttle.used(HUNDRED, WHO) == 0


def take_by_check_then_write(limit: Limit, subject: str) -> None:
    """Count in the wrong way: what was read is judged, and written afterwards."""
    row = Counter.objects.get(name=limit.name, subject=throttle._key(limit, subject))
    if row.used >= limit.most:
        raise TooManyRequests(row.ends_at)
    Counter.objects.filter(pk=row.pk).update(used=F("used") + 1)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_harness_sees_a_check_before_the_count() -> None:
    def one(_: int) -> bool:
        try:
            take_by_check_then_write(TWENTY, WHO)
        except TooManyRequests:
            return False
        return True

    for _round in range(60):
        throttle.forget(TWENTY, WHO)
        take(TWENTY, WHO)
        if sum(on_threads(100, one)) + 1 > TWENTY.most:
            return
    pytest.fail("the broken shape was not caught")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_crowd_that_nothing_is_asked_of_is_counted_whole() -> None:
    on_threads(20, lambda _: throttle.note(ONE, WHO))
    assert Counter.objects.get().used == 20
