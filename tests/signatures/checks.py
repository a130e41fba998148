"""Documents to check in public, and a browser that asks for it."""

import hashlib
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from core import throttle
from signatures.limits import CHECKS_PER_NETWORK
from signatures.models import SealedDocument
from signatures.services.recording import record_sealed
from tests.forms import text_of
from tests.signatures.pdf import attacks, seals

URL, REFERENCE, SHOWN = "/verify/", "9ACDEFGHJKMN", "9ACD-EFGH-JKMN"
SOURCE = attacks.prepared()
SEALED = seals.sealed(SOURCE)


def configure(settings: Settings, folder: Path) -> None:
    """Let the portal seal with the key of the tests."""
    settings.SEAL_CERTIFICATE = folder / "certificate.pem"
    settings.SEAL_CERTIFICATE.write_bytes(seals.pem())
    settings.TSA_URL, settings.TSA_CERTIFICATES = "", None


def remembered(sealed: bytes = SEALED, number: int = 1, *, is_demo: bool = False) -> SealedDocument:
    """Remember a file as a document of the one reference."""
    return record_sealed(
        reference=REFERENCE,
        number=number,
        presented_sha256=hashlib.sha256(SOURCE).digest(),
        sealed_sha256=hashlib.sha256(sealed).digest(),
        sealed_at=seals.AT,
        is_time_stamped=False,
        is_demo=is_demo,
    )


def check(client: Client, file: bytes | None = None, reference: str = "") -> HttpResponseBase:
    """Send the form as a browser does, with the file if there is one."""
    upload = {} if file is None else {"file": SimpleUploadedFile("any.pdf", file, "application/pdf")}
    return client.post(URL, {"reference": reference, **upload})


def words(answer: HttpResponseBase) -> str:
    """Return what the page says."""
    return text_of(answer, "content")


def error_beside(answer: HttpResponseBase, name: str) -> str:
    """Return what a refused form says beside a field."""
    assert answer.status_code == 422
    return text_of(answer, f"{name}_error")


def used() -> int:
    """Return how many checks of this network were counted."""
    return throttle.used(CHECKS_PER_NETWORK, "127.0.0.0/24")
