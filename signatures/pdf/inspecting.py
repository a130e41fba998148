"""Look what a document holds beside its pages, inside the child process.

Source: docs/decisions/0058-hostile-pdfs.md; ISO 32000-1, sections 12.5 (annotations), 12.6 (actions)
"""

import re
from collections.abc import Iterable

from pyhanko.pdf_utils.generic import DictionaryObject

from signatures.pdf.layers import require_seen, require_visible_layers
from signatures.pdf.reasons import Flattened, PdfRefused, Reason
from signatures.pdf.walking import Walk, dictionary, items, opened, resolved, words

# What is drawn, also by annotations, is copied by a list of what may be in it (`copying.py`), PDFium tells the kinds of
# annotations (`flattening.py`), and the rest is large and says nothing; here it would only take time.
PASSED_BY = (
    "/Resources", "/Contents", "/Annots", "/AP", "/MK", "/Parent", "/P", "/Dests", "/Outlines", "/Threads",
    "/StructTreeRoot", "/Metadata",
)  # fmt: skip
REFUSED = (
    (Reason.XFA, {"/XFA"}),
    (Reason.ALREADY_SIGNED, {"/ByteRange"}),
    (Reason.EMBEDDED_FILES, {"/EmbeddedFiles", "/EF", "/Collection"}),
)
TOLD = (
    (Flattened.SCRIPTS, {"/JS", "/JavaScript"}),
    (
        Flattened.ACTIONS,
        {"/URI", "/Launch", "/SubmitForm", "/ResetForm", "/ImportData", "/GoToR", "/GoToE", "/Named", "/Hide", "/Sound",
         "/Movie", "/Rendition", "/SetOCGState", "/GoTo3DView", "/Thread"},
    ),
    (Flattened.FORM, {"/AcroForm"}),
    (Flattened.LAYERS, {"/OCProperties"}),
)  # fmt: skip
# A signature counts the bytes it covers outside of any stream, also one that a later version took back.
SIGNED_BYTES = re.compile(rb"/ByteRange\s*\[")

# PDFium writes each name in one way, and outside of any stream.
IN_A_LAYER = re.compile(rb"/OC[^A-Za-z]")


def inspect(source: bytes, resaved: bytes) -> set[Flattened]:
    """Return what a document holds beside its pages and their annotations.

    Args:
        source: the file as it came.
        resaved: the same document as PDFium wrote it, so that both see the same.

    Raises:
        PdfRefused: it holds what cannot be taken away without a loss, or is not the same to all who see it.
    """
    with opened(resaved) as reader:
        entries = list(Walk(PASSED_BY).entries(reader.root))
        found = set().union(*map(words, entries))
        for reason, marks in REFUSED:
            if found & marks:
                raise PdfRefused(reason)
        if SIGNED_BYTES.search(source):
            raise PdfRefused(Reason.ALREADY_SIGNED)
        require_visible_layers(reader.root)
        # Many thousands of annotations take seconds.
        if IN_A_LAYER.search(resaved):
            _require_seen_annotations(entries)
    told = {what for what, marks in TOLD if found & marks}
    return told | ({Flattened.EARLIER_VERSIONS} if _versions(source) > 1 else set())


def _require_seen_annotations(entries: Iterable[DictionaryObject]) -> None:
    """Refuse layers that hide annotations; PDFium flattens these whatever they belong to, and leaves no trace of it."""
    for entry in entries:
        for annotation in items(resolved(entry, "/Annots")):
            require_seen(dictionary(annotation))


def _versions(source: bytes) -> int:
    """Return how often a document was written; one for the web has two tables of one version."""
    return source.count(b"startxref") - (b"/Linearized" in source[:1024])
