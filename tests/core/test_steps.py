"""Steps in a row: a fault in one keeps none of the others from being taken, unless the database is away."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

import pytest
from django.db import OperationalError, connection, connections, transaction

from core import throttle
from core.models import Counter
from core.steps import SomeFailed, take_all, take_each, take_step
from core.throttle import Limit

NOW = datetime(2026, 11, 28, tzinfo=UTC)
LIMIT = Limit("test.limit", 5, 60)
SECRET = "a value that no log may hold"
ON_CONNECTIONS = pytest.mark.django_db(transaction=True, serialized_rollback=True)
ON_POSTGRESQL = pytest.mark.skipif(connection.vendor == "sqlite", reason="a SQLite file is never away")

taken: list[object] = []


@pytest.fixture(autouse=True)
def _nothing_taken() -> None:
    taken.clear()


def whole(thing: object) -> None:
    taken.append(thing)


def broken(_thing: object) -> None:
    raise ValueError(SECRET)


def broken_at(thing: int, *, at: int) -> None:
    (broken if thing == at else whole)(thing)


def many(_now: datetime) -> None:
    take_each(partial(broken_at, at=2), [1, 2, 3])


def faults(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str, str]]:
    lines = [vars(line) for line in caplog.records if line.message == "worker.fault"]
    return [(line["step"], line["fault"], line.get("row", "")) for line in lines]


def test_one_that_is_broken_is_written_down_and_the_others_are_taken(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(SomeFailed):
        many(NOW)
    assert taken == [1, 3]
    assert faults(caplog) == [(f"{__name__}.broken_at", "ValueError", "2")]
    assert SECRET not in caplog.text


def test_a_step_with_a_broken_part_has_failed_and_is_written_down_once(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(SomeFailed):
        take_all([many, broken, whole], NOW)
    assert taken == [1, 3, NOW]
    assert faults(caplog) == [
        (f"{__name__}.broken_at", "ValueError", "2"),
        (f"{__name__}.broken", "ValueError", ""),
    ]
    assert not take_step("round", partial(many, NOW)).is_well


def test_where_all_is_well_nothing_is_written_down(caplog: pytest.LogCaptureFixture) -> None:
    take_all([whole, lambda now: take_each(whole, [now])], NOW)
    assert (taken, faults(caplog)) == ([NOW, NOW], [])


@contextmanager
def held(act: Callable[[], object]) -> Iterator[None]:
    """Let another connection hold what an act locks."""
    has_begun, is_over = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                act()
                has_begun.set()
                is_over.wait(30)
        finally:
            connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert has_begun.wait(30)
        yield
    finally:
        is_over.set()
        holder.join()


@ON_CONNECTIONS
def test_a_lock_that_is_not_given_is_a_fault_of_its_step_alone(caplog: pytest.LogCaptureFixture) -> None:
    def locked(_now: datetime) -> None:
        Counter.objects.update(used=2)

    throttle.take(LIMIT, "a")
    patience = "PRAGMA busy_timeout = 1" if connection.vendor == "sqlite" else "SET lock_timeout = 1"
    with connection.cursor() as cursor:
        cursor.execute(patience)
    with held(lambda: Counter.objects.update(used=3)), pytest.raises(SomeFailed):
        take_all([locked, whole], NOW)
    connection.close()
    assert taken == [NOW]
    assert faults(caplog) == [(f"{__name__}.locked", "OperationalError", "")]
    assert Counter.objects.get().used == 3


@ON_POSTGRESQL
@ON_CONNECTIONS
def test_a_database_that_is_away_breaks_the_round_off(caplog: pytest.LogCaptureFixture) -> None:
    def cut_off(_now: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(OperationalError):
        take_all([cut_off, whole], NOW)
    connection.close()
    assert (taken, faults(caplog)) == ([], [])
