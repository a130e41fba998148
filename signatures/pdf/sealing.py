"""Seal a document: marks, certificate pages and a PAdES signature in one update behind the bytes that people saw.

The document as presented stays, byte for byte, the beginning of the sealed file. The update creates the one field, and
the signature over the whole file certifies that nothing may be changed any more (DocMDP, P = 1).
Source: ISO 32000-2 section 12.8, ETSI EN 319 142-1 (PAdES B-B and B-T); docs/decisions/0060-sealing.md
"""

import asyncio
import io
from collections.abc import Sequence
from datetime import UTC, datetime

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.timestamps import TimeStamper

from signatures.pdf.pages import append_pages
from signatures.pdf.signers import DIGEST, DigestSigner
from signatures.pdf.stamping import Stamp, stamp
from signatures.pdf.time_stamps import TOKEN_MOST_BYTES

PRESENTED_BYTES = "/SXP_PresentedBytes"
"""Key of the signature's dictionary: how many bytes at the beginning of the file people were shown."""


def seal(
    source: bytes,
    *,
    stamps: Sequence[Stamp],
    last_pages: bytes,
    signer: DigestSigner,
    field_name: str,
    reason: str,
    at: datetime,
    time_stamper: TimeStamper | None = None,
) -> bytes:
    """Return the sealed file.

    Args:
        source: the document as it was presented, checked.
        last_pages: a PDF whose pages follow the document's own; empty for none.
        field_name: of the signature's field, which no document may have yet.
        reason: why it was sealed, as PDF readers show it.
        at: aware instant that the signature names; a time stamp has its own.

    Raises:
        TimeStampUnavailable: the time-stamp server did not answer, or not truly; nothing was sealed.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(_with_line_end(source)))
    stamp(writer, stamps)
    if last_pages:
        append_pages(writer, last_pages)
    writer.ensure_output_version((1, 7))
    if writer.output_version < (2, 0):
        writer.register_extension(ESIC_EXTENSION_1)
    placeholder = SignatureObject(
        bytes_reserved=2 * (signer.cms_bytes + (TOKEN_MOST_BYTES if time_stamper else 0)),
        subfilter=SigSeedSubFilter.PADES,
        timestamp=at.astimezone(UTC),
        reason=reason,
    )
    placeholder[pdf_name(PRESENTED_BYTES)] = generic.NumberObject(len(source))
    return _signed(writer, placeholder, signer=signer, field_name=field_name, time_stamper=time_stamper)


def _signed(
    writer: IncrementalPdfFileWriter,
    placeholder: SignatureObject,
    *,
    signer: DigestSigner,
    field_name: str,
    time_stamper: TimeStamper | None,
) -> bytes:
    """Create the field, write the file, and put the signature of everything else into its place.

    pyHanko's `PdfSigner` would sign twice, to learn the size first, and take the instant from the clock.
    """
    steps = PdfCMSEmbedder(new_field_spec=SigFieldSpec(field_name)).write_cms(field_name, writer)
    next(steps)
    certify = SigMDPSetup(md_algorithm=DIGEST, certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
    steps.send(SigObjSetup(sig_placeholder=placeholder, mdp_setup=certify))
    prepared, output = steps.send(SigIOSetup(md_algorithm=DIGEST))
    signature = signer.async_sign(prepared.document_digest, DIGEST, use_pades=True, timestamper=time_stamper)
    steps.send(asyncio.run(signature))
    sealed: bytes = output.getvalue()
    return sealed


def _with_line_end(source: bytes) -> bytes:
    """Let the update begin on a line of its own."""
    return source if source.endswith((b"\n", b"\r")) else source + b"\n"
