"""The one queue of work that must not be lost: mails, texts, and later exports, imports and sealing.

A job is a row written in the transaction of the act that needs it; the worker reads due rows and nothing else starts
them. A job is leased, done outside any transaction, and finished only by the holder of its lease. Bodies are sealed
under a key of their day, which is destroyed after a week.
Source: docs/decisions/0004-jobs.md
"""

import json
import logging
import random
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from core import keys
from core.crypto.sealing import SealBroken, seal, unseal
from core.db import database_now
from core.limits import JOB_BATCH, JOB_FIRST_WAIT_SECONDS, JOB_LEASE_SECONDS, JOB_LONGEST_WAIT_SECONDS
from core.models import Job

logger = logging.getLogger("portal.jobs")

Payload = dict[str, object]


class TryLater(Exception):
    """The work was certainly not done and may be tried again."""


class AskLater(Exception):
    """The result is unknown: look again before anything is repeated.

    Args:
        seconds: how long to wait before asking.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class GiveUp(Exception):
    """The work cannot be done.

    Args:
        reason: fixed word of the log, at most 60 characters; never a value.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Handler(Protocol):
    """What does one kind of job."""

    def __call__(
        self, payload: Payload, *, attempt: int, job_key: uuid.UUID, unknown_since: datetime | None
    ) -> None: ...


_handlers: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register a function as the one that does a kind of job."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def enqueue(
    *, kind: str, payload: Payload, dedupe_key: str | None = None, give_up_at: datetime | None = None
) -> uuid.UUID:
    """Write down work in the caller's transaction and return its key.

    Args:
        payload: JSON values; sealed before it is stored.
        dedupe_key: where a job of this key exists already, nothing is written and its key is returned.
        give_up_at: aware instant after which trying is useless.
    """
    now, key = database_now(), uuid.uuid4()
    day = now.astimezone(UTC).date()
    job = Job(
        key=key,
        kind=kind,
        body=seal(keys.daily(day), json.dumps(payload).encode(), place=f"job:{key}"),
        body_key_on=day,
        created_at=now,
        next_at=now,
        give_up_at=give_up_at,
        dedupe_key=dedupe_key,
    )
    # Two callers with one dedupe key: the unique constraint keeps the first row, the second insert does nothing.
    Job.objects.bulk_create([job], ignore_conflicts=dedupe_key is not None)
    if dedupe_key is None:
        return key
    return Job.objects.values_list("key", flat=True).get(dedupe_key=dedupe_key)


def lease_due_jobs(*, batch: int = JOB_BATCH) -> list[Job]:
    """Take the oldest due jobs for this worker, for the time of one lease."""
    now, claim = database_now(), uuid.uuid4()
    due = _due(now)
    # A first look in autocommit: an idle worker takes no lock.
    if not due.exists():
        return []
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        chosen = list(due.values_list("pk", flat=True)[:batch])
        Job.objects.filter(pk__in=chosen).update(
            state=Job.State.LEASED,
            lease_until=now + timedelta(seconds=JOB_LEASE_SECONDS),
            claim=claim,
            attempts=F("attempts") + 1,
        )
    return list(Job.objects.filter(claim=claim, state=Job.State.LEASED).order_by("next_at", "pk"))


def run(job: Job) -> None:
    """Do one leased job and write down what came of it; nothing where the lease has passed to another worker."""
    if not _renew(job):
        return
    if job.give_up_at is not None and job.give_up_at <= database_now():
        _finish(job, Job.State.FAILED, "too late")
        return
    try:
        _handlers[job.kind](_payload(job), attempt=job.attempts, job_key=job.key, unknown_since=job.unknown_since)
    except TryLater:
        _again(job, _wait_seconds(job.attempts))
    except AskLater as later:
        _again(job, later.seconds, is_unknown=True)
    except GiveUp as refusal:
        _finish(job, Job.State.FAILED, refusal.reason)
    except SealBroken:
        _finish(job, Job.State.FAILED, "body does not open")
    except Exception as error:
        logger.error("job.fault", extra={"kind": job.kind, "job": str(job.key), "fault": type(error).__name__})
        _again(job, _wait_seconds(job.attempts))
    else:
        _finish(job, Job.State.DONE, "")


def hand_back(jobs: list[Job]) -> None:
    """Return leased jobs that were not begun, so that another worker takes them at once."""
    for job in jobs:
        _held(job).update(state=Job.State.PENDING, lease_until=None, claim=None, attempts=F("attempts") - 1)


def _due(now: datetime) -> QuerySet[Job]:
    is_due = Q(state=Job.State.PENDING, next_at__lte=now) | Q(state=Job.State.LEASED, lease_until__lt=now)
    return Job.objects.filter(is_due).order_by("next_at", "pk")


def _payload(job: Job) -> Payload:
    if job.body is None:
        raise SealBroken
    body: Payload = json.loads(unseal(keys.daily(job.body_key_on), bytes(job.body), place=f"job:{job.key}"))
    return body


def _renew(job: Job) -> bool:
    """Begin the lease anew: the jobs before this one of the batch may have used most of it up."""
    return _held(job).update(lease_until=database_now() + timedelta(seconds=JOB_LEASE_SECONDS)) == 1


def _held(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, claim=job.claim, state=Job.State.LEASED)


def _finish(job: Job, state: str, reason: str) -> None:
    _held(job).update(
        state=state, reason=reason[:60], lease_until=None, claim=None, finished_at=database_now(), body=None
    )


def _again(job: Job, seconds: float, *, is_unknown: bool = False) -> None:
    now = database_now()
    _held(job).update(
        state=Job.State.PENDING,
        lease_until=None,
        claim=None,
        next_at=now + timedelta(seconds=seconds),
        unknown_since=(job.unknown_since or now) if is_unknown else None,
    )


def _wait_seconds(attempts: int) -> float:
    wait = min(JOB_FIRST_WAIT_SECONDS * 2 ** (attempts - 1), JOB_LONGEST_WAIT_SECONDS)
    return float(wait) * random.uniform(0.8, 1.2)  # noqa: S311  (spreads retries; not a secret)
