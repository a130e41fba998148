"""Write down by what a sealed document is known again.

Source: docs/decisions/0065-public-check.md
"""

from datetime import datetime, timedelta

from signatures.limits import SEALED_KNOWN_DAYS
from signatures.models import SealedDocument


def record_sealed(
    *,
    reference: str,
    number: int,
    presented_sha256: bytes,
    sealed_sha256: bytes,
    sealed_at: datetime,
    is_time_stamped: bool,
    is_demo: bool,
) -> SealedDocument:
    """Remember a sealed document for ten years, so that anybody can ask for it by reference or by the file.

    Call it in the transaction that completes the request: a document that was not completed is known to nobody.

    Args:
        reference: of the request, as it is stored, without hyphens.
        number: of the document in the request, from 1.
        presented_sha256: digest, 32 bytes, of what people were shown.
        sealed_sha256: digest, 32 bytes, of the sealed file.
        sealed_at: aware instant that the seal tells.
        is_demo: the seal is a demo's.

    Raises:
        IntegrityError: the document, or the same file, is remembered already.
    """
    return SealedDocument.objects.create(
        reference=reference,
        number=number,
        presented_sha256=presented_sha256,
        sealed_sha256=sealed_sha256,
        sealed_at=sealed_at,
        is_time_stamped=is_time_stamped,
        is_demo=is_demo,
        forget_at=sealed_at + timedelta(days=SEALED_KNOWN_DAYS),
    )
