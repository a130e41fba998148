"""The key of the seal, which signs SHA-256 digests, and the X.509 chain that says whose it is.

Everything comes and goes as PEM. RSA keys sign with PKCS #1 v1.5, which every PDF reader checks, elliptic ones with
ECDSA on P-256.
Source: RFC 8017 section 8.2, RFC 5280, FIPS 186-5; docs/decisions/0060-sealing.md
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

DIGEST_BYTES = 32
RSA_BITS = 3072
DEMO_DAYS = 3650
# Clocks of readers differ: what is sealed in the first minute must not seem to come from before the key.
DEMO_BEGINS_EARLIER = timedelta(days=1)
DEMO_NAME = "DEMO - not valid for real documents"
SHOWN_NAMES = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.COUNTRY_NAME)

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


class SealKeyRefused(ValueError):
    """A key or a chain that seals nothing; the text says what is wrong with it, and nothing of what it holds."""


@dataclass(frozen=True, slots=True)
class SealChain:
    """Whose seal it is: the DER of its own X.509 record first, then of those who vouch for it.

    Args:
        public_key: DER of the public key (SubjectPublicKeyInfo).
        not_before, not_after: aware instants; outside of them nothing is sealed.
    """

    links: tuple[bytes, ...]
    public_key: bytes
    not_before: datetime
    not_after: datetime

    @property
    def fingerprint(self) -> str:
        """A name of the first record, by its SHA-256."""
        return hashlib.sha256(self.links[0]).hexdigest()


@dataclass(frozen=True, slots=True)
class LinkNames:
    """Whose record it is and who vouches for it, as their names are written in it, the plainest first."""

    holder: str
    issuer: str


class SealKey:
    """A private key that signs digests and shows nothing of itself wherever it ends up by mistake."""

    __slots__ = ("_key",)

    def __init__(self, key: PrivateKey) -> None:
        self._key = key

    @property
    def public_key(self) -> bytes:
        """The DER of the public key (SubjectPublicKeyInfo)."""
        return self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign_digest(self, digest: bytes) -> bytes:
        """Return the signature of a SHA-256 digest, 32 bytes; the key object is kept, since reading one is slow.

        Raises:
            ValueError: the digest has another length.
        """
        if len(digest) != DIGEST_BYTES:
            raise ValueError("A SHA-256 digest has 32 bytes.")
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(digest, PKCS1v15(), Prehashed(SHA256()))
        return self._key.sign(digest, ec.ECDSA(Prehashed(SHA256())))

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A key is never pickled.")


@dataclass(frozen=True, slots=True)
class DemoPair:
    """A key and its record that both say they are worth nothing, as PEM."""

    key: bytes = field(repr=False)
    chain: bytes


def read_key(pem: bytes, *, proven: bool = True) -> SealKey:
    """Read a private key without a password.

    Args:
        proven: let its numbers be tested, which takes up to a second; one that is not signs nothing.

    Raises:
        SealKeyRefused: no such key, a password, another kind than RSA with 3,072 bits or P-256, or too few bits.
    """
    try:
        key = load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=not proven)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise SealKeyRefused("must hold a private key in PEM form, without a password.") from None
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) or not _is_strong(key.public_key()):
        raise SealKeyRefused(f"must hold an RSA key of at least {RSA_BITS} bits or one on the curve P-256.")
    return SealKey(key)


def read_chain(pem: bytes) -> SealChain:
    """Read whose seal it is: the key's own record first, then of those who vouch for it.

    Raises:
        SealKeyRefused: no records, or the first is of a key that does not seal.
    """
    try:
        found = x509.load_pem_x509_certificates(pem)
        first = found[0].public_key()
        public_key = first.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, IndexError, UnsupportedAlgorithm):
        raise SealKeyRefused("must hold X.509 certificates in PEM form, that of the key first.") from None
    if not isinstance(first, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) or not _is_strong(first):
        raise SealKeyRefused(f"must be for an RSA key of at least {RSA_BITS} bits or one on the curve P-256.")
    if not _may_sign(found[0]):
        raise SealKeyRefused("must be for signatures (key usage digitalSignature or nonRepudiation).")
    links = tuple(one.public_bytes(Encoding.DER) for one in found)
    return SealChain(links, public_key, found[0].not_valid_before_utc, found[0].not_valid_after_utc)


def read_roots(pem: bytes) -> tuple[bytes, ...]:
    """Read whom others have to lead to: the DER of each record.

    Raises:
        SealKeyRefused: there is none.
    """
    try:
        return tuple(one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(pem))
    except ValueError:
        raise SealKeyRefused("must hold X.509 certificates in PEM form.") from None


def names_of(link: bytes) -> LinkNames:
    """Return the names in a record.

    Args:
        link: its DER, as `SealChain` holds it.
    """
    record = x509.load_der_x509_certificate(link)
    return LinkNames(holder=_in_words(record.subject), issuer=_in_words(record.issuer))


def was_signed(link: bytes, digest: bytes, signature: bytes) -> bool:
    """Tell whether a signature of a SHA-256 digest was made with the key of a record.

    Args:
        link: DER of the record, as `SealChain` holds it.
    """
    key = x509.load_der_x509_certificate(link).public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, digest, PKCS1v15(), Prehashed(SHA256()))
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, digest, ec.ECDSA(Prehashed(SHA256())))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def new_demo_pair(at: datetime) -> DemoPair:
    """Make an RSA key of 3,072 bits and a record it signed itself, whose name says that it is a demo.

    Args:
        at: aware instant; the record is good from the day before for ten years: nobody renews a demo.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, DEMO_NAME),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Secure Exchange Portal, demo on this machine"),
        ]
    )
    begins = at.astimezone(UTC) - DEMO_BEGINS_EARLIER
    record = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + DEMO_BEGINS_EARLIER + timedelta(days=DEMO_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    return DemoPair(
        key=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        chain=record.public_bytes(Encoding.PEM),
    )


def _in_words(name: x509.Name) -> str:
    """Return what people look for in a name; one without any of it, letter by letter (RFC 4514)."""
    found = [one.value for kind in SHOWN_NAMES for one in name.get_attributes_for_oid(kind)]
    return ", ".join(map(str, found)) or name.rfc4514_string()


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _may_sign(record: x509.Certificate) -> bool:
    try:
        usage = record.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _is_strong(key: PublicKey) -> bool:
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= RSA_BITS
    return isinstance(key.curve, ec.SECP256R1)
