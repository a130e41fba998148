"""Budgets of texts: each lets as many through as it says and not one more, also when all ask at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.models import F

from core.db import database_now
from core.errors import TooManyRequests
from core.models import Counter
from core.sms import budgets, limits
from core.sms.budgets import take_budgets
from core.sms.limits import (
    ORGANIZATION_TEXTS_A_DAY,
)
from core.sms.numbers import Number, NumberKind
from core.throttle import Limit


def number(position: int = 0, *, block: int = 0) -> Number:
    """Return one of many numbers; numbers of different blocks share no prefix."""
    return Number(e164=f"+1{5140 + block:04d}55{position:04d}", region="CA", kind=NumberKind.FIXED_LINE_OR_MOBILE)


def take(position: int = 0, **changes: object) -> None:
    """Take the budgets of one text that shares nothing with the others but what a test names."""
    wanted: dict[str, object] = {
        "number": number(position, block=position),
        "account": f"user:{position}",
        "organization": f"organization:{position}",
        "network": f"network {position}",
        "is_proven_person": True,
    }
    take_budgets(**(wanted | changes))  # type: ignore[arg-type]


def pass_time(seconds: int) -> None:
    """Bring every window closer to its end."""
    Counter.objects.update(ends_at=F("ends_at") - timedelta(seconds=seconds))


def taken(act: Callable[[int], None], times: int) -> int:
    """Return how many of several texts were let through."""
    passed = 0
    for position in range(times):
        try:
            act(position)
        except TooManyRequests:
            continue
        passed += 1
    return passed


BUDGETS: list[tuple[Limit, dict[str, Callable[[int], object]], int]] = [
    (limits.TEXTS_TO_NUMBER_HOUR, {"number": lambda _: number()}, 5),
    (limits.TEXTS_FOR_ACCOUNT_HOUR, {"account": lambda _: "user:1"}, 10),
    (limits.TEXTS_TO_PREFIX_TEN_MINUTES, {"number": lambda position: number(position)}, 20),
    (
        limits.TEXTS_FROM_NETWORK_STRANGER,
        {"network": lambda _: "192.0.2.0/24", "is_proven_person": lambda _: False},
        20,
    ),
    (limits.TEXTS_FROM_NETWORK_PROVEN, {"network": lambda _: "192.0.2.0/24"}, 300),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("limit", "shared", "most"), BUDGETS, ids=lambda value: getattr(value, "name", None))
def test_a_budget_lets_the_last_one_through_and_refuses_the_next(
    limit: Limit, shared: dict[str, Callable[[int], object]], most: int
) -> None:
    def act(position: int) -> None:
        take(position, **{name: value(position) for name, value in shared.items()})

    assert limit.most == most
    assert taken(act, most) == most
    with pytest.raises(TooManyRequests) as refusal:
        act(most)
    left = (refusal.value.until - database_now()).total_seconds()
    assert limit.seconds - 60 < left <= limit.seconds


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("most", "shared", "hours"),
    [
        (10, {"number": lambda _: number()}, [5, 5, 0]),
        (20, {"account": lambda _: "user:1"}, [10, 10, 0]),
    ],
)
def test_a_day_has_its_own_budget(most: int, shared: dict[str, Callable[[int], object]], hours: list[int]) -> None:
    for expected in hours:
        assert taken(lambda p: take(p, **{name: value(p) for name, value in shared.items()}), 15) == expected
        pass_time(3600)
    pass_time(24 * 3600 - 3 * 3600)
    assert taken(lambda p: take(p, **{name: value(p) for name, value in shared.items()}), 1) == 1
    assert sum(hours) == most


@pytest.mark.django_db
def test_an_hour_of_a_block_of_numbers_is_sixty() -> None:
    passed: list[int] = []
    for _window in range(4):
        passed.append(taken(lambda p: take(p, number=number(25 * len(passed) + p)), 25))
        pass_time(600)
        Counter.objects.exclude(name__startswith="sms.prefix").delete()
    assert passed == [20, 20, 20, 0]


@pytest.mark.django_db
@pytest.mark.parametrize("limit", [limits.TEXTS_OF_INSTALLATION_HOUR, limits.TEXTS_OF_INSTALLATION_DAY])
def test_the_installation_has_a_budget_whoever_asks(limit: Limit) -> None:
    take()
    Counter.objects.filter(name=limit.name).update(used=limit.most - 1)
    take(1)
    with pytest.raises(TooManyRequests):
        take(2)
    assert (limits.TEXTS_OF_INSTALLATION_HOUR.most, limits.TEXTS_OF_INSTALLATION_DAY.most) == (1_000, 5_000)


@pytest.mark.django_db
def test_strangers_do_not_use_up_the_budget_of_an_office_that_signed_in() -> None:
    assert taken(lambda p: take(p, network="192.0.2.0/24", is_proven_person=False), 30) == 20
    take(40, network="192.0.2.0/24", is_proven_person=True)


@pytest.mark.django_db
def test_a_refused_text_costs_nothing_anywhere() -> None:
    for position in range(5):
        take(position, number=number())
    before = list(Counter.objects.order_by("pk").values_list("name", "used"))
    with pytest.raises(TooManyRequests):
        take(9, number=number())
    after = list(Counter.objects.exclude(used=0).order_by("pk").values_list("name", "used"))
    assert after == before


@pytest.mark.django_db
def test_counters_hold_no_number() -> None:
    take()
    stored = "".join(str(vars(row)) for row in Counter.objects.all())
    assert number().e164[1:] not in stored
    assert b"5140550000" not in b"".join(bytes(row.subject) for row in Counter.objects.all())


@pytest.mark.django_db
def test_an_organization_has_a_calendar_day_of_its_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = {"organization": "organization:1", "organization_zone": "America/Toronto", "organization_texts_a_day": 3}
    late_evening = datetime(2026, 11, 22, 4, 59, tzinfo=UTC)
    monkeypatch.setattr(budgets, "database_now", lambda: late_evening)
    assert taken(lambda p: take(p, **shared), 4) == 3
    with pytest.raises(TooManyRequests) as refusal:
        take(9, **shared)
    assert refusal.value.until == datetime(2026, 11, 22, tzinfo=ZoneInfo("America/Toronto"))
    monkeypatch.setattr(budgets, "database_now", lambda: late_evening + timedelta(minutes=1))
    take(9, **shared)


@pytest.mark.django_db
@pytest.mark.parametrize("organization", ["organization:1", "organization:staff", ""])
def test_an_organization_may_allow_no_texts_at_all_and_nobody_is_without_a_day(organization: str) -> None:
    with pytest.raises(TooManyRequests):
        take(organization=organization, organization_texts_a_day=0)
    assert not Counter.objects.exclude(used=0).exists()
    assert ORGANIZATION_TEXTS_A_DAY == 500


@pytest.mark.django_db
def test_the_day_of_an_organization_outlives_the_longest_day() -> None:
    assert limits.ORGANIZATION_DAY_ROW_SECONDS > 25 * 3600


PARALLEL, EACH = 8, 3


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("is_one_transaction", [False, True])
def test_of_many_texts_at_once_no_more_than_the_budget_leave(is_one_transaction: bool) -> None:
    together = threading.Barrier(PARALLEL)

    def ask(thread: int) -> int:
        together.wait()
        try:
            return taken(lambda p: act(thread * EACH + p), EACH)
        finally:
            connection.close()

    def act(position: int) -> None:
        if is_one_transaction:
            with transaction.atomic():
                take(position, number=number())
        else:
            take(position, number=number())

    with ThreadPoolExecutor(PARALLEL) as pool:
        passed = sum(pool.map(ask, range(PARALLEL)))
    assert passed == limits.TEXTS_TO_NUMBER_HOUR.most
    assert Counter.objects.get(name=limits.TEXTS_TO_NUMBER_HOUR.name).used == passed
    assert Counter.objects.get(name=limits.TEXTS_OF_INSTALLATION_HOUR.name).used == passed


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_organization_is_held_to_its_day_when_all_its_people_ask_at_once() -> None:
    together = threading.Barrier(PARALLEL)

    def ask(thread: int) -> int:
        together.wait()
        try:
            return taken(
                lambda p: take(thread * EACH + p, organization="organization:1", organization_texts_a_day=7), EACH
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(PARALLEL) as pool:
        assert sum(pool.map(ask, range(PARALLEL))) == 7


def test_limits_are_named_apart() -> None:
    names = [value.name for value in vars(limits).values() if isinstance(value, Limit)]
    assert len(names) == len(set(names)) == 10
    assert replace(limits.TEXTS_TO_NUMBER_HOUR, most=1) != limits.TEXTS_TO_NUMBER_HOUR
