"""A time-stamp server (RFC 3161 over HTTP) on a free port of this machine: stamps truly, or lies as a test wishes."""

import hashlib
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFE = timedelta(days=30)


@dataclass(frozen=True)
class Authority:
    """A root that says for whom it vouches."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


@dataclass(frozen=True)
class Stamper:
    """Who signs tokens."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate


@dataclass
class Behavior:
    """How the server answers; by default truly."""

    stamper: Stamper
    status: str = "granted"
    http_status: int = 200
    content_type: str = "application/timestamp-reply"
    raw: bytes | None = None
    other_nonce: bool = False
    other_digest: bool = False
    broken_signature: bool = False
    clock_off: timedelta = timedelta()
    silent_seconds: float = 0
    asked: list[tsp.TimeStampReq] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


def authority(name: str = "Time-stamp root") -> Authority:
    """Return a root; the same for the same name."""
    return _authority(name)


@cache
def _authority(name: str) -> Authority:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    basics = x509.BasicConstraints(ca=True, path_length=None)
    return Authority(key, _certificate(name, key, name, key, basics, None))


@cache
def stamper(*, root: str = "Time-stamp root", usage: str = "time_stamping", days_ago: int = 1) -> Stamper:
    """Return somebody who stamps.

    Args:
        root: who vouches for them.
        usage: what their certificate is for; empty for nothing in particular.
        days_ago: when it began; it lasts 30 days.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    usages = {"time_stamping": ExtendedKeyUsageOID.TIME_STAMPING, "code_signing": ExtendedKeyUsageOID.CODE_SIGNING}
    extended = x509.ExtendedKeyUsage([usages[one] for one in usage.split(",")]) if usage else None
    issuer = authority(root)
    basics = x509.BasicConstraints(ca=False, path_length=None)
    begins = datetime.now(UTC) - timedelta(days=days_ago)
    return Stamper(key, _certificate("Stamper", key, root, issuer.key, basics, extended, begins))


def _certificate(
    name: str,
    key: rsa.RSAPrivateKey,
    issuer: str,
    issuer_key: rsa.RSAPrivateKey,
    basics: x509.BasicConstraints,
    extended: x509.ExtendedKeyUsage | None,
    begins: datetime | None = None,
) -> x509.Certificate:
    subject, by = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, issuer))
    begins = begins or datetime.now(UTC) - timedelta(days=400)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(by).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(begins).not_valid_after(begins + LIFE * (20 if basics.ca else 1))
    builder = builder.add_extension(basics, critical=True)
    if extended:
        builder = builder.add_extension(extended, critical=True)
    return builder.sign(issuer_key, SHA256())


def reply(query: bytes, behavior: Behavior) -> bytes:
    """Return what the server says to a query."""
    asked = tsp.TimeStampReq.load(query)
    behavior.asked.append(asked)
    if behavior.status != "granted":
        # A sequence of the status alone, which asn1crypto 1.5 does not write.
        status = tsp.PKIStatusInfo({"status": behavior.status}).dump()
        return b"\x30" + bytes([len(status)]) + bytes(status)
    imprint, nonce = asked["message_imprint"], asked["nonce"].native
    if behavior.other_digest:
        other = hashlib.sha256(imprint["hashed_message"].native).digest()
        imprint = tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": other})
    facts = {"version": "v1", "policy": "1.2.3.4.1", "message_imprint": imprint, "serial_number": len(behavior.asked)}
    facts |= {"gen_time": core.GeneralizedTime((datetime.now(UTC) + behavior.clock_off).replace(microsecond=0))}
    facts |= {"nonce": nonce + behavior.other_nonce}
    token = _token(tsp.TSTInfo(facts).dump(), behavior.stamper, is_broken=behavior.broken_signature)
    response = tsp.TimeStampResp({"status": tsp.PKIStatusInfo({"status": "granted"}), "time_stamp_token": token})
    return bytes(response.dump())


def _token(content: bytes, by: Stamper, *, is_broken: bool) -> cms.ContentInfo:
    der = by.certificate.public_bytes(Encoding.DER)
    own = asn1_x509.Certificate.load(der)
    named = tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(der).digest()})]})
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(content).digest()]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [named]}),
        ]
    )
    signature = by.key.sign(attributes.dump(), PKCS1v15(), SHA256())
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}},
            "digest_algorithm": {"algorithm": "sha256"},
            "signature_algorithm": {"algorithm": "sha256_rsa"},
            "signed_attrs": attributes,
            "signature": signature[::-1] if is_broken else signature,
        }
    )
    return cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": cms.SignedData(
                {
                    "version": "v3",
                    "digest_algorithms": [{"algorithm": "sha256"}],
                    "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
                    "certificates": [own],
                    "signer_infos": [signer],
                }
            ),
        }
    )


class TimeStampServer:
    """The server; use it in a `with` statement."""

    def __init__(self, behavior: Behavior) -> None:
        self.behavior = behavior
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
        self._server.behavior = behavior  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/tsa"

    def __enter__(self) -> "TimeStampServer":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Answers(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        behavior: Behavior = self.server.behavior  # type: ignore[attr-defined]
        query = self.rfile.read(int(self.headers["Content-Length"]))
        behavior.headers.append(dict(self.headers))
        time.sleep(behavior.silent_seconds)
        said = reply(query, behavior) if behavior.raw is None else behavior.raw
        self.send_response(behavior.http_status)
        self.send_header("Content-Type", behavior.content_type)
        self.send_header("Content-Length", str(len(said)))
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_line: object) -> None:
        """Keep the output of the tests clean."""
