"""Write PDFs byte by byte, so that every oddity can be made."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field


def stream(data: bytes, entries: str = "", *, compress: bool = False) -> bytes:
    """Return the body of an object that is a stream."""
    if compress:
        data, entries = zlib.compress(data, 9), f"/Filter /FlateDecode {entries}"
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


@dataclass
class RawPdf:
    """Objects by number, and what the trailer says; the catalog is object 1, the root of the pages object 2."""

    objects: dict[int, bytes] = field(default_factory=dict)
    trailer: str = "/Root 1 0 R"
    pages: list[int] = field(default_factory=list)

    def written(self) -> bytes:
        """Return the file, with a table of what is where."""
        return _with_table(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", self.objects, self.trailer)


def raw_pdf(
    content: bytes = b"1 0 0 rg 100 600 200 50 re f",
    *,
    page: str = "",
    catalog: str = "",
    pages: int = 1,
    box: str = "[0 0 595 842]",
    others: Mapping[int, str | bytes] | None = None,
) -> RawPdf:
    """Return a document of pages with the same content; what is given is written into page and catalog."""
    made = RawPdf()
    made.objects[1] = f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode("latin-1")
    made.objects[3] = stream(content)
    made.objects[4] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    for number, body in (others or {}).items():
        made.objects[number] = body if isinstance(body, bytes) else body.encode("latin-1")
    start = max(made.objects) + 1000
    made.pages = list(range(start, start + pages))
    for number in made.pages:
        made.objects[number] = (
            f"<< /Type /Page /Parent 2 0 R /Contents 3 0 R /Resources << /Font << /F1 4 0 R >> >> {page} >>"
        ).encode("latin-1")
    kids = " ".join(f"{number} 0 R" for number in made.pages)
    made.objects[2] = f"<< /Type /Pages /Kids [{kids}] /Count {pages} /MediaBox {box} >>".encode()
    return made


def updated(document: bytes, objects: Mapping[int, str | bytes], trailer: str = "/Root 1 0 R") -> bytes:
    """Return a document with an incremental update behind it that puts these objects in the place of others."""
    before = document.rindex(b"startxref")
    where = int(document[before:].split()[1])
    bodies = {number: body if isinstance(body, bytes) else body.encode("latin-1") for number, body in objects.items()}
    return _with_table(document, bodies, f"{trailer} /Prev {where}")


def _with_table(head: bytes, objects: dict[int, bytes], trailer: str) -> bytes:
    file, offsets = bytearray(head), {}
    for number, body in sorted(objects.items()):
        offsets[number] = len(file)
        file += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(file)
    file += b"xref\n0 1\n0000000000 65535 f \n"
    for number, offset in offsets.items():
        file += f"{number} 1\n{offset:010} 00000 n \n".encode()
    size = max(objects) + 1
    file += f"trailer\n<< /Size {max(size, 5000)} {trailer} >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(file)
