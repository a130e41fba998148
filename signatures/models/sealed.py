"""How sealed documents are known again."""

from django.db import models

from core.crypto.seal_keys import DIGEST_BYTES
from messaging.items.limits import REFERENCE_CHARACTERS


class SealedDocument(models.Model):
    """By what a sealed document is known again when its request is long deleted: numbers and digests, no person.

    It points to nothing, so that it outlives the request for as long as others hold the file.
    Source: docs/decisions/0065-public-check.md
    """

    # As `messaging.items.references` stores it; the number counts the documents of one request from 1.
    reference = models.CharField(max_length=REFERENCE_CHARACTERS)
    number = models.PositiveSmallIntegerField()
    # SHA-256 of what people were shown, and of the file as it was sealed.
    presented_sha256 = models.BinaryField(max_length=DIGEST_BYTES, db_index=True)
    sealed_sha256 = models.BinaryField(max_length=DIGEST_BYTES, unique=True)
    sealed_at = models.DateTimeField()
    is_time_stamped = models.BooleanField()
    is_demo = models.BooleanField()
    forget_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference", "number"], name="signatures_sealed_document_one_number"),
        ]

    def __str__(self) -> str:
        return f"sealed document {self.reference}/{self.number}"

    @property
    def sealed_hex(self) -> str:
        """The digest of the sealed file in hexadecimal digits."""
        return bytes(self.sealed_sha256).hex()
