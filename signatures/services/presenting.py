"""Bring the PDFs that came with a form into the form in which they are presented, signed and sealed.

Each arrives sealed; it is opened into memory, cleaned by the limited child process, and sealed again. What came
goes when the request is answered.
Source: docs/decisions/0058-hostile-pdfs.md, docs/decisions/0070-composing-requests.md
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from core.crypto.container import ContainerId
from core.downloads import SealedFile, read_whole
from core.errors import FilesNotStored, FileUnreadable, Refusal
from core.small_files import Room
from core.uploads import SealedUpload, seal_file
from messaging.items.services.draft_sealing import Seed
from signatures.drafts import KeptPaper
from signatures.errors import DocumentBusy, DocumentFailed, DocumentRefused, DocumentTooLarge
from signatures.limits import PAPER_MOST_BYTES, PAPERS_AT_ONCE_MOST_BYTES, REQUEST_PAGES_MOST
from signatures.papers import Paper
from signatures.pdf.checking import ChildFailed, CleanPdf, PdfBusy, PdfRefused, check_pdf
from signatures.request_errors import TooManyPages

CONTENT_TYPE = "application/pdf"

logger = logging.getLogger("portal.signatures")
_room = Room(PAPERS_AT_ONCE_MOST_BYTES)


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file that is no document of the request, and why."""

    name: str = field(repr=False)
    refusal: Refusal


@dataclass(slots=True)
class Presented:
    """What became of the files of a form.

    Args:
        taken: the documents as they are presented, with the files that keep them.
        refused: the other files.
    """

    taken: list[tuple[SealedUpload, KeptPaper]] = field(default_factory=list)
    refused: list[NotTaken] = field(default_factory=list)

    def close(self) -> None:
        """Delete what no draft has kept."""
        for upload, _kept in self.taken:
            upload.close()

    @property
    def pages(self) -> int:
        """How many pages the documents have together."""
        return sum(len(kept.paper.pages) for _upload, kept in self.taken)

    @property
    def size_bytes(self) -> int:
        """How many bytes they have together."""
        return sum(upload.size_bytes for upload, _kept in self.taken)


@contextmanager
def presented(uploads: Sequence[SealedUpload], seed: Seed, *, pages: int, room_bytes: int) -> Iterator[Presented]:
    """Yield what becomes of the files of a form, one after the other; at the end what was not kept is gone.

    Args:
        seed: under which they came, and are kept.
        pages: that the request has already.
        room_bytes: how much may be added, by the plan.
    """
    found = Presented()
    try:
        for upload in uploads:
            try:
                found.taken.append(_present(upload, seed, pages + found.pages, room_bytes - found.size_bytes))
            except Refusal as refusal:
                found.refused.append(NotTaken(upload.name, refusal))
        yield found
    finally:
        found.close()


def _present(upload: SealedUpload, seed: Seed, pages: int, room_bytes: int) -> tuple[SealedUpload, KeptPaper]:
    """Return a document as it is presented.

    Raises:
        DocumentBusy, DocumentFailed, DocumentRefused, DocumentTooLarge, FilesNotStored, TooManyPages: it is not taken.
    """
    _require_small(upload.size_bytes, PAPER_MOST_BYTES)
    clean = _cleaned(upload, seed)
    # By being written anew it may have become larger.
    _require_small(len(clean.data), PAPER_MOST_BYTES)
    if pages + len(clean.pages) > REQUEST_PAGES_MOST:
        raise TooManyPages(REQUEST_PAGES_MOST)
    _require_small(len(clean.data), max(0, room_bytes))
    kept = _sealed(clean, upload.name, seed)
    paper = Paper(kept.file_id.hex(), kept.name, clean.pages, kept.sha256.hex())
    return kept, KeptPaper(paper, kept.size_bytes, clean.flattened)


def _require_small(size_bytes: int, most_bytes: int) -> None:
    if size_bytes > most_bytes:
        raise DocumentTooLarge(most_bytes)


def _cleaned(upload: SealedUpload, seed: Seed) -> CleanPdf:
    if not _room.take(upload.size_bytes):
        raise DocumentBusy
    try:
        return check_pdf(_content(upload, seed))
    except PdfRefused as refused:
        raise DocumentRefused(refused.reason) from None
    except PdfBusy:
        raise DocumentBusy from None
    except ChildFailed as fault:
        logger.exception("signatures.document_failed")
        raise DocumentFailed from fault
    finally:
        _room.give_back(upload.size_bytes)


def _content(upload: SealedUpload, seed: Seed) -> bytes:
    file = SealedFile(
        blob=upload.blob,
        data_key=seed.data_key,
        container=ContainerId(seed.whole_id.bytes, upload.file_id),
        name=upload.name,
        content_type=upload.content_type,
        size_bytes=upload.size_bytes,
    )
    try:
        return read_whole(file)
    except FileUnreadable as fault:
        raise FilesNotStored from fault


def _sealed(clean: CleanPdf, name: str, seed: Seed) -> SealedUpload:
    try:
        return seal_file(
            [clean.data], name=name, content_type=CONTENT_TYPE, data_key=seed.data_key, whole=seed.whole_id.bytes
        )
    except OSError as fault:
        logger.exception("signatures.document_not_stored")
        raise FilesNotStored from fault
