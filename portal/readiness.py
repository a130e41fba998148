"""What must be right before visitors are let in."""

import shutil
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from core import keys, limits
from core.db import database_now
from core.models import Heartbeat


def what_is_not_ready() -> list[str]:
    """Return the names of what is not right; nothing when all is well."""
    return [name for name, is_right in CHECKS.items() if not _holds(is_right)]


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, ImproperlyConfigured, OSError):
        return False


def _migrations_are_done() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _keys_are_there() -> bool:
    """Tell whether the root key opens and today's key, without which no mail can be written, was made."""
    return bool(keys.fingerprint() and keys.daily(database_now().date()))


def _weekly_keys_are_there() -> bool:
    """Tell whether anything may be sent, whenever it shall end: the key of this week opens, no later one is missing."""
    today = database_now()
    return bool(keys.weekly(keys.monday_of(today))) and not keys.missing_weeks(today.date())


def _worker_was_seen() -> bool:
    since = database_now() - timedelta(seconds=limits.WORKER_SEEN_SECONDS)
    return Heartbeat.objects.filter(seen_at__gte=since).exists()


def _clock_is_right() -> bool:
    return abs((timezone.now() - database_now()).total_seconds()) < limits.CLOCK_DIFFERENCE_SECONDS


def _disk_has_room() -> bool:
    usage = shutil.disk_usage(settings.DATA_DIR)
    return usage.free >= limits.DISK_FREE_BYTES and usage.free >= usage.total * limits.DISK_FREE_SHARE


CHECKS: dict[str, Callable[[], bool]] = {
    "database": lambda: bool(database_now()),
    "migrations": _migrations_are_done,
    "keys": _keys_are_there,
    "weekly_keys": _weekly_keys_are_there,
    "worker": _worker_was_seen,
    "clock": _clock_is_right,
    "disk": _disk_has_room,
}
