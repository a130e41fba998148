"""Take a stranger's PDF only if it is whole and the same to everybody, and keep nothing of it but what is seen.

Source: docs/decisions/0058-hostile-pdfs.md
"""

import json
from dataclasses import dataclass

from signatures.pdf.child import in_child
from signatures.pdf.geometry import PageSize
from signatures.pdf.reasons import ChildFailed, Flattened, PdfBusy, PdfRefused, Reason

__all__ = ["ChildFailed", "CleanPdf", "Flattened", "PageSize", "PdfBusy", "PdfRefused", "Reason", "check_pdf"]

CLEAN, JUDGE = "signatures.pdf.cleaning.clean", "signatures.pdf.judging.judge"


@dataclass(frozen=True, slots=True)
class CleanPdf:
    """A document of pages and nothing else, in one version.

    Args:
        data: the file.
        pages: their sizes as seen, in points.
        flattened: what the original held beside its pages.
    """

    data: bytes
    pages: tuple[PageSize, ...]
    flattened: tuple[Flattened, ...]


def check_pdf(source: bytes) -> CleanPdf:
    """Return the clean form of a document; takes about a second.

    Raises:
        PdfRefused: it is not taken, with the reason.
        PdfBusy: other documents are being worked on.
    """
    head, _, data = in_child(CLEAN, source).partition(b"\n")
    # What the first child answers is as strange as the document it has read.
    sizes = json.loads(in_child(JUDGE, data))
    try:
        flattened = tuple(Flattened(word) for word in json.loads(head))
    except (ValueError, TypeError) as fault:
        raise ChildFailed("unreadable answer") from fault
    return CleanPdf(data, tuple(PageSize(width, height) for width, height in sizes), flattened)
