"""Find signatures of ours in the bytes of a file, wherever they stand and whatever a reader of PDFs makes of it.

A reader follows the structure of a file, and that is what attacks on signatures change. Here a signature is what stands
between two angle brackets, is made with a key of ours and names a digest: nobody else can make one. What a reader skips
between the digits is skipped here too; a signature that stands elsewhere is looked for by `elsewhere.py`.
Source: docs/decisions/0062-verification.md
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from asn1crypto import algos, cms, core, x509
from asn1crypto.parser import parse, peek

from core.crypto.seal_keys import was_signed
from signatures.pdf.tokens import MALFORMED

# Of a signature with one certificate and an elliptic key there are still more digits.
DIGITS_LEAST = 1_000
# A seal is the last signature of ours in its file; those in front of it can only be what its document holds.
TRACES_MOST = 10
# Where the bracket at the end is another byte, the signature is still there.
IN_BRACKETS = re.compile(f"<[^<>]{{{DIGITS_LEAST},}}+".encode())
# White space may stand anywhere in such a string; whatever else is no digit some readers pass by, others take for zero.
WHITE = b"\0\t\n\f\r "
NO_DIGITS = bytes(set(range(256)) - set(b"0123456789ABCDEFabcdef"))
AS_ZERO = bytes.maketrans(NO_DIGITS, b"0" * len(NO_DIGITS))
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")

# The same algorithms are written with empty parameters or without any (RFC 5754, RFC 5758).
_NOTHING = core.Null()
SHA_256 = {
    algos.DigestAlgorithm({"algorithm": "sha256"}).dump(),
    algos.DigestAlgorithm({"algorithm": "sha256", "parameters": _NOTHING}).dump(),
}
SIGNATURES = {
    algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}).dump(),
    algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa", "parameters": _NOTHING}).dump(),
    algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}).dump(),
}
NO_CONTENT = cms.EncapsulatedContentInfo({"content_type": "data"}).dump()


@dataclass(frozen=True, slots=True)
class Trace:
    """A signature that was made with a key of ours.

    Args:
        start, end: where it stands in the file, brackets included.
        digest: SHA-256 of what it was made for.
        certificate_sha256: digest of the DER of the certificate of the key, in hexadecimal digits.
        cms: the CMS structure around it, which is not signed as a whole.
        is_plain: it is written as we write it: nothing around or behind the signature that could be something else.
    """

    start: int
    end: int
    digest: bytes
    certificate_sha256: str
    cms: cms.ContentInfo
    is_plain: bool

    def covers(self, data: bytes) -> bool:
        """Tell whether it is for all bytes but itself."""
        whole, view = hashlib.sha256(), memoryview(data)
        whole.update(view[: self.start])
        whole.update(view[self.end :])
        return whole.digest() == self.digest


def traces_of(data: bytes, ours: Sequence[bytes], vouching: Sequence[bytes] = ()) -> list[Trace]:
    """Return the last signatures of ours in a file, the last one first; none only where it has none.

    Args:
        ours: DER of the certificates of our keys.
        vouching: DER of those who vouch for them; they stand beside a signature of ours, and theirs is none.
    """
    found = [match.span() for match in IN_BRACKETS.finditer(data)]
    traces = (_trace(data, start, last + 1, ours, vouching) for start, last in reversed(found))
    return list(islice(filter(None, traces), TRACES_MOST))


def ends_named_for(trace: Trace, data: bytes) -> Iterator[int]:
    """Yield where the file ended when it was sealed, as the byte ranges in it say; each has to be tried."""
    named = (tuple(map(int, match.groups())) for match in BYTE_RANGE.finditer(data))
    fitting = (after + length for before, after, length in named if (before, after) == (trace.start, trace.end))
    yield from dict.fromkeys(end for end in fitting if end <= len(data))


def genuine(content: bytes, start: int, end: int, ours: Sequence[bytes]) -> Trace | None:
    """Return what a CMS structure was made for; None where no key of ours signed it.

    Args:
        content: the structure, and whatever stands behind it.
        start, end: where it stands in the file.
        ours: DER of the certificates of our keys.

    Raises:
        one of MALFORMED: it is no such structure.
    """
    info = cms.ContentInfo.load(content)
    signed = info["content"]
    (signer,) = signed["signer_infos"]
    own = _signer_of(signed, signer["sid"].chosen)
    attributes = signer["signed_attrs"]
    if own is None or own.dump() not in ours or signer["digest_algorithm"]["algorithm"].native != "sha256":
        return None
    to_be_signed = hashlib.sha256(attributes.untag().dump()).digest()
    if not was_signed(own.dump(), to_be_signed, signer["signature"].native):
        return None
    (digest,) = (value for one in attributes if one["type"].native == "message_digest" for value in one["values"])
    return Trace(start, end, digest.native, hashlib.sha256(own.dump()).hexdigest(), info, is_plain=False)


def _trace(data: bytes, start: int, end: int, ours: Sequence[bytes], vouching: Sequence[bytes]) -> Trace | None:
    written = data[start:end]
    for digits in _digits(written):
        try:
            # An odd number of digits ends with a zero (ISO 32000-2, 7.3.4.3).
            content = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
            # Reading a structure takes long, and a file may have ten thousands.
            trace = genuine(content, start, end, ours) if any(der in content for der in ours) else None
            if trace:
                return replace(trace, is_plain=_is_plain(trace.cms, content, written, {*ours, *vouching}))
        except MALFORMED:
            continue
    return None


def _digits(written: bytes) -> Iterator[bytes]:
    """Yield the digits of a string with its brackets, as readers understand them."""
    inside = written[1:-1]
    skipped = inside.translate(None, NO_DIGITS)
    yield skipped
    if len(skipped) < len(inside):
        yield inside.translate(AS_ZERO, WHITE)


def _signer_of(signed: cms.SignedData, named: cms.IssuerAndSerialNumber) -> x509.Certificate | None:
    """Return the certificate that a signer names, letter by letter."""
    for choice in signed["certificates"]:
        one = choice.chosen
        if (one.issuer.dump(), one.serial_number) == (named["issuer"].dump(), named["serial_number"].native):
            return one
    return None


def _is_plain(info: cms.ContentInfo, content: bytes, written: bytes, known: set[bytes]) -> bool:
    signed = info["content"]
    (signer,) = signed["signer_infos"]
    element = content[: peek(content)]
    return (
        written == b"<" + element.hex().upper().encode().ljust(len(written) - 2, b"0") + b">"
        and _is_well_nested(element)
        and (signed["version"].native, signer["version"].native) == ("v1", "v1")
        and [one.dump() in SHA_256 for one in signed["digest_algorithms"]] == [True]
        and signer["digest_algorithm"].dump() in SHA_256
        and signer["signature_algorithm"].dump() in SIGNATURES
        and signed["encap_content_info"].dump() == NO_CONTENT
        and all(choice.chosen.dump() in known for choice in signed["certificates"])
        and [one["type"].native for one in signer["unsigned_attrs"]] in ([], ["signature_time_stamp_token"])
    )


def _is_well_nested(element: bytes) -> bool:
    """Tell whether an element of DER and all inside it are as long as they say, with nothing between them."""
    kind, is_constructed, tag, _header, content, trailer = parse(element, strict=True)
    # Two zeros are the end of an element of unknown length, which DER has not.
    if trailer or (kind, tag) == (0, 0):
        return False
    while is_constructed and content:
        length = peek(content)
        if not _is_well_nested(content[:length]):
            return False
        content = content[length:]
    return True
