"""The key of the seal: what it signs, what it refuses, and that it shows nothing of itself."""

import hashlib
import pickle
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from core.crypto.seal_keys import (
    DEMO_NAME,
    DemoPair,
    LinkNames,
    SealKey,
    SealKeyRefused,
    names_of,
    new_demo_pair,
    read_chain,
    read_key,
    was_signed,
)

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
DIGEST = hashlib.sha256(b"a document").digest()
Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@cache
def pair() -> DemoPair:
    return new_demo_pair(AT)


@cache
def elliptic() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def pem(key: Private, password: bytes = b"") -> bytes:
    locked = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)


def record(key: Private, *, may_sign: bool | None = None, holder: str = "CN=Lavoie", issuer: str = "") -> bytes:
    """Return a record that a key signed for itself, as PEM; nobody looks whether its issuer did."""
    names = [x509.Name.from_rfc4514_string(name) for name in (holder, issuer or holder)]
    builder = x509.CertificateBuilder().subject_name(names[0]).issuer_name(names[1]).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(AT).not_valid_after(AT + timedelta(days=1))
    if may_sign is not None:
        usage = x509.KeyUsage(may_sign, False, not may_sign, False, False, False, False, False, False)
        builder = builder.add_extension(usage, critical=True)
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256()
    return builder.sign(key, algorithm).public_bytes(Encoding.PEM)


def test_the_demo_pair_says_that_it_is_one_and_outlasts_any_demo() -> None:
    found = x509.load_pem_x509_certificate(pair().chain)
    (name,) = found.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    assert name.value == DEMO_NAME
    assert found.issuer == found.subject
    key = found.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.key_size == 3072
    chain = read_chain(pair().chain)
    assert chain.not_before < AT < chain.not_after == AT + timedelta(days=3650)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("CN=Lavoie", "Lavoie"),
        ("C=CA,O=Lavoie et fils,OU=Paris,CN=Seal of Lavoie", "Seal of Lavoie, Lavoie et fils, CA"),
        ("OU=Nobody in particular", "OU=Nobody in particular"),
    ],
)
def test_names_are_told_the_plainest_first(written: str, shown: str) -> None:
    (link,) = read_chain(record(elliptic(), may_sign=True, holder="CN=Seal", issuer=written)).links
    assert names_of(link) == LinkNames(holder="Seal", issuer=shown)


def test_its_key_belongs_to_its_chain_and_to_no_other() -> None:
    assert read_key(pair().key).public_key == read_chain(pair().chain).public_key
    assert read_key(pem(elliptic())).public_key != read_chain(pair().chain).public_key


@pytest.mark.parametrize("kind", ["RSA", "P-256"])
def test_a_was_signed_for_its_digest_alone(kind: str) -> None:
    key, chain = (pair().key, pair().chain) if kind == "RSA" else (pem(elliptic()), record(elliptic()))
    signature = read_key(key).sign_digest(DIGEST)
    link = read_chain(chain).links[0]
    assert was_signed(link, DIGEST, signature)
    assert not was_signed(link, DIGEST[::-1], signature)
    assert not was_signed(link, DIGEST, signature[:-1] + bytes([signature[-1] ^ 1]))


@pytest.mark.parametrize("digest", [b"", DIGEST[:31], DIGEST + b"\0", hashlib.sha512(b"").digest()])
def test_statement_166_nothing_but_a_digest_of_sha_256_is_signed(digest: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        read_key(pair().key, proven=False).sign_digest(digest)


def test_a_key_shows_nothing_of_itself() -> None:
    key = read_key(pair().key, proven=False)
    assert (repr(key), str(key), f"{key}") == ("***",) * 3
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(key)
    assert b"PRIVATE" not in repr(pair()).encode()
    assert not hasattr(key, "__dict__")
    assert isinstance(key, SealKey)


def test_keys_that_seal_nothing_are_refused_without_a_word_of_what_they_hold() -> None:
    short = pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    refused = {
        "nothing": b"",
        "no key": b"-----BEGIN PRIVATE KEY-----\nbm9ib2R5\n-----END PRIVATE KEY-----\n",
        "a password": pem(elliptic(), b"canary"),
        "too short": short,
        "another curve": pem(ec.generate_private_key(ec.SECP384R1())),
        "another kind": pem(ed25519.Ed25519PrivateKey.generate()),
        "a chain": pair().chain,
        "damaged": pair().key.replace(b"A", b"B"),
    }
    for case, key in refused.items():
        with pytest.raises(SealKeyRefused) as refusal:
            read_key(key)
        assert str(refusal.value).startswith("must hold "), case
        assert refusal.value.__cause__ is None, case


def test_chains_that_seal_nothing_are_refused() -> None:
    refused = {
        "nothing": b"",
        "a key": pair().key,
        "no record": b"-----BEGIN CERTIFICATE-----\nbm9ib2R5\n-----END CERTIFICATE-----\n",
        "too short": record(rsa.generate_private_key(public_exponent=65537, key_size=2048)),
        "another kind": record(ed25519.Ed25519PrivateKey.generate()),
        "not for signatures": record(elliptic(), may_sign=False),
    }
    for case, chain in refused.items():
        with pytest.raises(SealKeyRefused) as refusal:
            read_chain(chain)
        assert str(refusal.value).startswith("must "), case


def test_those_who_vouch_follow_the_record_of_the_key() -> None:
    chain = read_chain(record(elliptic(), may_sign=True) + pair().chain)
    assert len(chain.links) == 2
    assert chain.public_key == read_key(pem(elliptic())).public_key
    assert (chain.not_before, chain.not_after) == (AT, AT + timedelta(days=1))
