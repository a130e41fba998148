"""The key directory: root key, pepper, Django's secret key, a key per day for the bodies of jobs, a key per week.

A key of a week seals what may be opened until some instant of that week. It is destroyed a week after the week's end,
and with it whatever still lies in a backup.
Only `manage.py create_keys` and the worker write here; everything else reads. A missing, short or readable-by-others
key stops the start with one clear line and is never replaced.
Source: docs/decisions/0006-keys.md, docs/decisions/0033-weekly-keys-and-blobs.md
"""

import os
import secrets
import stat
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.crypto import sealing
from core.disk import sync_folder
from core.limits import JOB_BODY_KEPT_DAYS, KEYS_AHEAD_DAYS, KEYS_AHEAD_WEEKS, WEEKLY_KEY_KEPT_WEEKS

ROOT, PEPPER, SECRET = "root.key", "pepper.key", "secret_key"
DAILY, WEEKLY = "daily", "weekly"


def read_key_file(directory: Path, name: str) -> bytes:
    """Return a key file's bytes.

    Raises:
        ImproperlyConfigured: the file is missing, too short, or others may read it.
    """
    path = directory / name
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        raise ImproperlyConfigured(f"The key directory lacks {name}. Run manage.py create_keys once.") from None
    if mode & 0o077:
        raise ImproperlyConfigured(f"The key file {name} may be read by others. Set its mode to 0600.")
    value = path.read_bytes()
    if len(value) < sealing.KEY_BYTES:
        raise ImproperlyConfigured(f"The key file {name} is too short.")
    return value


def create_missing_keys(directory: Path, today: date) -> list[str]:
    """Create the keys that do not exist yet and return their names; an existing key is left alone."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    wanted: dict[str, Callable[[], bytes]] = {
        ROOT: sealing.new_key,
        PEPPER: sealing.new_key,
        SECRET: lambda: secrets.token_urlsafe(64).encode(),
    }
    created = [name for name, make in wanted.items() if _create(directory / name, make())]
    return created + prepare_keys(directory, today)


def prepare_keys(directory: Path, today: date) -> list[str]:
    """Create the keys of the days and weeks ahead and return the new names."""
    days = [today + timedelta(days=ahead) for ahead in range(-1, KEYS_AHEAD_DAYS + 1)]
    return _create_dated(directory / DAILY, days) + prepare_weeks(directory, today)


def prepare_weeks(directory: Path, today: date) -> list[str]:
    """Create the keys of the weeks ahead of a day and return the new names."""
    return _create_dated(directory / WEEKLY, _weeks_ahead(today))


def destroy_old_keys(directory: Path, today: date) -> list[str]:
    """Delete the keys of days whose jobs may have no body any more and of weeks long over, and return their names."""
    oldest_day = today - timedelta(days=JOB_BODY_KEPT_DAYS)
    oldest_week = _monday_on(today) - timedelta(weeks=WEEKLY_KEY_KEPT_WEEKS)
    return _destroy_before(directory / DAILY, oldest_day) + _destroy_before(directory / WEEKLY, oldest_week)


def missing_weeks(today: date) -> list[str]:
    """Return the Mondays of the weeks whose key should have been made and was not.

    The last week ahead is not asked for: it begins to be wanted with each Monday, before the worker can have made it.
    """
    existing = _names(Path(settings.KEY_DIR) / WEEKLY)
    return [monday.isoformat() for monday in _weeks_ahead(today)[:-1] if monday.isoformat() not in existing]


def monday_of(instant: datetime) -> date:
    """Return the Monday that names the ISO week, in UTC, of an aware instant."""
    return _monday_on(instant.astimezone(UTC).date())


def derived(purpose: str, context: bytes = b"") -> bytes:
    """Return the 32-byte key of one purpose under the root key."""
    return sealing.derive_key(_cached(str(settings.KEY_DIR), ROOT), purpose=purpose, context=context)


def pepper(purpose: str) -> bytes:
    """Return the 32-byte pepper of one purpose, for keyed hashes of codes, numbers and networks."""
    return sealing.derive_key(_cached(str(settings.KEY_DIR), PEPPER), purpose=purpose)


def daily(day: date) -> bytes:
    """Return the key that seals the bodies of jobs made on one UTC day; read each time, since it will be destroyed.

    Raises:
        ImproperlyConfigured: the key was destroyed, or the worker has not made it yet.
    """
    return read_key_file(Path(settings.KEY_DIR), f"{DAILY}/{day.isoformat()}")


def weekly(monday: date) -> bytes:
    """Return the key of one week; read each time, since it will be destroyed.

    Args:
        monday: the week's first day, as `monday_of` gives it.

    Raises:
        ImproperlyConfigured: the key was destroyed, or the worker has not made it yet.
    """
    return read_key_file(Path(settings.KEY_DIR), f"{WEEKLY}/{monday.isoformat()}")


def fingerprint() -> str:
    """Return a short public name of the root key, kept in the database to notice a wrong key."""
    return sealing.keyed_hash(_cached(str(settings.KEY_DIR), ROOT), "fingerprint").hex()[:16]


@lru_cache(maxsize=8)
def _cached(directory: str, name: str) -> bytes:
    return read_key_file(Path(directory), name)


def _create(path: Path, value: bytes) -> bool:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
    return True


def _create_dated(folder: Path, days: Iterable[date]) -> list[str]:
    """Create the keys of a folder that are missing; one listing tells which, so that a repetition costs nothing."""
    folder.mkdir(mode=0o700, exist_ok=True)
    existing = _names(folder)
    missing = [name for day in days if (name := day.isoformat()) not in existing]
    created = [_name(folder, name) for name in missing if _create(folder / name, sealing.new_key())]
    if created:
        sync_folder(folder)
    return created


def _destroy_before(folder: Path, oldest: date) -> list[str]:
    old = sorted(name for name in _names(folder) if name < oldest.isoformat())
    for name in old:
        (folder / name).unlink(missing_ok=True)
    return [_name(folder, name) for name in old]


def _name(folder: Path, day: str) -> str:
    """Return what a key is called in the key directory: days and weeks are both dates."""
    return f"{folder.name}/{day}"


def _names(folder: Path) -> set[str]:
    return set(os.listdir(folder)) if folder.is_dir() else set()


def _weeks_ahead(today: date) -> list[date]:
    return [_monday_on(today) + timedelta(weeks=ahead) for ahead in range(KEYS_AHEAD_WEEKS + 1)]


def _monday_on(day: date) -> date:
    return day - timedelta(days=day.weekday())
