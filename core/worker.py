"""The worker: does due jobs, keeps the schedule, and leaves when its parent is gone."""

import logging
import os
import signal
import socket
import time
from datetime import UTC, datetime
from types import FrameType

from django.conf import settings
from django.db import OperationalError, close_old_connections
from django.utils.module_loading import import_string

from core import jobs, keys, retention
from core.db import database_now
from core.limits import HEARTBEAT_SECONDS, RETENTION_EVERY_SECONDS, WORKER_POLL_SECONDS
from core.models import Heartbeat
from core.sms.stops import watch_countries
from core.steps import take_step

logger = logging.getLogger("portal.worker")


class Worker:
    """One process that works through the queue until it is told to stop.

    Args:
        parent_pid: leave when this process is no longer the parent; None never looks.
    """

    def __init__(self, parent_pid: int | None = None) -> None:
        self.parent_pid = parent_pid
        self.is_stopping = False
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}"
        self._next_beat = self._next_cleaning = 0.0

    def run(self) -> None:
        """Work until a signal arrives or the parent is gone."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        while not self.is_stopping and not self._is_orphan():
            try:
                self._keep_schedule()
                is_busy = self._take_steps() | bool(self._work())
            except OperationalError:
                logger.warning("worker.database_away")
                close_old_connections()
                is_busy = False
            if not is_busy:
                time.sleep(WORKER_POLL_SECONDS)
        Heartbeat.objects.filter(worker=self.name).delete()

    def _work(self) -> int:
        leased = jobs.lease_due_jobs()
        for done, job in enumerate(leased):
            if self.is_stopping:
                jobs.hand_back(leased[done:])
                break
            jobs.run(job)
        return len(leased)

    def _take_steps(self) -> bool:
        """Do what the apps above do each round, and tell whether one of them has more to do at once.

        They are named in the setting WORKER_STEPS, since nothing here may import them.
        """
        outcomes = [take_step(step, import_string(step)) for step in settings.WORKER_STEPS]
        return any(outcome.answer for outcome in outcomes)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.is_stopping = True

    def _is_orphan(self) -> bool:
        return self.parent_pid is not None and os.getppid() != self.parent_pid

    def _keep_schedule(self) -> None:
        if time.monotonic() >= self._next_beat:
            self._next_beat = time.monotonic() + HEARTBEAT_SECONDS
            self._do_what_is_due(database_now())

    def _do_what_is_due(self, now: datetime) -> None:
        """Beat, and look after keys, countries and what is over; a fault in one keeps none of the others from it."""
        today = now.astimezone(UTC).date()
        take_step("heartbeat", lambda: self._beat(now))
        take_step("keys", lambda: keys.prepare_keys(settings.KEY_DIR, today))
        take_step("countries", lambda: watch_countries(now))
        if time.monotonic() >= self._next_cleaning:
            self._next_cleaning = time.monotonic() + RETENTION_EVERY_SECONDS
            # Not before, nor behind a fault: what outlives the key of a day is moved from under it there, also after
            # days without a worker.
            if retention.forget_what_is_over(now):
                take_step("old keys", lambda: keys.destroy_old_keys(settings.KEY_DIR, today))

    def _beat(self, now: datetime) -> None:
        Heartbeat.objects.update_or_create(worker=self.name, defaults={"seen_at": now})
