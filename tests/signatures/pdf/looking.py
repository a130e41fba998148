"""Look at documents: their structure by pyHanko, their ink on a picture of a page."""

import io
from collections.abc import Iterator

import pypdfium2
from PIL import Image, ImageChops
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject, Reference
from pyhanko.pdf_utils.reader import PdfFileReader

from signatures.pdf.rendering import draw_page_picture

# What no clean document may have anywhere: scripts, actions, files, forms, annotations, layers, signatures.
FORBIDDEN = {
    *("/JS", "/JavaScript", "/Launch", "/AA", "/OpenAction", "/URI", "/SubmitForm", "/GoToR", "/A"),
    *("/EmbeddedFiles", "/EmbeddedFile", "/EF", "/Filespec", "/AF", "/Names", "/XFA", "/AcroForm", "/Annots", "/Annot"),
    *("/OCProperties", "/OCG", "/OCMD", "/OC", "/Sig", "/ByteRange", "/Perms", "/Metadata", "/Info", "/PieceInfo"),
    *("/Alternates", "/Ref", "/PS", "/TR", "/OP", "/op", "/HT"),
}

Ink = tuple[int, int, int, int]


def names(document: bytes) -> set[str]:
    """Return every name in a document, but for those it gives to its own fonts, images and glyphs."""
    reader = PdfFileReader(io.BytesIO(document))
    return set(_names(reader.trailer_view, "", set()))


def _names(found: PdfObject, key: str, seen: set[tuple[Reference, str]]) -> Iterator[str]:
    if isinstance(found, IndirectObject):
        if (found.reference, key) in seen:
            return
        seen.add((found.reference, key))
        found = found.get_object()
    if isinstance(found, NameObject):
        yield str(found)
    elif isinstance(found, DictionaryObject):
        are_chosen = key in ("a map of resources", "/CharProcs")
        yield from () if are_chosen else found
        for inner, value in found.items():
            yield from _names(value, "a map of resources" if key == "/Resources" else inner, seen)
    elif isinstance(found, ArrayObject) and key != "/Differences":
        for item in list.__iter__(found):
            yield from _names(item, "", seen)


def require_clean(document: bytes) -> None:
    """Assert that a document is pages and nothing else, written once."""
    assert document.count(b"%%EOF") == document.count(b"startxref") == 1
    assert document.endswith(b"%%EOF\n")
    reader = PdfFileReader(io.BytesIO(document))
    assert reader.total_revisions == 1
    assert not reader.embedded_signatures
    assert names(document) & FORBIDDEN == set()


def picture(document: bytes, page: int = 1, width: int = 595) -> Image.Image:
    """Return what `draw_page_picture` draws."""
    return Image.open(io.BytesIO(draw_page_picture(document, page, width)))


def picture_of_original(document: bytes) -> Image.Image:
    """Return how the first page of a document is shown with its forms and annotations, a pixel for each point."""
    with pypdfium2.PdfDocument(document) as opened:
        opened.init_forms()
        shown: Image.Image = opened[0].render(scale=1).to_pil().convert("RGB")
        return shown


def ink(shown: Image.Image, box: Ink | None = None) -> Ink | None:
    """Return the smallest rectangle around all that is not white, in pixels."""
    part = shown.convert("RGB").crop(box) if box else shown.convert("RGB")
    return ImageChops.invert(part).convert("L").point(lambda value: 255 if value > 20 else 0).getbbox()


def is_same(one: Image.Image, other: Image.Image, *, off_at_most: float = 1.0) -> bool:
    """Tell whether two pictures show the same, but for smoothing.

    Args:
        off_at_most: mean difference of a pixel, of 255.
    """
    difference = ImageChops.difference(one.convert("L"), other.convert("L"))
    levels = difference.histogram()
    return one.size == other.size and sum(n * count for n, count in enumerate(levels)) / sum(levels) <= off_at_most
