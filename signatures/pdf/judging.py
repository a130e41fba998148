"""Judge a cleaned document, in a child process of its own: the one that cleaned it may have been taken over.

Only pyHanko reads here, which is Python and knows nothing of drawing.
Source: docs/decisions/0058-hostile-pdfs.md; ISO 32000-1, section 7.5 (file structure)
"""

import json

from pyhanko.pdf_utils.generic import DictionaryObject, PdfObject
from pyhanko.pdf_utils.reader import PdfFileReader

from signatures.pdf.geometry import QUARTER, PageSize, Rectangle
from signatures.pdf.grammar import DEFAULT_SPACES
from signatures.pdf.limits import PAGES_MOST
from signatures.pdf.reasons import PdfRefused, Reason
from signatures.pdf.walking import Walk, dictionary, items, number, opened, resolved, words

# What a clean document has nowhere: as the key of an entry, or as the kind of a thing.
UNCLEAN = frozenset(
    {"/JS", "/JavaScript", "/Launch", "/AA", "/OpenAction", "/URI", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE",
     "/Rendition", "/RichMedia", "/Annots", "/Annot", "/Widget", "/AcroForm", "/XFA", "/Sig", "/ByteRange", "/Perms",
     "/EmbeddedFiles", "/EmbeddedFile", "/EF", "/Filespec", "/F", "/FFilter", "/FDecodeParms", "/Names", "/Outlines",
     "/OCProperties", "/OCG", "/OCMD", "/OC", "/Alternates", "/OPI", "/Ref", "/PS", "/Metadata", "/PieceInfo",
     "/StructTreeRoot", "/ObjStm", "/XRef", "/Encrypt", *DEFAULT_SPACES}
)  # fmt: skip
ROOT_KEYS = {"/Type", "/Pages"}


def judge(document: bytes) -> list[bytes]:
    """Return the sizes of the pages as JSON: width and height as seen, in points.

    Raises:
        PdfRefused: it is not what a clean document is.
    """
    with opened(document) as reader:
        _require_one_version(document, reader)
        walk = Walk()
        found = set().union(*map(_said, walk.entries(reader.root)))
        numbered = {ref.idnum for ref in reader.xrefs.explicit_refs_in_revision(0)}
        _require(found.isdisjoint(UNCLEAN) and reader.root.keys() == ROOT_KEYS)
        # Nothing lies about that no page asks for.
        _require(numbered == {ref.idnum for ref in walk.references} | {reader.root_ref.idnum})
        pages = items(resolved(dictionary(resolved(reader.root, "/Pages")), "/Kids"))
        _require(0 < len(pages) <= PAGES_MOST)
        return [json.dumps([_size(page) for page in pages]).encode()]


def _require_one_version(document: bytes, reader: PdfFileReader) -> None:
    _require(document.count(b"%%EOF") == 1 and document.endswith(b"%%EOF\n") and document.count(b"startxref") == 1)
    _require(reader.total_revisions == 1 and not reader.has_xref_stream and not reader.encrypted)
    _require(not any(key in reader.trailer for key in ("/Info", "/Prev", "/XRefStm", "/Encrypt")))


def _said(entry: DictionaryObject) -> set[str]:
    """Return the words of a dictionary; of the colors it names itself, those that stand for the device's."""
    return words(entry) | (DEFAULT_SPACES & dictionary(resolved(entry, "/ColorSpace")).keys())


def _size(page: PdfObject) -> tuple[float, float]:
    entry = dictionary(page)
    left, bottom, right, top = map(number, items(resolved(entry, "/MediaBox")))
    rotation = int(number(resolved(entry, "/Rotate")))
    _require(rotation in range(0, 4 * QUARTER, QUARTER) and left < right and bottom < top)
    size: PageSize = Rectangle(left, bottom, right, top).size_as_seen(rotation)
    return size.width, size.height


def _require(holds: bool) -> None:
    if not holds:
        raise PdfRefused(Reason.DAMAGED)
