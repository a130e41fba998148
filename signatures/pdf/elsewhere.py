"""Find out whether a file holds a signature of ours that stands in no hexadecimal digits.

Readers take a signature from a literal string too, and from an object that was packed with others; whoever rewrites it
so must not be told that the file was never ours. Nothing found here can be a seal: ours are written in digits.
Source: docs/decisions/0062-verification.md
"""

import io
import re
from collections.abc import Iterator, Sequence
from itertools import chain

from pyhanko.pdf_utils.generic import ByteStringObject, TextStringObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

from signatures.pdf.inside import FAULTS
from signatures.pdf.tokens import MALFORMED
from signatures.pdf.traces import genuine

# The head of signed data (RFC 5652, 3 and 5.1): how long it says to be, if it does, and its object identifier.
LENGTH = "|".join(f"\\x8{count}(.{{{count}}})" for count in range(1, 9)).encode()
SIGNED_DATA = re.compile(
    rb"\x30(?:([\x00-\x7f])|\x80|" + LENGTH + rb")\x06(?:\x81)?\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", re.DOTALL
)
# ISO 32000-2, 7.3.4.2: of three octal digits too many the high bits are dropped, and a line may go on in the next.
ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
OCTAL = {f"{value:0{digits}o}".encode(): bytes([value & 0xFF]) for digits in (1, 2, 3) for value in range(8**digits)}
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", **OCTAL}

# Files end so, with little behind it; without it pyHanko would look for it through the whole file, byte by byte.
END, BEHIND_MOST_BYTES = b"%%EOF", 1_024


def is_elsewhere(data: bytes, ours: Sequence[bytes]) -> bool:
    """Tell whether a signature of ours stands in a literal string, or where only a reader of PDFs finds it.

    Args:
        ours: DER of the certificates of our keys.
    """
    return any(_is_genuine(content, ours) for content in chain(_in_literals(data, ours), _read(data)))


def _in_literals(data: bytes, ours: Sequence[bytes]) -> Iterator[bytes]:
    """Yield what may be a signature, with what stands behind it, as if all of the file were one literal string.

    An end of a line is read as a line feed in such a string, and some readers leave it as it is.
    """
    for written in dict.fromkeys((data, data.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))):
        content = _unescaped(written)
        if not SIGNED_DATA.search(content):
            continue
        # Behind the last certificate of ours no structure holds one; files may have ten thousands.
        last = max((content.rfind(der) for der in ours), default=0)
        for head in SIGNED_DATA.finditer(content, 0, max(last, 0)):
            said = head.lastindex
            end = head.end(said) + int.from_bytes(head[said], "big") if said else None
            yield content[head.start() : end]


def _unescaped(written: bytes) -> bytes:
    content, end = bytearray(), 0
    # To replace by the pattern would keep a piece for each escape, and a file may have ten millions.
    for escape in ESCAPE.finditer(written):
        content += written[end : escape.start()]
        content += ESCAPED.get(escape[1], escape[1])
        end = escape.end()
    content += written[end:]
    return bytes(content)


def _read(data: bytes) -> Iterator[bytes]:
    """Yield what pyHanko finds in the fields of a file, whatever the rest of it is."""
    if END not in data[-BEHIND_MOST_BYTES:]:
        return
    try:
        fields = enumerate_sig_fields(PdfFileReader(io.BytesIO(data), strict=False), filled_status=True)
        for _name, value, _field in fields:
            content = value.get_object().raw_get("/Contents").get_object()
            if isinstance(content, ByteStringObject | TextStringObject):
                yield content.original_bytes
    except (*MALFORMED, *FAULTS):
        return


def _is_genuine(content: bytes, ours: Sequence[bytes]) -> bool:
    try:
        return genuine(content, 0, len(content), ours) is not None
    except MALFORMED:
        return False
