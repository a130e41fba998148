"""The public check: how much and how often, what is refused, and that nothing is kept."""

import gc
import tempfile
import tracemalloc
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from pytest_django import Settings

from core.db import database_now
from core.form_readers import FormWithoutFiles
from core.models import Counter
from core.small_files import Room, SmallUpload
from signatures import public_check
from signatures.limits import CHECK_MOST_BYTES
from signatures.pdf import child
from signatures.pdf.reasons import ChildFailed, PdfBusy, PdfRefused, Reason
from signatures.views import verification
from tests.cast import strict_client
from tests.forms import form_values
from tests.rows import all_rows, changed_tables
from tests.signatures.checks import (
    REFERENCE,
    SEALED,
    SHOWN,
    SOURCE,
    URL,
    check,
    configure,
    error_beside,
    remembered,
    used,
    words,
)
from tests.signatures.pdf import attacks
from tests.signatures.pdf.documents import encrypted
from tests.waits import in_both_languages, says_wait

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _configured(settings: Settings, tmp_path: Path) -> None:
    configure(settings, tmp_path)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"no PDF" * 100, "is not a PDF"),
        (b"", "is not a PDF"),
        (encrypted("secret"), "is protected with a password"),
    ],
    ids=["other", "empty", "encrypted"],
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
    assert "ImportError" not in words(answer)
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
    assert CHECK_MOST_BYTES == 60_000_000
    monkeypatch.setattr(verification, "CHECK_MOST_BYTES", len(SEALED) - 1)
    answer = check(client, SEALED, SHOWN)
    assert "This file is too large. It may have up to 60 MB." in error_beside(answer, "file")
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


@in_both_languages
def test_when_the_next_check_is_possible_is_said_with_day_and_zone(client: Client, language: str) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    for _time in range(20):
        check(client, reference=REFERENCE)
    assert says_wait(check(client, reference=SHOWN), language)


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
        upload = cast(SmallUpload, request.FILES["file"])
        assert public_check.check_file(upload.content).outcome == "unknown"
        assert tracemalloc.get_traced_memory()[1] - before < 2.3 * size
        upload.close()
    finally:
        tracemalloc.stop()


def test_only_a_form_of_ours_is_answered() -> None:
    assert strict_client().post(URL, {"reference": REFERENCE}).status_code == 403
