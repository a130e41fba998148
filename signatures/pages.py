"""Pages as pictures: who may wait for them, and those of a draft's documents.

Source: docs/decisions/0058-hostile-pdfs.md
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404

from core.errors import FileUnreadable
from messaging.items.errors import ContentDamaged
from messaging.items.services.draft_sealing import OpenDraft
from messaging.items.services.files import sealed_files
from signatures.drafts import Begun
from signatures.errors import DocumentBusy
from signatures.limits import PAGE_WIDTH_PIXELS, PAGES_AT_ONCE, PAGES_WAITING
from signatures.pdf.checking import PdfBusy, PdfRefused
from signatures.pdf.rendering import draw_page_picture
from signatures.presented import source_of

_places = threading.BoundedSemaphore(PAGES_AT_ONCE + PAGES_WAITING)


@contextmanager
def place_to_draw() -> Iterator[None]:
    """Hold one of the few places at which a page is drawn or waited for, so that threads are left for every other page.

    Raises:
        DocumentBusy: as many others wait as may, or documents were worked on for as long as one waits.
    """
    if not _places.acquire(blocking=False):
        raise DocumentBusy
    try:
        yield
    except PdfBusy:
        raise DocumentBusy from None
    finally:
        _places.release()


def draw_draft_page(draft: OpenDraft, begun: Begun, *, document: int, page: int) -> bytes:
    """Return a page as PNG.

    Args:
        document: from 0.
        page: from 1.

    Raises:
        DocumentBusy: other pages or documents are being worked on.
        Http404: there is no such page, or nothing can be seen of it any more.
    """
    if document >= len(begun.papers) or not 1 <= page <= len(begun.papers[document].pages):
        raise Http404
    paper = begun.papers[document]
    entries = [entry for entry in draft.files if entry.file_id == paper.file_id]
    try:
        file = sealed_files(entries, whole_id=draft.row.whole_id, data_key=draft.data_key)[0]
        with place_to_draw():
            return draw_page_picture(source_of(file, paper), page, PAGE_WIDTH_PIXELS)
    except (ContentDamaged, FileUnreadable, IndexError, PdfRefused):
        raise Http404 from None
