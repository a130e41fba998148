"""Seal a document with the seal of this portal. Only the worker calls this: reading a document takes its time.

Source: docs/decisions/0060-sealing.md
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from core.sealer.files import remember_chain
from signatures.pdf.sealing import seal
from signatures.pdf.signers import DigestSigner
from signatures.pdf.stamping import Stamp
from signatures.pdf.time_stamps import HttpTimeStamper
from signatures.sealers import Seal, trusted_time_stampers

FIELD_NAME = "Seal"


def set_seal(
    source: bytes,
    *,
    by: Seal,
    stamps: Sequence[Stamp],
    last_pages: bytes,
    reason: str,
    at: datetime,
    is_time_stamped: bool,
) -> bytes:
    """Return the sealed file.

    Args:
        source: the document as it was presented, checked.
        by: whose seal, as `seal_at` returned it for this instant.
        last_pages: the certificate of completion.
        is_time_stamped: have it stamped where a time-stamp server is set; who has waited long enough goes without.

    Raises:
        SealerSilent: the process with the key does not answer.
        TimeStampUnavailable: the time-stamp server does not answer, or not truly.
    """
    # Before the seal is set: a seal that nobody knows to be ours would be worse than a name too many.
    remember_chain(settings.KEY_DIR, by.chain)
    time_stamper = None
    if is_time_stamped and settings.TSA_URL:
        time_stamper = HttpTimeStamper(settings.TSA_URL, trusted=trusted_time_stampers())
    return seal(
        source,
        stamps=stamps,
        last_pages=last_pages,
        signer=DigestSigner(by.chain.links, by.sign_digest),
        field_name=FIELD_NAME,
        reason=reason,
        at=at,
        time_stamper=time_stamper,
    )
