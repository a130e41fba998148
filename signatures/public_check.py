"""What anybody may know of a sealed document, by its reference or by the file; nothing of the file is kept.

Source: docs/decisions/0065-public-check.md
"""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from core.crypto.seal_keys import DEMO_NAME, LinkNames
from signatures.check_errors import CheckBusy, CheckEncrypted, CheckFailed, CheckNoPdf, CheckTooHeavy
from signatures.limits import CHECKS_AT_ONCE, CHECKS_WAITING
from signatures.models import SealedDocument
from signatures.pdf.reasons import ChildFailed, PdfBusy, PdfRefused
from signatures.pdf.verdicts import Outcome, Sealed, Verdict
from signatures.sealers import holder_of, verify_file

# Readers look for the head of a file in so many bytes (ISO 32000-1, annex H.3, note 13).
HEAD, HEAD_BYTES = b"%PDF-", 1024
ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")

logger = logging.getLogger("portal.signatures")

_places = threading.BoundedSemaphore(CHECKS_AT_ONCE + CHECKS_WAITING)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of a file.

    Args:
        sha256: digest of the file, in hexadecimal digits.
        seal: what its seal says; of a changed file what was said of the file as it was sealed, where that is known.
        holder: whose certificate it was sealed with.
        document: what is remembered of it; of a changed file, of the one that was sealed.
    """

    outcome: Outcome
    sha256: str
    seal: Sealed | None
    holder: LinkNames | None
    document: SealedDocument | None

    @property
    def is_demo(self) -> bool:
        """Whether nobody vouches for the seal."""
        return bool(self.holder and DEMO_NAME in self.holder.holder) or bool(self.document and self.document.is_demo)


def documents_of(reference: str) -> list[SealedDocument]:
    """Return what is remembered of the documents of a request, in their order.

    Args:
        reference: as it is stored.
    """
    return list(SealedDocument.objects.filter(reference=reference).order_by("number"))


def check_file(data: bytes) -> Checked:
    """Return what is known of a file; its seal decides, not the rows of the database.

    Raises:
        CheckRefused: of which nothing can be said.
    """
    verdict = _verdict(data)
    if verdict.outcome is Outcome.UNKNOWN:
        _require_readable(data)
    holder = holder_of(verdict.seal.certificate_sha256) if verdict.seal else None
    return Checked(verdict.outcome, verdict.sha256, verdict.seal, holder, _document_of(verdict))


def _verdict(data: bytes) -> Verdict:
    with _one_of_few():
        try:
            return verify_file(data)
        except PdfRefused as refusal:
            raise CheckTooHeavy from refusal
        except PdfBusy as refusal:
            raise CheckBusy from refusal
        except ChildFailed as fault:
            logger.exception("signatures.check_failed")
            raise CheckFailed from fault


@contextmanager
def _one_of_few() -> Iterator[None]:
    """Let some wait for their turn, so that enough threads are left for every other page."""
    if not _places.acquire(blocking=False):
        raise CheckBusy
    try:
        yield
    finally:
        _places.release()


def _require_readable(data: bytes) -> None:
    """Return where a file without a seal of ours is at least a PDF that could have had one."""
    if HEAD not in data[:HEAD_BYTES]:
        raise CheckNoPdf
    if ENCRYPTED.search(data):
        raise CheckEncrypted


def _document_of(verdict: Verdict) -> SealedDocument | None:
    if verdict.outcome is Outcome.SEALED:
        return SealedDocument.objects.filter(sealed_sha256=bytes.fromhex(verdict.sha256)).first()
    if verdict.seal is None:
        return None
    # The same document may have been presented twice; then nobody can say which of the sealed ones it was.
    found = SealedDocument.objects.filter(presented_sha256=bytes.fromhex(verdict.seal.presented_sha256))[:2]
    return found[0] if len(found) == 1 else None
