"""What is known of a file that may have been sealed here, and how a stranger's file is judged by the child process.

Source: docs/decisions/0058-hostile-pdfs.md, docs/decisions/0062-verification.md
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from signatures.pdf.child import in_child
from signatures.pdf.reasons import ChildFailed

# In front of a file: how long the list of certificates is that stands between.
LENGTH_BYTES = 4
SHA_256 = re.compile(r"[0-9a-f]{64}")


class Outcome(StrEnum):
    """What became of a seal of ours."""

    SEALED = "sealed"
    CHANGED = "changed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a seal says that holds.

    Args:
        certificate_sha256: digest of the DER of the certificate of the key, in hexadecimal digits.
        presented_sha256: digest of what people were shown, in hexadecimal digits.
        sealed_at: aware instant, told by the portal.
        stamped_at: aware instant, told by a time-stamp server that is trusted; None without one.
    """

    field_name: str
    reason: str
    certificate_sha256: str
    presented_sha256: str
    sealed_at: datetime
    stamped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a file.

    Args:
        sha256: digest of the file as it is, in hexadecimal digits.
        seal: what the seal says; of a changed file, where the file that was sealed is its beginning.
    """

    outcome: Outcome
    sha256: str
    seal: Sealed | None = None

    @property
    def is_time_stamped(self) -> bool:
        """Whether somebody besides the portal told the time."""
        return self.seal is not None and self.seal.stamped_at is not None


def verify_in_child(
    data: bytes, *, ours: Sequence[bytes], vouching: Sequence[bytes] = (), time_stampers: Sequence[bytes] = ()
) -> Verdict:
    """Return what is known of a stranger's file, as `verify` does.

    Raises:
        PdfRefused, PdfBusy, ChildFailed: as `in_child` says.
    """
    head = json.dumps([[der.hex() for der in given] for given in (ours, vouching, time_stampers)]).encode()
    document = len(head).to_bytes(LENGTH_BYTES, "big") + head + data
    return _from_json(in_child("signatures.pdf.verifying.answer", document))


def to_json(verdict: Verdict) -> bytes:
    """Return a verdict as the child sends it."""
    seal = verdict.seal and {
        "field_name": verdict.seal.field_name,
        "reason": verdict.seal.reason,
        "certificate_sha256": verdict.seal.certificate_sha256,
        "presented_sha256": verdict.seal.presented_sha256,
        "sealed_at": verdict.seal.sealed_at.isoformat(),
        "stamped_at": verdict.seal.stamped_at and verdict.seal.stamped_at.isoformat(),
    }
    return json.dumps({"outcome": verdict.outcome, "sha256": verdict.sha256, "seal": seal}).encode()


def _from_json(answer: bytes) -> Verdict:
    """Return what the child says.

    Raises:
        ChildFailed: no verdict that `to_json` writes; whoever took the child over may answer anything.
    """
    try:
        said = json.loads(answer)
        return Verdict(Outcome(said["outcome"]), _digest(said["sha256"]), said["seal"] and _seal(said["seal"]))
    except (ValueError, LookupError, TypeError) as fault:
        raise ChildFailed("no verdict") from fault


def _seal(said: dict[str, str]) -> Sealed:
    return Sealed(
        field_name=str(said["field_name"]),
        reason=str(said["reason"]),
        certificate_sha256=_digest(said["certificate_sha256"]),
        presented_sha256=_digest(said["presented_sha256"]),
        sealed_at=_instant(said["sealed_at"]),
        stamped_at=_instant(said["stamped_at"]) if said["stamped_at"] else None,
    )


def _digest(digits: str) -> str:
    if not SHA_256.fullmatch(digits):
        raise ValueError
    return digits


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError
    return instant
