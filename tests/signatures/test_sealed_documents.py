"""By what sealed documents are known again: once each, for ten years, whatever becomes of their request."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as project
from django.db import IntegrityError, transaction

from core.retention import forget_what_is_over
from signatures.models import SealedDocument
from signatures.retention import forget_sealed_documents
from signatures.services.recording import record_sealed

pytestmark = pytest.mark.django_db

# The ten years that follow have three leap days, as many as ten years can have.
SEALED_AT = datetime(2027, 12, 31, 23, 30, tzinfo=UTC)
REFERENCE, OTHER_REFERENCE = "9ACDEFGHJKMN", "9ACDEFGHJKMP"


def remember(reference: str = REFERENCE, number: int = 1, sealed_sha256: bytes = b"1" * 32) -> SealedDocument:
    return record_sealed(
        reference=reference,
        number=number,
        presented_sha256=b"p" * 32,
        sealed_sha256=sealed_sha256,
        sealed_at=SEALED_AT,
        is_time_stamped=True,
        is_demo=False,
    )


def test_it_points_to_nothing_so_that_it_outlives_everything() -> None:
    assert [field.name for field in SealedDocument._meta.get_fields() if field.is_relation] == []


@pytest.mark.parametrize(("number", "digest"), [(1, b"2" * 32), (2, b"1" * 32)])
def test_a_document_and_a_file_are_remembered_once(number: int, digest: bytes) -> None:
    remember()
    with pytest.raises(IntegrityError), transaction.atomic():
        remember(number=number, sealed_sha256=digest)
    assert SealedDocument.objects.count() == 1


def test_another_request_may_present_the_same_document() -> None:
    remember()
    remember(OTHER_REFERENCE, sealed_sha256=b"2" * 32)
    assert SealedDocument.objects.count() == 2


def test_what_is_kept_is_what_was_given() -> None:
    row = SealedDocument.objects.get(pk=remember().pk)
    assert (row.reference, row.number, row.sealed_at) == (REFERENCE, 1, SEALED_AT)
    assert (bytes(row.presented_sha256), row.sealed_hex) == (b"p" * 32, (b"1" * 32).hex())
    assert (row.is_time_stamped, row.is_demo) == (True, False)


def test_it_is_forgotten_after_ten_years_and_not_before() -> None:
    assert "signatures.retention.forget_sealed_documents" in project.RETENTION_STEPS
    remember()
    ten_years = SEALED_AT.replace(year=SEALED_AT.year + 10)
    forget_sealed_documents(ten_years - timedelta(seconds=1))
    assert SealedDocument.objects.exists()
    forget_what_is_over(ten_years)
    assert not SealedDocument.objects.exists()
