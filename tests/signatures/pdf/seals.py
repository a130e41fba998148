"""Documents, keys and seals for tests; a key is made once, since drawing one takes a second."""

import io
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

import pypdfium2
from pyhanko.sign.timestamps import TimeStamper
from reportlab.pdfgen.canvas import Canvas

from core.crypto.seal_keys import SealChain, SealKey, new_demo_pair, read_chain, read_key
from signatures.pdf.sealing import seal
from signatures.pdf.signers import DigestSigner
from signatures.pdf.stamping import Stamp

AT = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
FIELD, REASON = "Seal", "Signed by all"
LINE = "The price is 100 dollars."


@cache
def key() -> SealKey:
    return _pair()[0]


@cache
def chain() -> SealChain:
    return _pair()[1]


def pem() -> bytes:
    """Return the chain as the file of an operator holds it."""
    return "".join(map(ssl.DER_cert_to_PEM_cert, chain().links)).encode()


def signer() -> DigestSigner:
    return DigestSigner(chain().links, key().sign_digest)


def document(pages: int = 1, line: str = LINE, size: tuple[float, float] = (595, 842)) -> bytes:
    """Return a PDF with one line on each page."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=size, invariant=1)
    for number in range(1, pages + 1):
        canvas.drawString(72, size[1] - 72, line)
        canvas.drawString(72, 72, f"Page {number}")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def sealed(
    source: bytes,
    *,
    stamps: Sequence[Stamp] = (),
    last_pages: bytes = b"",
    by: DigestSigner | None = None,
    time_stamper: TimeStamper | None = None,
) -> bytes:
    return seal(
        source,
        stamps=stamps,
        last_pages=last_pages,
        signer=by or signer(),
        field_name=FIELD,
        reason=REASON,
        at=AT,
        time_stamper=time_stamper,
    )


def shown(data: bytes) -> list[str]:
    """Return the text of each page as PDFium shows it."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_bounded() for page in pdf]
    finally:
        pdf.close()


@cache
def _pair() -> tuple[SealKey, SealChain]:
    pair = new_demo_pair(AT)
    return read_key(pair.key, proven=False), read_chain(pair.chain)
