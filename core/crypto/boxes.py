"""Boxes that anybody can close and only the holder of a private key opens.

A version byte, then an HPKE message in base mode: X25519, HKDF-SHA-256, AES-256-GCM. What a box is about goes into
`info`: it opens for nothing else. The byte leaves room for a hybrid with ML-KEM-768.
Source: RFC 9180; docs/decisions/0030-account-keys.md
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from core.crypto.sealing import SealBroken
from core.crypto.secret import Secret

VERSION = b"\x01"
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def new_key_pair() -> tuple[Secret, bytes]:
    """Return a private key (32 bytes) and its public key (32 bytes)."""
    private = X25519PrivateKey.generate()
    return Secret(private.private_bytes_raw()), private.public_key().public_bytes_raw()


def close_box(public_key: bytes, content: Secret, *, about: bytes) -> bytes:
    """Return a value closed for the holder of a public key.

    Args:
        about: what the value belongs to; the box opens with the same bytes only.
    """
    key = X25519PublicKey.from_public_bytes(public_key)
    return VERSION + _SUITE.encrypt(content.reveal(), key, info=about)


def open_box(private_key: Secret, box: bytes, *, about: bytes) -> Secret:
    """Return what a box holds.

    Raises:
        SealBroken: another key, another subject, changed bytes, or a version this program does not know.
    """
    if box[:1] != VERSION:
        raise SealBroken
    key = X25519PrivateKey.from_private_bytes(private_key.reveal())
    try:
        return Secret(_SUITE.decrypt(box[1:], key, info=about))
    except (InvalidTag, ValueError):
        raise SealBroken from None
