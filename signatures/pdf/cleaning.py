"""Make a clean document of a stranger's, inside the child process.

Source: docs/decisions/0058-hostile-pdfs.md
"""

import json
from collections.abc import Sequence
from itertools import chain

from signatures.pdf.copying import Frame, copy_pages
from signatures.pdf.flattening import flatten, opened_by_pdfium, resaved, sizes
from signatures.pdf.inspecting import inspect
from signatures.pdf.reasons import PdfRefused, Reason

# Measures are written with four decimals.
SAME_POINTS = 0.001


def clean(source: bytes) -> list[bytes]:
    """Return a line of JSON that names what was flattened, and the clean document behind it.

    Raises:
        PdfRefused: the document is not taken.
    """
    with opened_by_pdfium(source) as document:
        flattened = inspect(source, resaved(document))
        pages = flatten(document)
    flattened |= pages.flattened
    # All forms of a large document together would need more memory than there is.
    del source, document
    cleaned = copy_pages(pages.document, pages.frames)
    _require_same_pages(cleaned, pages.frames)
    return [json.dumps(sorted(flattened)).encode(), b"\n", cleaned]


def _require_same_pages(cleaned: bytes, frames: Sequence[Frame]) -> None:
    """Refuse a copy that PDFium sees otherwise than the original."""
    seen = [frame.bounds.size_as_seen(frame.rotation) for frame in frames]
    wanted = chain.from_iterable((size.width, size.height) for size in seen)
    with opened_by_pdfium(cleaned) as document:
        found = list(chain.from_iterable(sizes(document)))
    if len(found) != 2 * len(frames) or any(abs(a - b) > SAME_POINTS for a, b in zip(found, wanted, strict=True)):
        raise PdfRefused(Reason.DAMAGED)
