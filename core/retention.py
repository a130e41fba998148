"""What the machinery's tables and folders forget, and when."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.utils.module_loading import import_string

from core.blobs import blobs
from core.limits import (
    ARRIVING_KEPT_SECONDS,
    ENDED_WINDOW_KEPT_SECONDS,
    JOB_BODY_KEPT_DAYS,
    JOB_KEPT_DAYS,
    SPENT_CODE_KEPT_SECONDS,
    WORKER_SEEN_SECONDS,
)
from core.models import Code, Counter, Heartbeat, Job
from core.sms.records import forget_old_texts
from core.steps import take_all, take_step


def forget_what_is_over(now: datetime) -> bool:
    """Delete spent codes, ended windows, old jobs and texts, the bodies of jobs older than their key, broken uploads.

    What the apps above forget is named in the setting RETENTION_STEPS, since nothing here may import them.

    Returns:
        Whether every step ended well; a fault in one keeps none of the others from being taken.
    """
    steps: list[Callable[[datetime], object]] = [
        *(_forget_codes, _forget_windows, _forget_workers, forget_old_texts, _sweep_arriving, _forget_jobs),
        *map(import_string, settings.RETENTION_STEPS),
        _forget_bodies,
    ]
    return take_step("retention", partial(take_all, steps, now)).is_well


def _forget_codes(now: datetime) -> None:
    Code.objects.filter(challenge_ends_at__lt=now - timedelta(seconds=SPENT_CODE_KEPT_SECONDS)).delete()


def _forget_windows(now: datetime) -> None:
    # An ended window is kept a little: that it has ended is itself remembered (the waits after wrong passwords).
    Counter.objects.filter(ends_at__lt=now - timedelta(seconds=ENDED_WINDOW_KEPT_SECONDS)).delete()


def _forget_workers(now: datetime) -> None:
    Heartbeat.objects.filter(seen_at__lt=now - timedelta(seconds=10 * WORKER_SEEN_SECONDS)).delete()


def _sweep_arriving(now: datetime) -> None:
    blobs().sweep_arriving(now - timedelta(seconds=ARRIVING_KEPT_SECONDS))


def _forget_jobs(now: datetime) -> None:
    Job.objects.filter(finished_at__lt=now - timedelta(days=JOB_KEPT_DAYS)).delete()


def _forget_bodies(now: datetime) -> None:
    Job.objects.filter(body__isnull=False, body_key_on__lt=(now - timedelta(days=JOB_BODY_KEPT_DAYS)).date()).update(
        state=Job.State.FAILED, reason="too old", body=None, lease_until=None, claim=None, finished_at=now
    )
