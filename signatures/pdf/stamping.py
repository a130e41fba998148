"""Stamp marks onto pages: each upright as the reader sees the page, and just as large as its box.

Source: docs/decisions/0058-hostile-pdfs.md; ISO 32000-1, sections 8.4.4 (q, Q, cm), 8.10 (form XObjects)
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby, islice
from operator import attrgetter

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.rw_common import find_inherited_value_in_tree

from signatures.pdf.geometry import Box, Matrix, Rectangle, to_user_space


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is drawn on a page, and where.

    Args:
        page: its number, from 1.
        box: the place on the page as seen.
        content: a PDF of one page that is as large as the box and has no ground.
    """

    page: int
    box: Box
    content: bytes


@dataclass(frozen=True, slots=True)
class _Form:
    """A content that was brought into the document.

    Args:
        bounds: of its page.
    """

    reference: IndirectObject
    bounds: Rectangle


def stamp(writer: IncrementalPdfFileWriter, stamps: Sequence[Stamp]) -> None:
    """Draw stamps on the pages of a document that is written on; they lie over one another in their order.

    A page is changed once: what it drew before is set between `q` and `Q`, and the stamps come behind that.

    Args:
        writer: opened on a document that `check_pdf` has cleaned.

    Raises:
        LookupError: there is no such page.
    """
    tree = writer.root.raw_get("/Pages")
    forms = {content: _import(writer, content) for content in dict.fromkeys(each.content for each in stamps)}
    for number, found in groupby(sorted(stamps, key=attrgetter("page")), key=attrgetter("page")):
        _stamp_page(writer, _page(tree, number), [(each.box, forms[each.content]) for each in found])


def _page(tree: IndirectObject, number: int) -> IndirectObject:
    """Return a page by its number, from 1.

    Where the root holds as many nodes as pages, as in what `check_pdf` writes, the others are not even read.
    """
    root = tree.get_object()
    kids: list[IndirectObject] = list(list.__iter__(root["/Kids"]))
    if root.get("/Count") == len(kids) and 1 <= number <= len(kids) and "/Kids" not in kids[number - 1].get_object():
        return kids[number - 1]
    found = next(islice(_pages(tree), number - 1, None), None) if number >= 1 else None
    if found is None:
        raise LookupError(number)
    return found


def _pages(node: IndirectObject) -> Iterator[IndirectObject]:
    """Yield the pages below a node of the page tree, in their order."""
    entry = node.get_object()
    if "/Kids" not in entry:
        yield node
        return
    for kid in list.__iter__(entry["/Kids"]):
        yield from _pages(kid)


def _import(writer: IncrementalPdfFileWriter, content: bytes) -> _Form:
    reader = PdfFileReader(io.BytesIO(content))
    (page,) = _pages(reader.root.raw_get("/Pages"))
    return _Form(writer.import_page_as_xobject(reader), _rectangle(page.get_object(), "/MediaBox"))


def _stamp_page(
    writer: IncrementalPdfFileWriter, reference: IndirectObject, stamps: Iterable[tuple[Box, _Form]]
) -> None:
    page = reference.get_object()
    media, rotation = _rectangle(page, "/MediaBox"), find_inherited_value_in_tree(page, "/Rotate", "/Parent") or 0
    crop = _rectangle(page, "/CropBox", media).within(media)
    resources = DictionaryObject(find_inherited_value_in_tree(page, "/Resources", "/Parent") or {})
    forms = DictionaryObject(resources.get("/XObject", DictionaryObject()).get_object())
    drawn = [b"\nQ"]
    for box, form in stamps:
        name = next(name for number in count(1) if (name := f"/Stamp{number}") not in forms)
        forms[NameObject(name)] = form.reference
        matrix = _matrix(form.bounds, box, to_user_space(box, crop, rotation))
        drawn.append(f"q {' '.join(f'{part:.5f}' for part in matrix)} cm {name} Do Q".encode("ascii"))
    resources[NameObject("/XObject")] = forms
    page[NameObject("/Resources")] = resources
    before, after = (writer.add_object(StreamObject(stream_data=data)) for data in (b"q\n", b"\n".join(drawn)))
    page[NameObject("/Contents")] = ArrayObject([before, *_contents(page), after])
    writer.mark_update(reference)


def _contents(page: DictionaryObject) -> list[PdfObject]:
    """Return the streams of a page's content, as references."""
    if "/Contents" not in page:
        return []
    found = page["/Contents"]
    return list(list.__iter__(found)) if isinstance(found, ArrayObject) else [page.raw_get("/Contents")]


def _rectangle(page: DictionaryObject, key: str, otherwise: Rectangle | None = None) -> Rectangle:
    """Return a box of a page, its own or an inherited one."""
    found = find_inherited_value_in_tree(page, key, "/Parent")
    if found is None and otherwise:
        return otherwise
    left, bottom, right, top = (float(side) for side in found)
    return Rectangle(min(left, right), min(bottom, top), max(left, right), max(bottom, top))


def _matrix(bounds: Rectangle, box: Box, place: Matrix) -> Matrix:
    """Return the matrix that brings a form to its place, and from its own size to that of the box."""
    a, b, c, d, e, f = place
    wide, high = box.width / bounds.width, box.height / bounds.height
    left, bottom = bounds.left * wide, bounds.bottom * high
    return a * wide, b * wide, c * high, d * high, e - a * left - c * bottom, f - b * left - d * bottom
