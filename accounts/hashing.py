"""Password hashes: Argon2id, one at a time in a process, few waiting.

More waiters than free threads would let a flood of sign-ins hold every page; the surplus is asked to come back.
Source: RFC 9106; docs/decisions/0002-user-model.md
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password

from accounts.errors import HashingBusy
from accounts.limits import HASHES_AT_ONCE, HASHES_WAITING

_turn = threading.BoundedSemaphore(HASHES_AT_ONCE)
_places = threading.BoundedSemaphore(HASHES_AT_ONCE + HASHES_WAITING)


class PortalPasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


@contextmanager
def hashing_turn() -> Iterator[None]:
    """Wait for this process's turn to hash.

    Raises:
        HashingBusy: too many wait already.
    """
    if not _places.acquire(blocking=False):
        raise HashingBusy
    try:
        with _turn:
            yield
    finally:
        _places.release()


def is_right_password(password: str, encoded: str | None) -> bool:
    """Compare a typed password with a stored hash; without a stored hash as much work is done.

    Raises:
        HashingBusy: too many wait already.
    """
    with hashing_turn():
        if encoded:
            return check_password(password, encoded)
        make_password(password)
        return False


def is_outdated(encoded: str) -> bool:
    """Tell whether a stored hash was made with weaker settings than today's."""
    return PortalPasswordHasher().must_update(encoded)


def hash_password(password: str) -> str:
    """Return the stored form of a password.

    Raises:
        HashingBusy: too many wait already.
    """
    with hashing_turn():
        return make_password(password)
