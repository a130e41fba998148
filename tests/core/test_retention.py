"""What the machinery forgets, and what it keeps until then."""

from datetime import datetime, timedelta

import pytest

from core import jobs, throttle
from core.codes import issue_code
from core.db import database_now
from core.limits import (
    ENDED_WINDOW_KEPT_SECONDS,
    JOB_BODY_KEPT_DAYS,
    JOB_KEPT_DAYS,
    SPENT_CODE_KEPT_SECONDS,
    WORKER_SEEN_SECONDS,
)
from core.models import Code, Counter, Heartbeat, Job
from core.retention import forget_what_is_over
from core.throttle import Limit

pytestmark = pytest.mark.django_db

LIMIT = Limit("test.limit", 1, 60)
MOMENT = timedelta(seconds=2)


@pytest.fixture
def now() -> datetime:
    return database_now()


def test_a_spent_code_is_kept_for_a_day(now: datetime) -> None:
    issue_code(purpose="sign-in", subject="user:1")
    last = now - timedelta(seconds=SPENT_CODE_KEPT_SECONDS)
    Code.objects.update(challenge_ends_at=last + MOMENT)
    forget_what_is_over(now)
    assert Code.objects.exists()
    Code.objects.update(challenge_ends_at=last - MOMENT)
    forget_what_is_over(now)
    assert not Code.objects.exists()


def test_an_ended_window_is_kept_for_a_day(now: datetime) -> None:
    throttle.take(LIMIT, "a")
    last = now - timedelta(seconds=ENDED_WINDOW_KEPT_SECONDS)
    Counter.objects.update(ends_at=last + MOMENT)
    forget_what_is_over(now)
    assert Counter.objects.exists()
    Counter.objects.update(ends_at=last - MOMENT)
    forget_what_is_over(now)
    assert not Counter.objects.exists()


def test_a_worker_not_seen_for_long_is_forgotten(now: datetime) -> None:
    Heartbeat.objects.create(worker="old", seen_at=now - timedelta(seconds=11 * WORKER_SEEN_SECONDS))
    Heartbeat.objects.create(worker="late", seen_at=now - timedelta(seconds=2 * WORKER_SEEN_SECONDS))
    forget_what_is_over(now)
    assert [row.worker for row in Heartbeat.objects.all()] == ["late"]


def test_a_finished_job_is_kept_without_its_body(now: datetime) -> None:
    jobs.enqueue(kind="test.unheard-of", payload={})
    Job.objects.update(state=Job.State.DONE, body=None, finished_at=now - timedelta(days=JOB_KEPT_DAYS) + MOMENT)
    forget_what_is_over(now)
    assert Job.objects.exists()
    Job.objects.update(finished_at=now - timedelta(days=JOB_KEPT_DAYS) - MOMENT)
    forget_what_is_over(now)
    assert not Job.objects.exists()


@pytest.mark.parametrize("state", [Job.State.PENDING, Job.State.LEASED])
def test_a_body_older_than_its_key_is_given_up(now: datetime, state: str) -> None:
    key = jobs.enqueue(kind="test.unheard-of", payload={})
    if state == Job.State.LEASED:
        jobs.lease_due_jobs()
    last = (now - timedelta(days=JOB_BODY_KEPT_DAYS)).date()
    Job.objects.update(body_key_on=last)
    forget_what_is_over(now)
    assert Job.objects.get(key=key).state == state
    Job.objects.update(body_key_on=last - timedelta(days=1))
    forget_what_is_over(now)
    job = Job.objects.get(key=key)
    assert (job.state, job.reason, job.body, job.claim) == (Job.State.FAILED, "too old", None, None)
    assert job.finished_at == now


def test_what_is_alive_stays(now: datetime) -> None:
    issue_code(purpose="sign-in", subject="user:1")
    throttle.take(LIMIT, "a")
    jobs.enqueue(kind="test.unheard-of", payload={})
    forget_what_is_over(now)
    assert (Code.objects.count(), Counter.objects.count(), Job.objects.get().state) == (1, 1, Job.State.PENDING)
