"""The month's count: never above the limit, one month at a time, whoever asks at once and wherever the holder moves."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accounts.models import User
from licenses.models import License, Plan
from licenses.services.assigning import assign_license, release_license
from messaging.quota.errors import QuotaExceeded
from messaging.quota.models import MonthlyCount
from messaging.quota.months import month_of
from messaging.quota.services.counting import Standing, standing, take_message
from tests.cast import make_license, make_organization, make_user
from tests.races import on_threads

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
FAR_EAST, FAR_WEST = "Pacific/Kiritimati", "Pacific/Honolulu"
ZONES = (FAR_EAST, "Asia/Kathmandu", "Europe/Paris", "America/Toronto", FAR_WEST)


def licensed(limit: int = 200, zone: str = "America/Toronto") -> License:
    """Return a license with so many messages a month, whose holder lives in a zone."""
    user = make_user("eco@demo.example", time_zone=zone, organization=make_organization(time_zone=zone))
    license = make_license(user, "eco", expires_at=datetime(2100, 1, 1, tzinfo=UTC))
    limit_to(license, limit)
    return license


def limit_to(license: License, limit: int) -> None:
    """Change how many messages a month the plan of a license has."""
    Plan.objects.filter(pk=license.plan_id).update(messages_per_month=limit)
    license.plan.refresh_from_db()


def move(license: License, zone: str) -> None:
    """Let the holder choose another zone."""
    User.objects.filter(license=license).update(time_zone=zone)
    license.refresh_from_db()


def now_standing(license: License, at: datetime) -> Standing:
    """Return what the account page would show at an instant."""
    newest = MonthlyCount.objects.filter(license=license).order_by("-starts_at").first()
    assert license.holder is not None
    return standing(limit=license.plan.messages_per_month, zone=license.holder.time_zone, at=at, newest=newest)


def try_to_take(license: License, at: datetime, cost: int = 1) -> bool:
    """Tell whether a message went through."""
    try:
        take_message(license=license, at=at, cost=cost)
    except QuotaExceeded:
        return False
    return True


def test_messages_are_counted_down_to_the_last_one() -> None:
    license = licensed(limit=3)
    assert [take_message(license=license, at=NOON) for _ in range(3)] == [2, 1, 0]
    with pytest.raises(QuotaExceeded):
        take_message(license=license, at=NOON)
    assert MonthlyCount.objects.get().used == 3


def test_a_refused_send_takes_nothing() -> None:
    license = licensed(limit=10)
    assert take_message(license=license, at=NOON, cost=8) == 2
    with pytest.raises(QuotaExceeded):
        take_message(license=license, at=NOON + timedelta(minutes=1), cost=3)
    count = MonthlyCount.objects.get()
    assert (count.used, count.last_taken_at) == (8, NOON)
    assert take_message(license=license, at=NOON, cost=2) == 0


@pytest.mark.parametrize("limit", [1, 4])
def test_more_than_the_whole_limit_never_goes_through(limit: int) -> None:
    license = licensed(limit=limit)
    assert not try_to_take(license, NOON, cost=limit + 1)
    assert now_standing(license, NOON).used == 0


def test_the_last_message_sent_is_the_newest_that_took_one() -> None:
    license = licensed()
    for minutes in (0, 5, 9):
        take_message(license=license, at=NOON + timedelta(minutes=minutes))
    assert MonthlyCount.objects.get().last_taken_at == NOON + timedelta(minutes=9)


def test_a_new_month_begins_at_nothing() -> None:
    license = licensed(limit=2)
    last_second = datetime(2026, 12, 1, 4, 59, 59, tzinfo=UTC)
    assert take_message(license=license, at=last_second, cost=2) == 0
    assert not try_to_take(license, last_second)
    assert now_standing(license, last_second + timedelta(seconds=1)).left == 2
    assert take_message(license=license, at=last_second + timedelta(seconds=1)) == 1
    assert MonthlyCount.objects.count() == 2


@pytest.mark.parametrize(
    ("zone", "last_second"),
    [
        # The month in which the clocks go back has an hour more, the one in which they go forward an hour less.
        ("America/Toronto", "2026-12-01T04:59:59Z"),
        ("America/Toronto", "2026-04-01T03:59:59Z"),
        ("Europe/Paris", "2026-10-31T22:59:59Z"),
        ("Europe/Paris", "2026-03-31T21:59:59Z"),
        ("America/Sao_Paulo", "2026-12-01T02:59:59Z"),
        ("Australia/Lord_Howe", "2026-10-31T12:59:59Z"),
    ],
)
def test_the_month_resets_at_the_holders_midnight_also_after_the_clocks_changed(zone: str, last_second: str) -> None:
    license = licensed(limit=1, zone=zone)
    at = datetime.fromisoformat(last_second)
    take_message(license=license, at=at - timedelta(days=27))
    assert now_standing(license, at).resets_at == at + timedelta(seconds=1)
    assert not try_to_take(license, at)
    assert try_to_take(license, at + timedelta(seconds=1))


@pytest.mark.parametrize("zone", ZONES)
def test_moving_within_a_month_keeps_its_count_and_its_end(zone: str) -> None:
    license = licensed(limit=5)
    take_message(license=license, at=NOON, cost=5)
    resets_at = now_standing(license, NOON).resets_at
    move(license, zone)
    assert now_standing(license, NOON).resets_at == resets_at
    assert not try_to_take(license, NOON + timedelta(hours=1))
    assert not try_to_take(license, resets_at - timedelta(seconds=1))
    assert try_to_take(license, resets_at)


def test_going_west_after_the_month_began_in_the_east_opens_no_second_one() -> None:
    license = licensed(limit=1, zone=FAR_EAST)
    in_october = datetime(2026, 10, 20, tzinfo=UTC)
    november_there = month_of(in_october, FAR_EAST).resets_at
    assert try_to_take(license, in_october)
    assert try_to_take(license, november_there)
    move(license, FAR_WEST)
    # In Honolulu it is still October: its October was never counted there, and shall not be had on top.
    assert not try_to_take(license, november_there + timedelta(hours=2))
    assert [count.month_on.month for count in MonthlyCount.objects.order_by("starts_at")] == [10, 11]


def test_going_west_at_the_turn_of_the_month_counts_for_the_month_that_begins() -> None:
    license = licensed(limit=1, zone=FAR_EAST)
    in_october = datetime(2026, 10, 20, tzinfo=UTC)
    assert try_to_take(license, in_october)
    move(license, FAR_WEST)
    turned = month_of(in_october, FAR_EAST).resets_at
    assert now_standing(license, turned).left == 1
    assert try_to_take(license, turned + timedelta(minutes=1))
    newest = MonthlyCount.objects.latest("starts_at")
    assert newest.month_on.month == 11
    assert newest.resets_at == month_of(datetime(2026, 11, 20, tzinfo=UTC), FAR_WEST).resets_at
    assert not try_to_take(license, newest.resets_at - timedelta(seconds=1))


steps = st.lists(
    st.tuples(st.timedeltas(timedelta(0), timedelta(days=9)), st.sampled_from(ZONES), st.integers(1, 3), st.booleans()),
    min_size=4,
    max_size=14,
)
first_moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@settings(max_examples=25, deadline=None)
@given(first=first_moments, journey=steps)
@example(
    first=datetime(2026, 10, 30, 9, tzinfo=UTC),
    journey=[(timedelta(hours=1), FAR_EAST, 1, True), (timedelta(days=1), FAR_WEST, 1, True)] * 3,
)
def test_no_journey_around_the_world_gives_a_second_month(
    first: datetime, journey: list[tuple[timedelta, str, int, bool]]
) -> None:
    with transaction.atomic():
        license, at = licensed(limit=4), first
        for wait, zone, cost, is_taking in journey:
            at += wait
            move(license, zone)
            shown = now_standing(license, at)
            if is_taking:
                assert try_to_take(license, at, cost) == (shown.left >= cost)
                taken = now_standing(license, at)
                assert taken.resets_at == shown.resets_at
                assert taken.used - shown.used in (0, cost)
            assert shown.resets_at > at
        hold_that_months_follow_each_other(license)
        transaction.set_rollback(True)


def hold_that_months_follow_each_other(license: License) -> None:
    """Hold that months are in order, none twice, and that a month's end comes about a month after the last one."""
    counts = list(MonthlyCount.objects.filter(license=license).order_by("starts_at"))
    for earlier, later in pairwise(counts):
        assert later.month_on > earlier.month_on
        assert later.resets_at - earlier.resets_at > timedelta(days=26)
    for count in counts:
        assert count.used <= 4
        if count.last_taken_at is not None:
            assert count.starts_at <= count.last_taken_at < count.resets_at


def test_the_count_goes_with_the_license() -> None:
    license = licensed(limit=10)
    take_message(license=license, at=NOON, cost=7)
    colleague = make_user("free@demo.example", organization=license.organization, time_zone=FAR_WEST)
    assign_license(license=license, holder=colleague)
    assert take_message(license=license, at=NOON) == 2
    release_license(license=license)
    assert take_message(license=license, at=NOON) == 1


def test_a_higher_plan_raises_the_limit_at_once_and_keeps_what_was_used() -> None:
    license = licensed(limit=5)
    take_message(license=license, at=NOON, cost=5)
    license.plan = Plan.objects.get(code="advanced")
    license.save()
    assert take_message(license=license, at=NOON) == 1_000 - 6


def test_a_lower_plan_leaves_nothing_below_zero() -> None:
    license = licensed(limit=50)
    take_message(license=license, at=NOON, cost=50)
    limit_to(license, 10)
    assert now_standing(license, NOON).left == 0
    assert not try_to_take(license, NOON)
    assert MonthlyCount.objects.get().used == 50


def test_a_license_without_a_holder_counts_in_its_organizations_zone() -> None:
    license = release_license(license=licensed(zone=FAR_EAST))
    take_message(license=license, at=NOON)
    assert MonthlyCount.objects.get().zone == FAR_EAST


def taken_at_once(license: License, senders: int, *, tries: int = 1, cost: int = 1) -> int:
    """Let many send in the same moment, each on an open connection, and return how many sends went through."""
    start = Barrier(senders)

    def send(_number: int) -> int:
        own = License.objects.select_related("plan", "holder").get(pk=license.pk)
        start.wait(60)
        return sum(try_to_take(own, NOON, cost=cost) for _try in range(tries))

    return sum(on_threads(senders, send))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_twenty_at_once_with_one_left_exactly_one_goes_through() -> None:
    license = licensed(limit=8)
    take_message(license=license, at=NOON, cost=7)
    assert taken_at_once(license, 20) == 1
    assert MonthlyCount.objects.get().used == 8


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_who_try_again_and_again_get_no_more_than_the_limit() -> None:
    license = licensed(limit=60)
    assert taken_at_once(license, 20, tries=8) == 60
    assert MonthlyCount.objects.get().used == 60


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_twenty_first_messages_of_a_month_as_many_go_through_as_there_are() -> None:
    license = licensed(limit=5)
    assert taken_at_once(license, 20) == 5
    assert MonthlyCount.objects.get().used == 5


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_several_large_sends_at_once_none_goes_beyond_the_limit() -> None:
    license = licensed(limit=10)
    assert taken_at_once(license, 12, cost=3) == 3
    assert MonthlyCount.objects.get().used == 9
