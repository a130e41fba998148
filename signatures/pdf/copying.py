"""Copy what pages are drawn with into a new document, inside the child process.

Nothing is copied that `grammar.py` does not name. The content of a page becomes one form that its page shows, so that
whatever it does to the graphics state ends with it, and marks are drawn where they belong.
Source: docs/decisions/0058-hostile-pdfs.md; ISO 32000-1, sections 7.8.2 (content), 8.10 (forms)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
)

from signatures.pdf.geometry import Rectangle
from signatures.pdf.grammar import FILTERS, KINDS, PLAIN, XOBJECTS, Kind
from signatures.pdf.layers import require_seen, require_shown
from signatures.pdf.limits import IMAGE_MOST_BYTES
from signatures.pdf.reasons import PdfRefused, Reason
from signatures.pdf.walking import dictionary, items, name, number, opened, resolved, target
from signatures.pdf.writing import Writer, pointer, written, written_dictionary, written_stream

CHANNELS_MOST = 4

# pyHanko guesses in which encoding a name is, and a guess cannot be written back; this keeps each byte a character.


@dataclass(frozen=True, slots=True)
class Frame:
    """How a page is seen.

    Args:
        bounds: what is seen of it, in user space.
        rotation: clockwise, in degrees, a multiple of 90.
    """

    bounds: Rectangle
    rotation: int


def copy_pages(document: bytes, frames: Sequence[Frame]) -> bytes:
    """Return a new document that shows these pages and holds nothing else.

    Args:
        document: as PDFium wrote it, its pages in one row below the root of its page tree.

    Raises:
        PdfRefused: something of a page is damaged or not seen by everybody.
    """
    with opened(document) as reader:
        pages = items(resolved(dictionary(resolved(reader.root, "/Pages")), "/Kids"))
        if len(pages) != len(frames):
            raise PdfRefused(Reason.DAMAGED)
        copier = Copier()
        for page, frame in zip(pages, frames, strict=True):
            copier.copy_page(page, frame)
            # What is copied is not asked for again, and large documents are many times in memory already.
            reader.resolved_objects.clear()
        return copier.finish()


class Copier:
    """Writes pages one after the other, and all they need, each once."""

    def __init__(self) -> None:
        self._writer = Writer()
        self._tree = self._writer.reserve()
        self._show = self._writer.add(written_stream({}, b"q /Page Do Q"))
        self._pages: list[int] = []
        # The copies of an object, by its number and role, and those still to be made.
        self._copies: dict[tuple[generic.Reference, str], int] = {}
        self._left: list[tuple[int, IndirectObject, str]] = []

    def copy_page(self, page: PdfObject, frame: Frame) -> None:
        """Copy one page."""
        if not isinstance(page, DictionaryObject):
            raise PdfRefused(Reason.DAMAGED)
        content = self._writer.add(self._content(page, frame.bounds))
        entries = {
            "/Type": b"/Page",
            "/Parent": pointer(self._tree),
            "/MediaBox": written(frame.bounds),
            "/Rotate": str(frame.rotation).encode(),
            "/Resources": b"<< /XObject << /Page %b >> >>" % pointer(content),
            "/Contents": pointer(self._show),
        }
        if isinstance(resolved(page, "/Group"), DictionaryObject):
            entries["/Group"] = self._value(page.raw_get("/Group"), "group")
        self._pages.append(self._writer.add(written_dictionary(entries)))
        self._copy_what_is_left()

    def finish(self) -> bytes:
        """Return the document."""
        kids = b" ".join(pointer(page) for page in self._pages)
        tree = {"/Type": b"/Pages", "/Count": str(len(self._pages)).encode(), "/Kids": b"[" + kids + b"]"}
        self._writer.fill(self._tree, written_dictionary(tree))
        root = {"/Type": b"/Catalog", "/Pages": pointer(self._tree)}
        return self._writer.finish(self._writer.add(written_dictionary(root)))

    def _content(self, page: DictionaryObject, bounds: Rectangle) -> bytes:
        """Return a page's content as a form."""
        entries = {"/Type": b"/XObject", "/Subtype": b"/Form", "/BBox": written(bounds)}
        if "/Resources" in page:
            entries["/Resources"] = self._value(page.raw_get("/Resources"), "resources")
        match resolved(page, "/Contents"):
            case StreamObject() as stream:
                return self._stream(stream, entries)
            case ArrayObject() as streams:
                parts = [part.data for part in items(streams) if isinstance(part, StreamObject)]
                return written_stream(entries, b"\n".join(parts))
            case _:
                return written_stream(entries, b"")

    def _copy_what_is_left(self) -> None:
        while self._left:
            copy, reference, role = self._left.pop()
            found = target(reference)
            if isinstance(found, IndirectObject):
                raise PdfRefused(Reason.DAMAGED)
            self._writer.fill(copy, self._body(found, role))

    def _reference(self, reference: IndirectObject, role: str) -> bytes:
        key = (reference.reference, role)
        if key not in self._copies:
            self._copies[key] = self._writer.reserve()
            self._left.append((self._copies[key], reference, role))
        return pointer(self._copies[key])

    def _value(self, found: PdfObject, role: str) -> bytes:
        match found:
            case IndirectObject():
                return self._reference(found, role)
            case ArrayObject():
                return b"[" + b" ".join(self._value(item, role) for item in list.__iter__(found)) + b"]"
            case DictionaryObject():
                return self._body(found, role)
            case _:
                return written(found)

    def _body(self, found: PdfObject, role: str) -> bytes:
        """Return the copy of an object, in its role."""
        if not isinstance(found, DictionaryObject):
            return self._value(found, role)
        require_seen(found)
        if role == "property":
            require_shown(found)
        role = XOBJECTS.get(name(found, "/Subtype") or "", PLAIN) if role == "xobject" else role
        if role == PLAIN:
            return b"null"
        if role == "image":
            _require_drawable(found)
        entries = self._entries(found, KINDS[role])
        if isinstance(found, StreamObject) and KINDS[role].is_stream:
            return self._stream(found, entries)
        return written_dictionary(entries)

    def _entries(self, found: DictionaryObject, kind: Kind) -> dict[str, bytes]:
        roles = dict.fromkeys(found.keys() - kind.never, kind.every) if kind.every else kind.entries
        return {key: self._value(item, roles[key]) for key, item in found.items() if key in roles}

    def _stream(self, stream: StreamObject, entries: dict[str, bytes]) -> bytes:
        """Return a stream as it was coded, but never such that its data could be taken for a piece of the file."""
        filters = _one_or_more(resolved(stream, "/Filter"))
        settings = _one_or_more(resolved(stream, "/DecodeParms"))
        if not FILTERS.issuperset(filters):
            raise PdfRefused(Reason.DAMAGED)
        codings = [(written(coding), b"null") for coding in filters]
        for index, setting in enumerate(settings[: len(filters)]):
            codings[index] = (codings[index][0], self._value(setting, "coding"))
        return written_stream(entries, stream.encoded_data, codings)


def _require_drawable(image: DictionaryObject) -> None:
    """Refuse an image that PDFium would draw only a part of."""
    usual = {"/Width": 0, "/Height": 0, "/BitsPerComponent": 1 if "/ImageMask" in image else 8}
    sides = [number(image[key]) if key in image else least for key, least in usual.items()]
    if prod(sides) / 8 * CHANNELS_MOST > IMAGE_MOST_BYTES:
        raise PdfRefused(Reason.TOO_HEAVY)


def _one_or_more(found: PdfObject | None) -> list[PdfObject]:
    if isinstance(found, ArrayObject):
        return list(list.__iter__(found))
    return [] if found is None else [found]


def _exact_name(name_bytes: bytes) -> NameObject:
    """Return a name whose characters have the numbers of its bytes.

    pyHanko guesses in which encoding a name is, and a guess cannot be written back (0.38).
    """
    first, *others = name_bytes.split(b"#")
    plain = b"".join([b"/", first, *(bytes([int(part[:2], 16)]) + part[2:] for part in others)])
    return NameObject(plain.decode("latin-1"))


generic._decode_name = _exact_name
