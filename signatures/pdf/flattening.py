"""Flatten pages by PDFium, inside the child process: what is seen of forms and annotations becomes content.

Source: docs/decisions/0058-hostile-pdfs.md; https://pdfium.googlesource.com/pdfium/+/main/public/
"""

import ctypes
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

from signatures.pdf.copying import Frame
from signatures.pdf.geometry import QUARTER, Rectangle
from signatures.pdf.limits import (
    COORDINATE_MOST_POINTS,
    LENGTH_MOST_WIDTHS,
    PAGES_MOST,
    SIDE_LEAST_POINTS,
    SIDE_MOST_POINTS,
)
from signatures.pdf.reasons import Flattened, PdfRefused, Reason
from signatures.pdf.walking import dictionary, number, opened, resolved

HEAD, HEAD_WITHIN_BYTES = b"%PDF-", 1024
PROTECTED = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
UNENCRYPTED = -1
# Annotations that are not seen on a screen, and kinds that have no face.
UNSEEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
FACE, STATE = b"AP", b"AS"
OFF = (raw.FPDF_WCHAR * 4)(*b"Off\0")
EMPTY_TEXT_BYTES = 2
# Hides annotations of unknown kinds (ISO 32000-1, table 165), and in PDFium fields; where it flattens, all others too.
INVISIBLE = raw.FPDF_ANNOT_FLAG_INVISIBLE
INVISIBLE_KINDS = {raw.FPDF_ANNOT_UNKNOWN, raw.FPDF_ANNOT_WIDGET}
FILES = {raw.FPDF_ANNOT_FILEATTACHMENT, raw.FPDF_ANNOT_THREED, raw.FPDF_ANNOT_RICHMEDIA}
KINDS = {raw.FPDF_ANNOT_LINK: Flattened.ACTIONS, raw.FPDF_ANNOT_WIDGET: Flattened.FORM}


@contextmanager
def opened_by_pdfium(source: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Open a document that is whole, not encrypted and has no more pages than may be.

    Raises:
        PdfRefused: it is not such a document.
    """
    if HEAD not in source[:HEAD_WITHIN_BYTES]:
        raise PdfRefused(Reason.NOT_A_PDF)
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as fault:
        raise PdfRefused(_why_closed(fault, source)) from fault
    try:
        if raw.FPDF_GetSecurityHandlerRevision(document) != UNENCRYPTED:
            raise PdfRefused(Reason.ENCRYPTED)
        # PDFium goes on with what it finds in a damaged file; nobody could say whether it is all.
        if not raw.FPDF_DocumentHasValidCrossReferenceTable(document):
            raise PdfRefused(Reason.DAMAGED)
        if len(document) > PAGES_MOST:
            raise PdfRefused(Reason.TOO_MANY_PAGES)
        yield document
    finally:
        document.close()


def resaved(document: pypdfium2.PdfDocument) -> bytes:
    """Return a document as PDFium writes it, with all it holds."""
    file = io.BytesIO()
    document.save(file, flags=raw.FPDF_NO_INCREMENTAL)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class FlatPages:
    """Pages without annotations.

    Args:
        document: has them in one row.
        frames: how each page is seen.
        flattened: what annotations there were.
    """

    document: bytes
    frames: list[Frame]
    flattened: set[Flattened]


def flatten(document: pypdfium2.PdfDocument) -> FlatPages:
    """Return the pages of a document, with what is seen of annotations in their content.

    Raises:
        PdfRefused: a page is damaged or too large, or has a file pinned to it.
    """
    frames: list[Frame] = []
    flattened: set[Flattened] = set()
    annotated = []
    for index in range(len(document)):
        with _page(document, index) as page:
            frames.append(_frame(page))
            flattened |= _drop_unseen(page)
            if raw.FPDFPage_GetAnnotCount(page):
                annotated.append(index)
    # Gives fields a face that have none.
    document.init_forms()
    for index in annotated:
        with _page(document, index) as page:
            _flatten_page(page, frames[index].bounds)
    with pypdfium2.PdfDocument.new() as fresh:
        fresh.import_pages(document)
        return FlatPages(resaved(fresh), frames, flattened)


def sizes(document: pypdfium2.PdfDocument) -> list[tuple[float, float]]:
    """Return the width and height of each page as seen, in points."""
    return [document.get_page_size(index) for index in range(len(document))]


def _why_closed(fault: pypdfium2.PdfiumError, source: bytes) -> Reason:
    if fault.err_code in PROTECTED:
        return Reason.ENCRYPTED
    # PDFium takes a document without pages for a damaged one.
    with opened(source) as reader:
        is_empty = number(resolved(dictionary(resolved(reader.root, "/Pages")), "/Count")) == 0
    return Reason.NO_PAGE if is_empty else Reason.DAMAGED


@contextmanager
def _page(document: pypdfium2.PdfDocument, index: int) -> Iterator[pypdfium2.PdfPage]:
    page = document[index]
    try:
        yield page
    finally:
        page.close()


def _frame(page: pypdfium2.PdfPage) -> Frame:
    found = raw.FS_RECTF()
    if not raw.FPDF_GetPageBoundingBox(page, ctypes.byref(found)):
        raise PdfRefused(Reason.DAMAGED)
    bounds = Rectangle(found.left, found.bottom, found.right, found.top)
    short, long = sorted((bounds.width, bounds.height))
    # Written so that what is no number is refused.
    if not (long <= SIDE_MOST_POINTS and long <= short * LENGTH_MOST_WIDTHS):
        raise PdfRefused(Reason.TOO_LARGE_PAGE)
    farthest = max(map(abs, (bounds.left, bounds.bottom, bounds.right, bounds.top)))
    if not (short >= SIDE_LEAST_POINTS and farthest <= COORDINATE_MOST_POINTS):
        raise PdfRefused(Reason.DAMAGED)
    return Frame(bounds, raw.FPDFPage_GetRotation(page) * QUARTER)


def _drop_unseen(page: pypdfium2.PdfPage) -> set[Flattened]:
    """Take away the annotations that are not seen on a screen, and tell of which kinds there were any."""
    kinds = set()
    for index in reversed(range(raw.FPDFPage_GetAnnotCount(page))):
        with _annotation(page, index) as annotation:
            kind, is_seen = raw.FPDFAnnot_GetSubtype(annotation), _is_seen(annotation)
        kinds.add(kind)
        if not is_seen:
            raw.FPDFPage_RemoveAnnot(page, index)
    if kinds & FILES:
        raise PdfRefused(Reason.EMBEDDED_FILES)
    return {KINDS.get(kind, Flattened.ANNOTATIONS) for kind in kinds}


@contextmanager
def _annotation(page: pypdfium2.PdfPage, index: int) -> Iterator[raw.FPDF_ANNOTATION]:
    annotation = raw.FPDFPage_GetAnnot(page, index)
    if not annotation:
        raise PdfRefused(Reason.DAMAGED)
    try:
        yield annotation
    finally:
        raw.FPDFPage_CloseAnnot(annotation)


def _is_seen(annotation: raw.FPDF_ANNOTATION) -> bool:
    kind, flags = raw.FPDFAnnot_GetSubtype(annotation), raw.FPDFAnnot_GetFlags(annotation)
    if kind not in INVISIBLE_KINDS and flags & INVISIBLE:
        flags &= ~INVISIBLE
        raw.FPDFAnnot_SetFlags(annotation, flags)
    is_bare_link = kind == raw.FPDF_ANNOT_LINK and not raw.FPDFAnnot_HasKey(annotation, FACE)
    return not (flags & UNSEEN or kind == raw.FPDF_ANNOT_POPUP or is_bare_link)


def _choose_faces(page: pypdfium2.PdfPage) -> None:
    """Make PDFium flatten none of an annotation's faces where none is chosen; it takes the first one."""
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        with _annotation(page, index) as annotation:
            if raw.FPDFAnnot_GetStringValue(annotation, STATE, None, 0) <= EMPTY_TEXT_BYTES:
                raw.FPDFAnnot_SetStringValue(annotation, STATE, OFF)


def _flatten_page(page: pypdfium2.PdfPage, bounds: Rectangle) -> None:
    # PDFium cuts what it flattens at the boxes of the page itself, and does not look for inherited ones.
    page.set_mediabox(bounds.left, bounds.bottom, bounds.right, bounds.top)
    page.set_cropbox(bounds.left, bounds.bottom, bounds.right, bounds.top)
    # Annotations without a face get one when they are drawn: here on one pixel beside the page.
    pixel = pypdfium2.PdfBitmap.new_native(1, 1, raw.FPDFBitmap_BGRx)
    raw.FPDF_RenderPageBitmap(pixel, page, 1, 1, 1, 1, 0, raw.FPDF_ANNOT)
    pixel.close()
    _choose_faces(page)
    if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_FAIL:
        raise PdfRefused(Reason.DAMAGED)
