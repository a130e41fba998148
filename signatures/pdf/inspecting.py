"""Look what a document holds beside its pages, inside the child process.

Source: docs/decisions/0058-hostile-pdfs.md; ISO 32000-1, sections 8.11 (optional content), 12.6 (actions)
"""

import re

from pyhanko.pdf_utils.generic import DictionaryObject, PdfObject

from signatures.pdf.reasons import Flattened, PdfRefused, Reason
from signatures.pdf.walking import Walk, dictionary, items, name, opened, resolved, words

# What is drawn is copied by a list of what may be in it (`copying.py`), annotations are looked at by PDFium
# (`flattening.py`), and the rest is large and says nothing; here it would only take time.
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


def inspect(source: bytes, resaved: bytes) -> set[Flattened]:
    """Return what a document holds beside its pages and their annotations.

    Args:
        source: the file as it came.
        resaved: the same document as PDFium wrote it, so that both see the same.

    Raises:
        PdfRefused: it holds what cannot be taken away without a loss, or is not the same to all who see it.
    """
    with opened(resaved) as reader:
        found = set().union(*map(words, Walk(PASSED_BY).entries(reader.root)))
        for reason, marks in REFUSED:
            if found & marks:
                raise PdfRefused(reason)
        if SIGNED_BYTES.search(source):
            raise PdfRefused(Reason.ALREADY_SIGNED)
        _require_visible_layers(resolved(reader.root, "/OCProperties"))
    told = {what for what, marks in TOLD if found & marks}
    return told | ({Flattened.EARLIER_VERSIONS} if _versions(source) > 1 else set())


def _versions(source: bytes) -> int:
    """Return how often a document was written; one for the web has two tables of one version."""
    return source.count(b"startxref") - (b"/Linearized" in source[:1024])


def _require_visible_layers(layers: PdfObject | None) -> None:
    """Refuse layers unless every one is seen by everybody: on screen, in print, at every zoom, in every language."""
    usual = dictionary(resolved(dictionary(layers), "/D"))
    if items(resolved(usual, "/OFF")) or name(usual, "/BaseState") not in (None, "/ON"):
        raise PdfRefused(Reason.HIDDEN_LAYERS)
    for layer in items(resolved(dictionary(layers), "/OCGs")):
        if _may_hide(dictionary(resolved(dictionary(layer), "/Usage"))):
            raise PdfRefused(Reason.HIDDEN_LAYERS)


def _may_hide(usage: DictionaryObject) -> bool:
    states = (("/View", "/ViewState"), ("/Print", "/PrintState"), ("/Export", "/ExportState"))
    is_off = any(name(dictionary(resolved(usage, purpose)), state) == "/OFF" for purpose, state in states)
    return is_off or not usage.keys().isdisjoint({"/Zoom", "/Language", "/User"})
