"""Write a new PDF object by object: one version, one table, no object inside another stream.

Source: ISO 32000-1, sections 7.3 (objects) and 7.5 (file structure)
"""

import hashlib
import io
import re
import zlib
from collections.abc import Mapping, Sequence

from pyhanko.pdf_utils.generic import (
    BooleanObject,
    ByteStringObject,
    FloatObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

from signatures.pdf.geometry import Rectangle

HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
ID_BYTES = 16
IRREGULAR = re.compile(r"[^!-~]|[#()<>\[\]{}/%]")
# Data in which a reader that repairs files might see the end of this one, or a table of another.
LOOKS_LIKE_FILE = re.compile(rb"%%EOF|startxref|endstream|endobj|trailer|xref")

Coding = tuple[bytes, bytes]
"""A filter and its settings, both as they are written."""


def written(value: PdfObject | Rectangle | None) -> bytes:
    """Return how a value is written that is no dictionary, array or reference."""
    match value:
        case Rectangle():
            sides = (value.left, value.bottom, value.right, value.top)
            return b"[" + b" ".join(_number(f"{side:.4f}") for side in sides) + b"]"
        case BooleanObject():
            return b"true" if value else b"false"
        case FloatObject():
            return _number(f"{value:f}")
        case NumberObject():
            return b"%d" % value
        case NameObject():
            return b"/" + IRREGULAR.sub(lambda found: f"#{ord(found[0]):02X}", value[1:]).encode("ascii")
        case TextStringObject() | ByteStringObject():
            return b"<%b>" % value.original_bytes.hex().encode()
        case _:
            return b"null"


def written_dictionary(entries: Mapping[str, bytes]) -> bytes:
    """Return a dictionary of values that are written already."""
    lines = (written(NameObject(key)) + b" " + value for key, value in entries.items())
    return b"<< " + b" ".join(lines) + b" >>"


def written_stream(entries: Mapping[str, bytes], data: bytes, codings: Sequence[Coding] = ()) -> bytes:
    """Return a stream. Data that is not coded, or could be taken for a piece of the file, is compressed.

    Args:
        codings: how the data is coded already, the last one first.
    """
    codings = list(codings)
    if not codings or LOOKS_LIKE_FILE.search(data):
        data = zlib.compress(data)
        codings.insert(0, (b"/FlateDecode", b"null"))
    names, settings = zip(*codings, strict=True)
    coded = {"/Filter": b"[" + b" ".join(names) + b"]", "/Length": b"%d" % len(data)}
    if set(settings) != {b"null"}:
        coded["/DecodeParms"] = b"[" + b" ".join(settings) + b"]"
    return b"".join([written_dictionary({**entries, **coded}), b"\nstream\n", data, b"\nendstream"])


class Writer:
    """A document in the making."""

    def __init__(self) -> None:
        self._file = io.BytesIO()
        self._file.write(HEAD)
        # Where each object begins, by its number less one; 0 for one that is still to be filled.
        self._begins: list[int] = []

    def reserve(self) -> int:
        """Return the number of an object that will be filled later."""
        self._begins.append(0)
        return len(self._begins)

    def fill(self, number: int, body: bytes) -> None:
        """Write a reserved object."""
        self._begins[number - 1] = self._file.tell()
        self._file.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def add(self, body: bytes) -> int:
        """Write an object and return its number."""
        number = self.reserve()
        self.fill(number, body)
        return number

    def finish(self, root: int) -> bytes:
        """Return the document.

        Args:
            root: number of its catalog.
        """
        name = hashlib.sha256(self._file.getbuffer()).digest()[:ID_BYTES].hex().encode()
        table, size = self._file.tell(), len(self._begins) + 1
        self._file.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        self._file.writelines(b"%010d 00000 n \n" % begin for begin in self._begins)
        self._file.write(b"trailer\n<< /Size %d /Root %d 0 R /ID [<%b> <%b>] >>\n" % (size, root, name, name))
        self._file.write(b"startxref\n%d\n%%%%EOF\n" % table)
        return self._file.getvalue()


def _number(text: str) -> bytes:
    return (text.rstrip("0").rstrip(".") if "." in text else text).encode("ascii")
