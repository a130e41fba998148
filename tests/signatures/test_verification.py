"""The public check: what it answers by reference and by file, to whom, how often, and that it keeps nothing."""

import gc
import hashlib
import tempfile
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from core import throttle
from core.crypto.seal_keys import new_demo_pair, read_chain, read_key
from core.db import database_now
from core.form_readers import FormWithoutFiles
from core.models import Counter
from core.small_files import Room
from signatures import public_check
from signatures.addresses import check_address
from signatures.limits import CHECK_MOST_BYTES, CHECKS_PER_NETWORK
from signatures.models import SealedDocument
from signatures.pdf import child
from signatures.pdf.reasons import ChildFailed, PdfBusy, PdfRefused, Reason
from signatures.pdf.signers import DigestSigner
from signatures.pdf.time_stamps import HttpTimeStamper
from signatures.services.recording import record_sealed
from signatures.views import verification
from tests.cast import make_user, sign_in, strict_client
from tests.doubles.time_stamp_server import Behavior, TimeStampServer, authority, stamper
from tests.forms import form_values, text_of
from tests.rows import all_rows, changed_tables
from tests.signatures.pdf import attacks, seals
from tests.signatures.pdf.documents import encrypted
from tests.signatures.pdf.signing import signed

pytestmark = pytest.mark.django_db

URL, REFERENCE, SHOWN = "/verify/", "9ACDEFGHJKMN", "9ACD-EFGH-JKMN"
SOURCE = attacks.prepared()
SEALED = seals.sealed(SOURCE)
DEMO = "This is the seal of a demo."
Attack = Callable[[bytes], bytes]


@pytest.fixture(autouse=True)
def _configured(settings: Settings, tmp_path: Path) -> None:
    settings.SEAL_CERTIFICATE = tmp_path / "certificate.pem"
    settings.SEAL_CERTIFICATE.write_bytes(seals.pem())
    settings.TSA_URL, settings.TSA_CERTIFICATES = "", None


def remembered(sealed: bytes = SEALED, number: int = 1, *, is_demo: bool = False) -> SealedDocument:
    return record_sealed(
        reference=REFERENCE,
        number=number,
        presented_sha256=hashlib.sha256(SOURCE).digest(),
        sealed_sha256=hashlib.sha256(sealed).digest(),
        sealed_at=seals.AT,
        is_time_stamped=False,
        is_demo=is_demo,
    )


def check(client: Client, file: bytes | None = None, reference: str = "") -> HttpResponse:
    """Send the form as a browser does, with the file if there is one."""
    upload = {} if file is None else {"file": SimpleUploadedFile("any.pdf", file, "application/pdf")}
    return client.post(URL, {"reference": reference, **upload})  # type: ignore[return-value]


def words(answer: HttpResponse) -> str:
    return text_of(answer, "content")


def error_beside(answer: HttpResponse, name: str) -> str:
    assert answer.status_code == 422
    return text_of(answer, f"{name}_error")


def test_the_page_is_for_everybody_and_for_no_search_engine(client: Client) -> None:
    answer = client.get(URL)
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "You need no account." in words(answer)
    user = make_user("eco@demo.example", plan="eco")
    sign_in(client, user)
    assert client.get(URL).status_code == 200


def test_footer_and_help_lead_to_it(client: Client) -> None:
    assert client.get("/help/").content.decode().count(f'href="{URL}"') == 2


def test_the_address_on_the_certificate_fills_the_reference_in_and_asks_nothing(
    client: Client, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://portal.example"
    remembered()
    address = check_address(REFERENCE)
    assert address == f"https://portal.example/verify/?reference={SHOWN}"
    before = all_rows()
    answer = client.get(address.removeprefix(settings.PUBLIC_URL))
    assert form_values(answer, URL)["reference"] == SHOWN
    assert "Sealed" not in words(answer).replace("Sealed PDF", "")
    assert changed_tables(before, all_rows()) == set()


def test_an_address_with_anything_else_shows_it_in_the_field_alone(client: Client) -> None:
    answer = client.get(URL, {"reference": '"><script>alert(1)</script>' + "x" * 1_000})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert len(form_values(answer, URL)["reference"]) == 60


@pytest.mark.parametrize("typed", [REFERENCE, SHOWN, " 9acd efgh jkmn "])
def test_a_reference_shows_what_was_sealed_and_when(client: Client, typed: str) -> None:
    for number, file in enumerate((SEALED, seals.sealed(SOURCE)), 1):
        remembered(file, number)
    shown = words(check(client, reference=typed))
    assert f"Documents sealed under {SHOWN}" in shown
    assert shown.index("Document 1") < shown.index("Document 2")
    assert hashlib.sha256(SEALED).hexdigest() in shown
    assert "2026-11-21" in shown or "November 21, 2026" in shown
    assert "None. The time was told by this portal." in shown
    assert DEMO not in shown


def test_a_demo_says_so_by_reference_and_by_file(client: Client) -> None:
    remembered(is_demo=True)
    assert DEMO in words(check(client, reference=REFERENCE))
    assert words(check(client, SEALED, REFERENCE)).count(DEMO) == 2


def test_a_reference_of_nothing_is_told_from_no_reference(client: Client) -> None:
    assert f"Nothing sealed under {SHOWN}" in words(check(client, reference=REFERENCE))
    for typed in ("347A", "9ACD-EFGH-JKM0", "9ACDEFGHJKMNP", "'; --"):
        answer = check(client, reference=typed)
        assert "A reference has 12 letters and digits" in error_beside(answer, "reference")
        assert form_values(answer, URL)["reference"] == typed


def test_a_form_with_nothing_is_answered_kindly(client: Client) -> None:
    for answer in (check(client), client.post(URL, {})):
        assert answer.status_code == 422
        assert "Type the reference, or choose the PDF." in answer.content.decode()


def test_statement_164_a_clean_file_is_sealed_by_us(client: Client) -> None:
    remembered()
    shown = words(check(client, SEALED))
    assert "Sealed by us and unchanged" in shown
    assert f"{SHOWN} Document 1" in shown
    assert "None. The time was told by this portal." in shown
    assert "DEMO - not valid for real documents, Secure Exchange Portal, demo on this machine" in shown
    assert hashlib.sha256(SEALED).hexdigest() in shown
    assert DEMO in shown


def test_a_file_is_ours_after_it_is_forgotten_and_no_row_makes_it_ours(client: Client) -> None:
    assert "Not known any more" in words(check(client, SEALED))
    remembered(SOURCE)
    assert "Unknown to this portal" in words(check(client, SOURCE))


@pytest.mark.parametrize("attack", attacks.CHANGING, ids=lambda attack: attack.__name__)
def test_statement_164_a_changed_file_is_said_to_be(client: Client, attack: Attack) -> None:
    shown = words(check(client, attack(SEALED)))
    assert "Changed after sealing" in shown
    assert "Sealed by us" not in shown


@pytest.mark.parametrize("attack", attacks.ERASING, ids=lambda attack: attack.__name__)
def test_statement_164_a_file_without_our_seal_is_unknown(client: Client, attack: Attack) -> None:
    assert "Unknown to this portal" in words(check(client, attack(SEALED)))


def test_the_original_of_a_changed_file_is_named_where_it_is_the_only_one(client: Client) -> None:
    remembered()
    changed = attacks.appended_byte(SEALED)
    assert SHOWN in words(check(client, changed))
    remembered(seals.sealed(SOURCE), 2)
    assert SHOWN not in words(check(client, changed))


def test_the_seal_of_somebody_else_is_unknown(client: Client) -> None:
    pair = new_demo_pair(seals.AT)
    other = DigestSigner(read_chain(pair.chain).links, read_key(pair.key, proven=False).sign_digest)
    for file in (SOURCE, signed(SOURCE), seals.sealed(SOURCE, by=other)):
        shown = words(check(client, file))
        assert "Unknown to this portal" in shown
        assert "DEMO" not in shown


def test_a_time_stamp_is_told(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.TSA_CERTIFICATES = tmp_path / "roots.pem"
    settings.TSA_CERTIFICATES.write_bytes(authority().pem)
    with TimeStampServer(Behavior(stamper())) as server:
        file = seals.sealed(SOURCE, time_stamper=HttpTimeStamper(server.url, trusted=[authority().der]))
    assert "By a time-stamp server that this portal trusts." in words(check(client, file))


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"no PDF" * 100, "is not a PDF"),
        (b"", "is not a PDF"),
        (encrypted("secret"), "is protected with a password"),
    ],
)
def test_a_file_of_which_nothing_can_be_said_is_refused_beside_its_field(
    client: Client, file: bytes, sentence: str
) -> None:
    answer = check(client, file, SHOWN)
    assert sentence in error_beside(answer, "file")
    assert form_values(answer, URL)["reference"] == SHOWN
    assert "a file has to be chosen again" in words(answer)


@pytest.mark.parametrize(
    ("fault", "sentence", "counted"),
    [
        (PdfRefused(Reason.TOO_HEAVY), "takes too long to read", 1),
        (PdfRefused(Reason.DAMAGED), "is damaged", 1),
        (PdfBusy(), "Other documents are being checked", 0),
        (ChildFailed("ImportError at x.py:1"), "it is not your file", 0),
    ],
)
def test_what_goes_wrong_stands_beside_the_field(
    client: Client, monkeypatch: pytest.MonkeyPatch, fault: Exception, sentence: str, counted: int
) -> None:
    def fail(_data: bytes) -> None:
        raise fault

    monkeypatch.setattr(public_check, "verify_file", fail)
    answer = check(client, SEALED, SHOWN)
    assert sentence in error_beside(answer, "file")
    assert form_values(answer, URL)["reference"] == SHOWN
    assert "ImportError" not in answer.content.decode()
    assert used() == counted


def test_only_a_few_wait_for_their_turn(client: Client) -> None:
    places = public_check._places
    taken = 0
    while places.acquire(blocking=False):
        taken += 1
    try:
        assert taken == 3
        assert "Other documents are being checked" in error_beside(check(client, SEALED), "file")
    finally:
        for _place in range(taken):
            places.release()
    assert "Sealed by us" in words(check(client, SEALED))


def test_a_larger_file_is_refused_and_the_reference_stays(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert CHECK_MOST_BYTES == 50_000_000
    monkeypatch.setattr(verification, "CHECK_MOST_BYTES", len(SEALED) - 1)
    answer = check(client, SEALED, SHOWN)
    assert "This file is too large. It may have up to 50 MB." in error_beside(answer, "file")
    assert form_values(answer, URL)["reference"] == SHOWN
    monkeypatch.setattr(verification, "CHECK_MOST_BYTES", len(SEALED))
    assert "Sealed by us" in words(check(client, SEALED))


def test_files_wait_outside_where_there_is_no_memory_for_them(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(len(SEALED) - 1)
    monkeypatch.setattr(verification, "_room", room)
    assert "Many files arrive at this moment" in error_beside(check(client, SEALED, SHOWN), "file")
    assert used() == 0
    assert room.free_bytes == len(SEALED) - 1
    room.free_bytes += 1
    assert "Sealed by us" in words(check(client, SEALED))
    assert room.free_bytes == len(SEALED)


def used() -> int:
    return throttle.used(CHECKS_PER_NETWORK, "127.0.0.0/24")


def test_a_network_checks_20_an_hour(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _time in range(20):
        assert check(client, reference=REFERENCE).status_code == 200
    answer = check(client, reference=SHOWN)
    assert answer.status_code == 429
    assert 3590 < int(answer.headers["Retry-After"]) <= 3600
    assert "From your network many documents were checked" in words(answer)
    assert form_values(answer, URL)["reference"] == SHOWN
    # Nor is a file read any more.
    with monkeypatch.context() as patched:
        patched.setattr(public_check, "verify_file", None)
        assert check(client, SEALED).status_code == 429
    assert type(verification.reader_of(RequestFactory().post(URL))) is FormWithoutFiles
    assert check(Client(REMOTE_ADDR="203.0.113.9"), reference=REFERENCE).status_code == 200
    Counter.objects.update(ends_at=database_now() - timedelta(seconds=1))
    assert check(client, SEALED).status_code == 200


def test_what_was_typed_wrong_counts_for_nothing_and_a_file_always_counts(client: Client) -> None:
    check(client)
    check(client, reference="347A")
    assert used() == 0
    check(client, SEALED, "347A")
    assert used() == 1


def test_statement_164_nothing_of_a_file_is_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    remembered()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    places = (tmp_path, Path(project.DATA_DIR))
    before, files = all_rows(without=["core_counter"]), [sorted(place.rglob("*")) for place in places]
    for file in (SEALED, attacks.appended_byte(SEALED), SOURCE, b"no PDF"):
        check(client, file)
    assert changed_tables(before, all_rows(without=["core_counter"])) == set()
    assert [sorted(place.rglob("*")) for place in places] == files


def test_it_takes_twice_the_memory_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    size = 20_000_000
    # The room for an answer is asked for and never touched.
    monkeypatch.setattr(child, "ANSWER_MOST_BYTES", 1_000_000)
    body = b"%PDF-1.7\n" + b"x" * size
    gc.collect()
    tracemalloc.start()
    try:
        request = RequestFactory().post(URL, {"file": SimpleUploadedFile("a.pdf", body)})
        request.upload_handlers = [verification.reader_of(request)]
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        (upload,) = request.FILES.getlist("file")
        assert public_check.check_file(upload.content).outcome == "unknown"
        assert tracemalloc.get_traced_memory()[1] - before < 2.3 * size
        upload.close()
    finally:
        tracemalloc.stop()


def test_only_a_form_of_ours_is_answered() -> None:
    assert strict_client().post(URL, {"reference": REFERENCE}).status_code == 403


def test_it_speaks_french(client: Client) -> None:
    remembered()
    answer = client.post(URL, {"reference": REFERENCE}, headers={"Accept-Language": "fr"})
    assert f"Document scellé sous la référence {SHOWN}" in words(answer)  # type: ignore[arg-type]
