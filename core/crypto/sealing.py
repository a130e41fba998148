"""Small values sealed with AES-256-GCM, and keys derived with HKDF.

Source: NIST SP 800-38D (GCM), RFC 5869 (HKDF), RFC 2104 (HMAC); docs/decisions/0006-keys.md
"""

import hashlib
import hmac
import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12


class SealBroken(Exception):
    """A sealed value does not open: wrong key, wrong place, or changed bytes."""


def new_key() -> bytes:
    """Return 32 fresh random bytes."""
    return os.urandom(KEY_BYTES)


def derive_key(key: bytes, *, purpose: str, context: bytes = b"") -> bytes:
    """Derive a 32-byte key for one purpose.

    Args:
        key: at least 32 uniformly random bytes.
        purpose: fixed ASCII name; two purposes never share a key.
        context: what else the key is bound to.
    """
    return expand_key(key, salt=b"", info=b"\x00".join([b"portal", purpose.encode("ascii"), context]))


def expand_key(key: bytes, *, salt: bytes, info: bytes) -> bytes:
    """Return HKDF-SHA-256 of a key, 32 bytes; for formats whose `info` is fixed byte for byte."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(key)


def seal(key: bytes, plaintext: bytes, *, place: str) -> bytes:
    """Seal a value for one place and return nonce and ciphertext.

    Args:
        key: 32 bytes.
        place: where the value lives (table:column:row); it opens nowhere else.
    """
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, place.encode())


def unseal(key: bytes, sealed: bytes, *, place: str) -> bytes:
    """Open what `seal` returned.

    Raises:
        SealBroken: another key, another place, or changed bytes.
    """
    return opener(key)(sealed, place)


def opener(key: bytes) -> Callable[[bytes, str], bytes]:
    """Return what opens values that were sealed with one key, each with its place, as `unseal` does.

    To prepare the cipher costs as much as to open a small value.
    """
    cipher = AESGCM(key)

    def unseal_one(sealed: bytes, place: str) -> bytes:
        value = bytes(sealed)
        try:
            return cipher.decrypt(value[:NONCE_BYTES], value[NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken from error

    return unseal_one


def keyed_hash(key: bytes, *parts: str | bytes) -> bytes:
    """Return HMAC-SHA-256 over length-prefixed parts, 32 bytes."""
    digest = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.digest()
