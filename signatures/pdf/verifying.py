"""Tell whether a file was sealed by us and is as it was sealed.

Sealed is only what is, byte for byte, what our key signed and nothing else: the signature covers the whole file but
itself, and nothing is beside it. Whatever else holds a signature of ours was changed afterwards, by whom and how little
ever. Nothing is asked of a network, and nothing is kept.
Source: docs/decisions/0062-verification.md
"""

import hashlib
import io
import json
from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.pdf_embedded import read_certification_data
from pyhanko.sign.validation.status import SignatureCoverageLevel

from signatures.pdf.elsewhere import is_elsewhere
from signatures.pdf.sealing import PRESENTED_BYTES
from signatures.pdf.tokens import MALFORMED, TokenRefused, TokenUntrusted, stamped_at
from signatures.pdf.traces import Trace, ends_named_for, traces_of
from signatures.pdf.verdicts import LENGTH_BYTES, Outcome, Sealed, Verdict, to_json

# Each costs a digest of all of it.
BEGINNINGS_MOST = 10


def verify(
    data: bytes, *, ours: Sequence[bytes], vouching: Sequence[bytes] = (), time_stampers: Sequence[bytes] = ()
) -> Verdict:
    """Return what is known of a file.

    Args:
        ours: DER of the certificates of all keys that ever sealed here.
        vouching: DER of those who vouch for them; what they sign themselves is not ours.
        time_stampers: DER of the certificates that a time stamp has to lead to.
    """
    sha256, traces = hashlib.sha256(data).hexdigest(), traces_of(data, ours, vouching)
    if not traces:
        return Verdict(Outcome.CHANGED if is_elsewhere(data, ours) else Outcome.UNKNOWN, sha256)
    for trace in traces:
        if seal := _read(data, trace, time_stampers):
            return Verdict(Outcome.SEALED, sha256, seal)
    return Verdict(Outcome.CHANGED, sha256, _of_beginning(data, traces, time_stampers))


def answer(document: bytes) -> list[bytes]:
    """Verify in the child process, for `verify_in_child`; the certificates of ours stand in front of the file.

    It is done before anything is answered, so that a file for which there is not enough memory is refused.
    """
    begins = LENGTH_BYTES + int.from_bytes(document[:LENGTH_BYTES], "big")
    head = json.loads(document[LENGTH_BYTES:begins])
    ours, vouching, time_stampers = ([bytes.fromhex(der) for der in given] for given in head)
    return [to_json(verify(document[begins:], ours=ours, vouching=vouching, time_stampers=time_stampers))]


def _of_beginning(data: bytes, traces: Sequence[Trace], time_stampers: Sequence[bytes]) -> Sealed | None:
    """Return what the seal of a file says that something was put behind; None where the beginning changed too."""
    ends = ((trace, end) for trace in traces for end in ends_named_for(trace, data) if end < len(data))
    for trace, end in islice(ends, BEGINNINGS_MOST):
        if seal := _read(data[:end], trace, time_stampers):
            return seal
    return None


def _read(data: bytes, trace: Trace, time_stampers: Sequence[bytes]) -> Sealed | None:
    """Return what the seal of a whole file says; None where the file is not what was sealed."""
    if not trace.is_plain or trace.end > len(data) or not trace.covers(data):
        return None
    try:
        return _as_readers_see_it(data, trace, _stamped_at(trace, time_stampers))
    except (*MALFORMED, TokenRefused):
        return None


def _stamped_at(trace: Trace, time_stampers: Sequence[bytes]) -> datetime | None:
    """Return what a trusted time stamp says.

    Raises:
        TokenRefused: there is one that does not hold, so that somebody changed it.
    """
    (signer,) = trace.cms["content"]["signer_infos"]
    tokens = [token for one in signer["unsigned_attrs"] for token in one["values"]]
    if not tokens:
        return None
    (token,) = tokens
    try:
        return stamped_at(token, hashlib.sha256(signer["signature"].native).digest(), trusted=time_stampers)
    except TokenUntrusted:
        return None


def _as_readers_see_it(data: bytes, trace: Trace, stamped: datetime | None) -> Sealed | None:
    """Return what the one signature says that a reader of PDFs finds; None where it is not the one in the bytes."""
    reader = PdfFileReader(io.BytesIO(data))
    (found,) = reader.embedded_signatures
    found.compute_integrity_info()
    certified = read_certification_data(reader)
    presented_bytes = int(found.sig_object[PRESENTED_BYTES])
    sealed_at = found.self_reported_timestamp
    if (
        list(found.byte_range) != [0, trace.start, trace.end, len(data) - trace.end]
        or found.coverage != SignatureCoverageLevel.ENTIRE_FILE
        or certified is None
        or certified.permission != MDPPerm.NO_CHANGES
        or certified.author_sig is not found.sig_object
        or not 0 < presented_bytes < trace.start
        or sealed_at is None
    ):
        return None
    return Sealed(
        field_name=found.field_name,
        reason=str(found.sig_object["/Reason"]),
        certificate_sha256=trace.certificate_sha256,
        presented_sha256=hashlib.sha256(memoryview(data)[:presented_bytes]).hexdigest(),
        sealed_at=sealed_at,
        stamped_at=stamped,
    )
