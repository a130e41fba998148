"""Secret links: how a secret that is never stored is recognized, and how it carries a data key.

    recognizer  SHA-256(HKDF(secret, salt, "sx1 auth" | locator))           stored: tells the right secret
    wrap key    HKDF(secret | gate key, salt, "sx1 wrap" | locator | holder | SHA-256(policy))
    wrap        AES-256-GCM(wrap key, data key, "sx1 dk" | whole | holder)  stored
    amendment   HMAC(HKDF(data key, "", "sx1 amend" | whole), holder | canonical terms)

The policy's hash is in the wrap key: whoever can write to the database can neither take a proof away nor lengthen a
life. An amendment needs the data key, so only somebody who may read can lengthen it. Secrets have 256 random bits and
need no stretching.
Source: RFC 5869, RFC 2104, NIST SP 800-38D; docs/decisions/0029-links.md
"""

import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.crypto.canonical import canonical_json
from core.crypto.sealing import KEY_BYTES, NONCE_BYTES, SealBroken, expand_key, keyed_hash
from core.crypto.secret import Secret


@dataclass(frozen=True, slots=True)
class LinkName:
    """What a link belongs to: its public locator, its holder, and the whole it opens.

    Args:
        locator: 16 random bytes, part of the address.
        salt: 32 random bytes, drawn with the secret.
        holder: 16 bytes naming the person the link was made for.
        whole: 16 bytes naming what it opens.
    """

    locator: bytes
    salt: bytes
    holder: bytes
    whole: bytes


def new_secret() -> Secret:
    """Return 32 fresh random bytes that show themselves to nobody."""
    return Secret(os.urandom(KEY_BYTES))


def recognizer(secret: Secret, name: LinkName) -> bytes:
    """Return the 32 bytes by which a link's secret is recognized before any key is touched."""
    auth = expand_key(secret.reveal(), salt=name.salt, info=b"sx1 auth" + name.locator)
    return hashlib.sha256(auth).digest()


def policy_hash(policy: object) -> bytes:
    """Return SHA-256 of a policy's canonical JSON, 32 bytes."""
    return hashlib.sha256(canonical_json(policy)).digest()


def wrap_data_key(
    data_key: Secret, *, secret: Secret, gate_key: Secret, name: LinkName, policy: bytes, nonce: bytes = b""
) -> bytes:
    """Return the data key wrapped for a link, nonce first, 60 bytes.

    Args:
        policy: the 32 bytes of `policy_hash`.
        nonce: 12 bytes; given only to reproduce a known wrap.
    """
    nonce = nonce or os.urandom(NONCE_BYTES)
    key = _wrap_key(secret, gate_key, name, policy)
    return nonce + AESGCM(key).encrypt(nonce, data_key.reveal(), b"sx1 dk" + name.whole + name.holder)


def unwrap_data_key(wrap: bytes, *, secret: Secret, gate_key: Secret, name: LinkName, policy: bytes) -> Secret:
    """Return the data key of a link.

    Raises:
        SealBroken: wrong secret, gate key, policy, holder or whole; nobody can tell which.
    """
    key = _wrap_key(secret, gate_key, name, policy)
    try:
        return Secret(AESGCM(key).decrypt(wrap[:NONCE_BYTES], wrap[NONCE_BYTES:], b"sx1 dk" + name.whole + name.holder))
    except (InvalidTag, ValueError):
        raise SealBroken from None


def amendment_tag(data_key: Secret, *, name: LinkName, policy: bytes, terms: object) -> bytes:
    """Return 32 bytes that prove later terms of a link, made by somebody who holds the data key.

    Args:
        terms: what is agreed beyond the policy, as a JSON value.
    """
    key = expand_key(data_key.reveal(), salt=b"", info=b"sx1 amend" + name.whole)
    return keyed_hash(key, name.holder, policy, canonical_json(terms))


def check_amendment(tag: bytes, data_key: Secret, *, name: LinkName, policy: bytes, terms: object) -> None:
    """Return when the terms are what somebody with the data key agreed to.

    Raises:
        SealBroken: they are not.
    """
    if not hmac.compare_digest(tag, amendment_tag(data_key, name=name, policy=policy, terms=terms)):
        raise SealBroken


def _wrap_key(secret: Secret, gate_key: Secret, name: LinkName, policy: bytes) -> bytes:
    info = b"sx1 wrap" + name.locator + name.holder + policy
    return expand_key(secret.reveal() + gate_key.reveal(), salt=name.salt, info=info)
