"""The key directory: root key, pepper, Django's secret key, and one key per day for the bodies of jobs.

Only `manage.py create_keys` and the worker write here; everything else reads. A missing, short or readable-by-others
key stops the start with one clear line and is never replaced.
Source: docs/decisions/0006-keys.md
"""

import os
import secrets
import stat
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.crypto import sealing
from core.limits import JOB_BODY_KEPT_DAYS, KEYS_AHEAD_DAYS

ROOT, PEPPER, SECRET = "root.key", "pepper.key", "secret_key"
DAILY = "daily"


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
    (directory / DAILY).mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    wanted: dict[str, Callable[[], bytes]] = {
        ROOT: sealing.new_key,
        PEPPER: sealing.new_key,
        SECRET: lambda: secrets.token_urlsafe(64).encode(),
    }
    created = [name for name, make in wanted.items() if _create(directory / name, make())]
    return created + prepare_daily_keys(directory, today)


def prepare_daily_keys(directory: Path, today: date) -> list[str]:
    """Create the daily keys of today and the days ahead and return the new names."""
    days = (today + timedelta(days=ahead) for ahead in range(-1, KEYS_AHEAD_DAYS + 1))
    return [day.isoformat() for day in days if _create(directory / DAILY / day.isoformat(), sealing.new_key())]


def destroy_old_daily_keys(directory: Path, today: date) -> list[str]:
    """Delete daily keys older than a job's body may live and return their names."""
    last_kept = (today - timedelta(days=JOB_BODY_KEPT_DAYS)).isoformat()
    old = [path for path in _daily_files(directory) if path.name < last_kept]
    for path in old:
        path.unlink(missing_ok=True)
    return [path.name for path in old]


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


def _daily_files(directory: Path) -> Iterable[Path]:
    return sorted((directory / DAILY).iterdir())
