"""Append pages of one PDF to another, as they look in their own."""

import io
from collections.abc import Iterator
from typing import cast

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler

# A page takes what it does not say itself from the node of the tree above it (ISO 32000-1, table 30).
INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")


def append_pages(writer: IncrementalPdfFileWriter, content: bytes) -> int:
    """Append every page of a PDF of ours behind the last one and return how many they were.

    What the pages share, fonts above all, is written once.
    """
    source = PdfFileReader(io.BytesIO(content))
    count = int(source.root["/Pages"]["/Count"])
    found = generic.ArrayObject(_page(source, number) for number in range(count))
    found.container_ref = source.root_ref
    for page in cast(generic.ArrayObject, writer.import_object(found)):
        writer.insert_page(page)
    return count


def _page(source: PdfHandler, number: int) -> generic.DictionaryObject:
    """Return a page that inherits nothing: neither from the tree it leaves nor from the one it comes to."""
    reference, _resources = source.find_page_for_modification(number)
    page = reference.get_object()
    alone = generic.DictionaryObject({key: page.raw_get(key) for key in page if key != "/Parent"})
    for node in _and_above(page):
        for key in INHERITED:
            if key in node and key not in alone:
                alone[pdf_name(key)] = node.raw_get(key)
    alone.setdefault(pdf_name("/CropBox"), alone.raw_get("/MediaBox"))
    alone.setdefault(pdf_name("/Rotate"), generic.NumberObject(0))
    return alone


def _and_above(page: generic.DictionaryObject) -> Iterator[generic.DictionaryObject]:
    yield page
    while "/Parent" in page:
        page = page["/Parent"]
        yield page
