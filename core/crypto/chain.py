"""A chain of facts: each digest holds the one before it, so that nothing can be changed, dropped or moved unseen.

Personal values are not in the digest but behind it, each in a commitment SHA-256(salt, value): a value is erased
together with its salt, and the chain still holds.

    digest = SHA-256 over length-prefixed parts: "event", previous, number, canonical facts, then name and commitment
             of each personal field in order of names

Source: RFC 6962 section 2 (the idea of an append-only log); docs/decisions/0031-event-log.md
"""

import hashlib
import os
from collections.abc import Mapping

from core.crypto.canonical import canonical_json

DIGEST_BYTES = 32
START = bytes(DIGEST_BYTES)


def new_salt() -> bytes:
    """Return 16 fresh random bytes, one salt for one personal value."""
    return os.urandom(16)


def commit_to(salt: bytes, value: str) -> bytes:
    """Return the commitment to one personal value, 32 bytes."""
    return _digest([b"person", salt, value.encode()])


def link_digest(previous: bytes, number: int, facts: object, commitments: Mapping[str, bytes]) -> bytes:
    """Return the digest of a link, 32 bytes.

    Args:
        previous: digest of the link before it; `START` for the first one.
        number: 1 for the first one, without gaps.
        facts: JSON value without floats.
        commitments: 32 bytes by the name of the personal field.
    """
    parts = [b"event", previous, number.to_bytes(8, "big"), canonical_json(facts)]
    for name in sorted(commitments):
        parts += [name.encode(), commitments[name]]
    return _digest(parts)


def _digest(parts: list[bytes]) -> bytes:
    return hashlib.sha256(b"".join([len(part).to_bytes(8, "big") + part for part in parts])).digest()
