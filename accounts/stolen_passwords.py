"""The passwords that thieves try first, kept as short digests: the list is small, and nobody has to read it.

Source: docs/decisions/0023-stolen-passwords.md
"""

from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path

LIST = Path(__file__).with_name("stolen_passwords.bin")
# A text that is not in the list is found in it once in ten million times.
DIGEST_BYTES = 5


class StolenPasswords:
    """Sorted digests, one behind the other; letters count the same in either case."""

    def __init__(self, digests: bytes) -> None:
        self.digests = digests

    def __len__(self) -> int:
        return len(self.digests) // DIGEST_BYTES

    def __contains__(self, password: str) -> bool:
        wanted = digest_of(password)
        return self._at(bisect_left(range(len(self)), wanted, key=self._at)) == wanted

    def _at(self, place: int) -> bytes:
        return self.digests[place * DIGEST_BYTES : (place + 1) * DIGEST_BYTES]


@cache
def stolen_passwords() -> StolenPasswords:
    """Return the list, read once in a process."""
    return StolenPasswords(LIST.read_bytes())


def fold(password: str) -> str:
    """Return what two passwords share that thieves do not tell apart."""
    return password.casefold().strip()


def digest_of(password: str) -> bytes:
    """Return what the list holds of a password."""
    return blake2b(fold(password).encode(), digest_size=DIGEST_BYTES).digest()


def pack(passwords: Iterable[str]) -> bytes:
    """Return the list of some passwords, as it is kept."""
    return b"".join(sorted({digest_of(password) for password in passwords if fold(password)}))
