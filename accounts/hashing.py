"""Password hashes: Argon2id, one at a time in a process, few waiting.

More waiters than free threads would let a flood of sign-ins hold every page; the surplus is asked to come back.
Source: RFC 9106; docs/decisions/0002-user-model.md
"""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password

from accounts.errors import HashingBusy
from accounts.limits import HASHES_AT_ONCE, HASHES_WAITING

_turn = threading.BoundedSemaphore(HASHES_AT_ONCE)
_places = threading.BoundedSemaphore(HASHES_AT_ONCE + HASHES_WAITING)


class PortalPasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane; keyboards that write é as one sign or as two are the same."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Return the stored form of a password."""
        return super().encode(_composed(password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Tell whether a password is the one of a stored form."""
        return super().verify(_composed(password), encoded)


def _composed(password: str) -> str:
    """Return a password with its accents composed (NFC, Unicode Standard Annex 15); nothing else is changed."""
    return unicodedata.normalize("NFC", password)


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
