"""The worker process: works, beats, prepares keys, stops when told and hands back what it did not begin."""

import os
import signal
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from pytest_django import Settings

from core import jobs, keys, throttle
from core.checks import check_steps
from core.db import database_now
from core.limits import JOB_BODY_KEPT_DAYS, KEYS_AHEAD_DAYS
from core.models import Counter, Heartbeat, Job
from core.throttle import Limit
from core.worker import Worker

pytestmark = pytest.mark.django_db

KIND = "test.work"


@pytest.fixture(autouse=True)
def _handlers_of_signals_return() -> Iterator[None]:
    """Give the signals back to the tests."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def does(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int], None]], list[int]]:
    """Register what the jobs of this module do with their number; the numbers done are noted."""

    def register(effect: Callable[[int], None]) -> list[int]:
        done: list[int] = []

        def handle(payload: jobs.Payload, *, attempt: int, job_key: uuid.UUID, unknown_since: datetime | None) -> None:
            number = int(str(payload["n"]))
            effect(number)
            done.append(number)

        monkeypatch.setitem(jobs._handlers, KIND, handle)
        return done

    return register


def enqueue_many(count: int) -> None:
    """Write down numbered jobs, due in their order."""
    first = database_now() - timedelta(hours=1)
    for number in range(count):
        key = jobs.enqueue(kind=KIND, payload={"n": number})
        Job.objects.filter(key=key).update(next_at=first + timedelta(seconds=number))


def stop(_number: int = 0) -> None:
    """Tell this process to stop, as a supervisor does."""
    os.kill(os.getpid(), signal.SIGTERM)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_finishes_one_job_and_hands_the_others_back(
    does: Callable[[Callable[[int], None]], list[int]], told: int
) -> None:
    done = does(lambda number: os.kill(os.getpid(), told) if number == 1 else None)
    enqueue_many(5)
    Worker().run()
    assert done == [0, 1]
    waiting = Job.objects.filter(state=Job.State.PENDING)
    assert set(waiting.values_list("attempts", "claim", "lease_until")) == {(0, None, None)}
    assert waiting.count() == 3
    assert len(jobs.lease_due_jobs()) == 3


def test_it_is_seen_while_it_works_and_gone_when_it_stops(
    does: Callable[[Callable[[int], None]], list[int]],
) -> None:
    seen: list[str] = []

    def look(_number: int) -> None:
        seen.extend(Heartbeat.objects.values_list("worker", flat=True))
        stop()

    does(look)
    enqueue_many(1)
    worker = Worker()
    worker.run()
    assert seen == [worker.name]
    assert not Heartbeat.objects.exists()


def test_it_leaves_when_its_parent_is_gone(does: Callable[[Callable[[int], None]], list[int]]) -> None:
    done = does(stop)
    enqueue_many(1)
    Worker(parent_pid=os.getpid()).run()
    assert done == []
    assert Job.objects.get().state == Job.State.PENDING


def test_it_stays_while_its_parent_lives(does: Callable[[Callable[[int], None]], list[int]]) -> None:
    done = does(stop)
    enqueue_many(1)
    Worker(parent_pid=os.getppid()).run()
    assert done == [0]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_database_that_is_away_for_a_moment_does_not_end_it(
    does: Callable[[Callable[[int], None]], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = does(stop)
    enqueue_many(1)
    waits: list[float] = []
    monkeypatch.setattr("core.worker.time.sleep", waits.append)
    lease, faults = jobs.lease_due_jobs, [OperationalError("gone")]

    def lease_after_a_fault() -> list[Job]:
        if faults:
            raise faults.pop()
        return lease()

    monkeypatch.setattr(jobs, "lease_due_jobs", lease_after_a_fault)
    Worker().run()
    assert done == [0]
    assert len(waits) == 1


def test_it_prepares_and_destroys_keys_and_forgets_what_is_over(
    does: Callable[[Callable[[int], None]], list[int]], settings: Settings, tmp_path: Path
) -> None:
    does(stop)
    enqueue_many(1)
    limit = Limit("test.limit", 1, 60)
    throttle.take(limit, "a")
    Counter.objects.update(ends_at=database_now() - timedelta(days=2))
    today = database_now().astimezone(UTC).date()
    settings.KEY_DIR = tmp_path / "keys"
    old = today - timedelta(days=max(JOB_BODY_KEPT_DAYS + 2, 21))
    keys.create_missing_keys(settings.KEY_DIR, old)
    Worker()._do_what_is_due(database_now())
    left = sorted(path.name for path in (settings.KEY_DIR / keys.DAILY).iterdir())
    assert left[0] >= (today - timedelta(days=JOB_BODY_KEPT_DAYS)).isoformat()
    assert left[-1] == (today + timedelta(days=KEYS_AHEAD_DAYS)).isoformat()
    weeks = sorted(path.name for path in (settings.KEY_DIR / keys.WEEKLY).iterdir())
    assert weeks[0] >= (today - timedelta(days=13)).isoformat()
    assert keys.missing_weeks(today) == []
    assert not Counter.objects.exists()
    keys._cached.cache_clear()


@pytest.fixture
def steps(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], bool]], None]:
    """Let the worker do a function each round, behind one that is broken."""

    def name(step: Callable[[], bool]) -> None:
        monkeypatch.setattr("tests.core.test_worker.step_of_test", step, raising=False)
        settings.WORKER_STEPS = ["tests.core.test_worker.broken_step", "tests.core.test_worker.step_of_test"]

    return name


def broken_step() -> bool:
    raise ZeroDivisionError("a value that no log may hold")


def test_each_round_it_takes_the_steps_of_the_apps_also_behind_a_broken_one(
    does: Callable[[Callable[[int], None]], list[int]],
    steps: Callable[[Callable[[], bool]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done = does(lambda _number: None)
    enqueue_many(1)
    waits: list[float] = []
    monkeypatch.setattr("core.worker.time.sleep", waits.append)
    monkeypatch.setattr("core.steps.logger.error", lambda event, extra: faults.append((event, extra["fault"])))
    faults: list[tuple[str, str]] = []
    rounds: list[int] = []

    def step() -> bool:
        rounds.append(len(done))
        if len(rounds) == 4:
            stop()
        return len(rounds) == 2

    steps(step)
    Worker().run()
    # A job was done in the first round, the second one had more to do, the third had nothing.
    assert (rounds, len(waits)) == ([0, 1, 1, 1], 2)
    assert faults == [("worker.fault", "ZeroDivisionError")] * 4


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a SQLite file is never away")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_database_that_is_away_in_a_step_is_waited_for(
    steps: Callable[[Callable[[], bool]], None], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("core.worker.time.sleep", lambda _seconds: None)
    rounds: list[int] = []

    def step() -> bool:
        rounds.append(1)
        if len(rounds) == 2:
            stop()
            return False
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return True

    steps(step)
    Worker().run()
    assert len(rounds) == 2
    assert [line.message for line in caplog.records].count("worker.database_away") == 1


def test_a_statement_that_fails_in_a_step_keeps_no_job_of_the_round_from_being_done(
    does: Callable[[Callable[[int], None]], list[int]], steps: Callable[[Callable[[], bool]], None]
) -> None:
    done = does(stop)
    enqueue_many(1)

    def step() -> bool:
        raise OperationalError("deadlock detected")

    steps(step)
    Worker()._take_steps()
    Worker().run()
    assert done == [0]


def broken_forgetting(_now: datetime) -> None:
    raise ZeroDivisionError("a value that no log may hold")


def forgetting(_now: datetime) -> None:
    forgotten.append(1)


forgotten: list[int] = []


@pytest.fixture
def old_keys(settings: Settings, tmp_path: Path) -> Iterator[Callable[[], list[str]]]:
    """Make keys that are due to go; the answer lists those that are left of them."""
    settings.KEY_DIR = tmp_path / "keys"
    today = database_now().astimezone(UTC).date()
    keys.create_missing_keys(settings.KEY_DIR, today - timedelta(days=30))
    keys.prepare_keys(settings.KEY_DIR, today)
    daily, oldest = settings.KEY_DIR / keys.DAILY, (today - timedelta(days=JOB_BODY_KEPT_DAYS)).isoformat()
    yield lambda: [path.name for path in daily.iterdir() if path.name < oldest]
    keys._cached.cache_clear()


def test_a_broken_step_of_the_retention_ends_neither_the_worker_nor_the_others_and_no_key_goes(
    does: Callable[[Callable[[int], None]], list[int]],
    old_keys: Callable[[], list[str]],
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    done = does(stop)
    enqueue_many(1)
    forgotten.clear()
    settings.RETENTION_STEPS = [f"{__name__}.broken_forgetting", f"{__name__}.forgetting"]
    Worker().run()
    assert (done, forgotten) == ([0], [1])
    assert old_keys()
    (fault,) = [line for line in caplog.records if line.message == "worker.fault"]
    assert (vars(fault)["step"], vars(fault)["fault"]) == (f"{__name__}.broken_forgetting", "ZeroDivisionError")
    settings.RETENTION_STEPS = [f"{__name__}.forgetting"]
    enqueue_many(1)
    Worker().run()
    assert old_keys() == []


@pytest.mark.parametrize(
    "broken", ["core.keys.prepare_keys", "core.worker.watch_countries", "core.keys.destroy_old_keys"]
)
def test_a_broken_part_of_the_schedule_keeps_no_mail_from_going(
    does: Callable[[Callable[[int], None]], list[int]], monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def full(*_values: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(broken, full)
    done = does(stop)
    enqueue_many(1)
    Worker().run()
    assert done == [0]
    assert not Heartbeat.objects.exists()


@pytest.mark.parametrize("setting", ["INVARIANT_CHECKS", "RETENTION_STEPS", "WORKER_STEPS"])
def test_a_step_that_does_not_exist_stops_the_start(settings: Settings, setting: str) -> None:
    assert check_steps(None) == []
    setattr(settings, setting, ["core.worker.forgotten"])
    (error,) = check_steps(None)
    assert error.msg == f"{setting} names core.worker.forgotten, which does not exist."
