"""Work that must not be lost: leased, done once, finished only by its holder, sealed while it waits."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core import jobs, keys
from core.db import database_now
from core.jobs import AskLater, GiveUp, TryLater, enqueue, hand_back, lease_due_jobs, run
from core.limits import JOB_BATCH, JOB_LEASE_SECONDS, JOB_LONGEST_WAIT_SECONDS
from core.models import Job
from tests.outbox import run_due_jobs
from tests.races import on_threads

pytestmark = pytest.mark.django_db

KIND = "test.work"
CANARY = "canary-5b1e"


class Work:
    """A handler that notes what it was asked to do, and answers as a test wishes."""

    def __init__(self) -> None:
        self.done: list[jobs.Payload] = []
        self.asked: list[tuple[int, uuid.UUID, datetime | None]] = []
        self.answers: list[Exception | None] = []
        self.on_call: Callable[[], None] = lambda: None
        self._lock = Lock()

    def __call__(
        self, payload: jobs.Payload, *, attempt: int, job_key: uuid.UUID, unknown_since: datetime | None
    ) -> None:
        """Do the work, or refuse it."""
        with self._lock:
            self.asked.append((attempt, job_key, unknown_since))
            answer = self.answers.pop(0) if self.answers else None
        self.on_call()
        if answer is not None:
            raise answer
        with self._lock:
            self.done.append(payload)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    """The handler of this module's jobs."""
    handler = Work()
    monkeypatch.setitem(jobs._handlers, KIND, handler)
    return handler


def make_due(**columns: object) -> None:
    """Let every waiting job be due now."""
    Job.objects.filter(state=Job.State.PENDING).update(next_at=database_now(), **columns)


def lapse_leases() -> None:
    """Let every lease be over."""
    Job.objects.filter(state=Job.State.LEASED).update(lease_until=database_now() - timedelta(seconds=1))


def test_a_job_is_done_once_and_its_body_is_gone(work: Work) -> None:
    key = enqueue(kind=KIND, payload={"to": CANARY})
    assert run_due_jobs() == 1
    assert run_due_jobs() == 0
    job = Job.objects.get(key=key)
    assert work.done == [{"to": CANARY}]
    assert (job.state, job.body, job.claim, job.lease_until) == (Job.State.DONE, None, None, None)
    assert job.finished_at is not None


def test_work_is_written_in_the_transaction_of_its_act(work: Work) -> None:
    with transaction.atomic():
        enqueue(kind=KIND, payload={})
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_a_body_cannot_be_read_without_its_daily_key(work: Work) -> None:
    enqueue(kind=KIND, payload={"to": CANARY})
    job = Job.objects.get()
    assert job.body is not None
    assert CANARY.encode() not in bytes(job.body)
    assert job.body_key_on == job.created_at.astimezone(UTC).date()


def test_a_body_is_unreadable_when_its_daily_key_is_gone(work: Work) -> None:
    enqueue(kind=KIND, payload={"to": CANARY})
    job = Job.objects.get()
    path = settings.KEY_DIR / keys.DAILY / job.body_key_on.isoformat()
    kept = path.rename(path.with_suffix(".away"))
    try:
        run_due_jobs()
    finally:
        kept.rename(path)
    assert work.asked == []
    assert Job.objects.get().state == Job.State.PENDING


def test_a_body_moved_to_another_job_does_not_open(work: Work) -> None:
    enqueue(kind=KIND, payload={"to": CANARY})
    other = enqueue(kind=KIND, payload={})
    stolen = Job.objects.exclude(key=other).get()
    Job.objects.filter(key=other).update(body=stolen.body)
    stolen.delete()
    run_due_jobs()
    assert work.asked == []
    assert Job.objects.get().reason == "body does not open"


def test_one_dedupe_key_is_one_job(work: Work) -> None:
    first = enqueue(kind=KIND, payload={"n": 1}, dedupe_key="monthly:1")
    assert enqueue(kind=KIND, payload={"n": 2}, dedupe_key="monthly:1") == first
    assert enqueue(kind=KIND, payload={"n": 3}, dedupe_key="monthly:2") != first
    run_due_jobs()
    enqueue(kind=KIND, payload={"n": 4}, dedupe_key="monthly:1")
    run_due_jobs()
    assert sorted(str(payload["n"]) for payload in work.done) == ["1", "3"]


def test_work_that_was_not_done_is_tried_again_later_and_later(work: Work) -> None:
    enqueue(kind=KIND, payload={})
    waits = []
    for _ in range(12):
        work.answers = [TryLater()]
        before = database_now()
        run_due_jobs()
        waits.append((Job.objects.get().next_at - before).total_seconds())
        make_due()
    assert 8 <= waits[0] <= 13
    assert 16 <= waits[1] <= 25
    assert max(waits) <= JOB_LONGEST_WAIT_SECONDS * 1.2 + 1
    assert [attempt for attempt, _key, _since in work.asked] == list(range(1, 13))
    run_due_jobs()
    assert len(work.done) == 1


def test_a_job_that_waits_is_not_taken(work: Work) -> None:
    work.answers = [TryLater()]
    enqueue(kind=KIND, payload={})
    run_due_jobs()
    assert lease_due_jobs() == []


def test_an_unknown_result_is_remembered_until_it_is_known(work: Work) -> None:
    enqueue(kind=KIND, payload={})
    work.answers = [AskLater(15), AskLater(15), TryLater(), None]
    for _ in range(4):
        run_due_jobs()
        make_due()
    since = [unknown_since for _attempt, _key, unknown_since in work.asked]
    assert since[0] is None
    assert since[1] is not None
    assert since[2] == since[1]
    assert since[3] is None
    assert len({key for _attempt, key, _since in work.asked}) == 1


def test_an_unknown_result_is_asked_after_when_the_handler_said(work: Work) -> None:
    work.answers = [AskLater(15)]
    enqueue(kind=KIND, payload={})
    run_due_jobs()
    job = Job.objects.get()
    assert timedelta(seconds=13) < job.next_at - database_now() <= timedelta(seconds=15)


def test_work_that_cannot_be_done_ends_with_its_reason(work: Work) -> None:
    work.answers = [GiveUp("refused by the mail server" + "!" * 60)]
    enqueue(kind=KIND, payload={})
    run_due_jobs()
    job = Job.objects.get()
    assert (job.state, job.body) == (Job.State.FAILED, None)
    assert job.reason.startswith("refused by the mail server")
    assert len(job.reason) == 60


def test_work_that_came_too_late_is_not_done(work: Work) -> None:
    enqueue(kind=KIND, payload={}, give_up_at=database_now() + timedelta(hours=1))
    Job.objects.update(give_up_at=database_now())
    run_due_jobs()
    assert work.asked == []
    assert Job.objects.get().reason == "too late"


def test_a_fault_of_ours_is_logged_by_its_name_and_tried_again(work: Work, caplog: pytest.LogCaptureFixture) -> None:
    jobs.logger.propagate = True
    try:
        work.answers = [ValueError(CANARY)]
        enqueue(kind=KIND, payload={"to": CANARY})
        run_due_jobs()
    finally:
        jobs.logger.propagate = False
    (record,) = caplog.records
    assert (record.getMessage(), record.fault, record.kind) == ("job.fault", "ValueError", KIND)  # type: ignore[attr-defined]
    assert CANARY not in str(record.__dict__)
    assert Job.objects.get().state == Job.State.PENDING


def test_a_job_nobody_here_knows_waits_for_a_newer_worker() -> None:
    enqueue(kind="test.unheard-of", payload={})
    run_due_jobs()
    assert Job.objects.get().state == Job.State.PENDING


def test_a_leased_job_is_taken_by_nobody_else_until_its_lease_is_over(work: Work) -> None:
    enqueue(kind=KIND, payload={})
    (first,) = lease_due_jobs()
    assert lease_due_jobs() == []
    assert timedelta(seconds=JOB_LEASE_SECONDS - 5) < first.lease_until - database_now()  # type: ignore[operator]
    lapse_leases()
    (second,) = lease_due_jobs()
    assert (second.pk, second.attempts) == (first.pk, 2)
    assert second.claim != first.claim


def test_only_the_holder_of_the_lease_finishes_a_job(work: Work) -> None:
    enqueue(kind=KIND, payload={})
    (slow,) = lease_due_jobs()

    def lose_the_lease() -> None:
        lapse_leases()
        lease_due_jobs()

    work.on_call = lose_the_lease
    run(slow)
    job = Job.objects.get()
    assert (job.state, job.attempts) == (Job.State.LEASED, 2)
    assert job.claim not in (None, slow.claim)


def test_a_job_whose_lease_has_passed_to_another_is_not_begun(work: Work) -> None:
    enqueue(kind=KIND, payload={})
    (slow,) = lease_due_jobs()
    lapse_leases()
    (quick,) = lease_due_jobs()
    run(quick)
    run(slow)
    assert len(work.done) == 1


def test_each_job_of_a_batch_begins_with_a_whole_lease(work: Work) -> None:
    for _ in range(2):
        enqueue(kind=KIND, payload={})
    leased = lease_due_jobs()
    Job.objects.update(lease_until=database_now() + timedelta(seconds=1))
    leases: list[datetime | None] = []
    work.on_call = lambda: leases.append(Job.objects.get(pk=leased[1].pk).lease_until)
    run(leased[1])
    assert leases[0] is not None
    assert leases[0] - database_now() > timedelta(seconds=JOB_LEASE_SECONDS - 10)


def test_what_was_handed_back_is_due_at_once(work: Work) -> None:
    enqueue(kind=KIND, payload={})
    hand_back(lease_due_jobs())
    (again,) = lease_due_jobs()
    assert again.attempts == 1


def test_the_oldest_jobs_come_first_a_batch_at_a_time(work: Work) -> None:
    made = [enqueue(kind=KIND, payload={}) for _ in range(JOB_BATCH + 2)]
    first = database_now() - timedelta(hours=1)
    for place, key in enumerate(reversed(made)):
        Job.objects.filter(key=key).update(next_at=first + timedelta(seconds=place))
    assert [job.key for job in lease_due_jobs()] == made[:1:-1]
    assert [job.key for job in lease_due_jobs()] == made[1::-1]


def test_an_idle_worker_writes_nothing() -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert run_due_jobs() == 0
    statements = [query["sql"].split()[0].upper() for query in asked.captured_queries]
    assert statements == ["SELECT", "SELECT"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_effect_is_outside_any_transaction(work: Work) -> None:
    inside: list[bool] = []
    work.on_call = lambda: inside.append(connection.in_atomic_block)
    enqueue(kind=KIND, payload={})
    run_due_jobs()
    assert inside == [False]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_several_workers_do_each_job_once(work: Work) -> None:
    for number in range(60):
        enqueue(kind=KIND, payload={"n": number})

    def worker(_: int) -> int:
        done = 0
        while Job.objects.filter(state=Job.State.PENDING).exists():
            done += run_due_jobs(batch=3)
        return done

    assert sum(on_threads(4, worker)) == 60
    assert sorted(int(str(payload["n"])) for payload in work.done) == list(range(60))
    assert set(Job.objects.values_list("state", "attempts")) == {(Job.State.DONE, 1)}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_twenty_acts_at_once_with_one_dedupe_key_leave_one_job(work: Work) -> None:
    made = on_threads(20, lambda number: enqueue(kind=KIND, payload={"n": number}, dedupe_key="once"))
    assert set(made) == {Job.objects.get().key}
