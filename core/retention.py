"""What the machinery's tables and folders forget, and when."""

from datetime import datetime, timedelta

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


def forget_what_is_over(now: datetime) -> None:
    """Delete spent codes, ended windows, old jobs and texts, the bodies of jobs older than their key, broken uploads.

    What the apps above forget is named in the setting RETENTION_STEPS, since nothing here may import them.
    """
    Code.objects.filter(challenge_ends_at__lt=now - timedelta(seconds=SPENT_CODE_KEPT_SECONDS)).delete()
    # An ended window is kept a little: that it has ended is itself remembered (the waits after wrong passwords).
    Counter.objects.filter(ends_at__lt=now - timedelta(seconds=ENDED_WINDOW_KEPT_SECONDS)).delete()
    Heartbeat.objects.filter(seen_at__lt=now - timedelta(seconds=10 * WORKER_SEEN_SECONDS)).delete()
    forget_old_texts(now)
    blobs().sweep_arriving(now - timedelta(seconds=ARRIVING_KEPT_SECONDS))
    Job.objects.filter(finished_at__lt=now - timedelta(days=JOB_KEPT_DAYS)).delete()
    for step in settings.RETENTION_STEPS:
        import_string(step)(now)
    Job.objects.filter(body__isnull=False, body_key_on__lt=(now - timedelta(days=JOB_BODY_KEPT_DAYS)).date()).update(
        state=Job.State.FAILED, reason="too old", body=None, lease_until=None, claim=None, finished_at=now
    )
