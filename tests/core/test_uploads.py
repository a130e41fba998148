"""Files that come with a form: sealed while they arrive, limited while they arrive, gone where nobody keeps them."""

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterable
from io import RawIOBase
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from core import cultures
from core.blobs import ARRIVING, BlobWriter, blobs
from core.crypto.container import ContainerId, ContainerReader
from core.cultures import Habits
from core.errors import FilesNotStored, FilesTooLarge, TooManyFiles
from core.limits import READ_AFTER_REFUSAL_BYTES
from core.uploads import RefusedUpload, SealedFilesField
from tests.file_site.views import DATA_KEY, WHOLE, FilesForm
from tests.multipart import CONTENT_TYPE, Sent, body_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.file_site.urls")]

CANARY = b"the last will of Mrs Tremblay"
SUBJECT, NOTE = Sent("subject", b"Hello"), Sent("note", "typed later, é".encode())


def file(name: str = "will.pdf", content: bytes = CANARY, content_type: str = "application/pdf") -> Sent:
    return Sent("uploads", content, name, content_type)


def send(parts: Iterable[Sent], path: str = "/sealed/", client: Client | None = None, **extra: Any) -> Any:
    """Post a form with files, byte for byte."""
    return (client or Client()).generic("POST", path, body_of(parts), content_type=CONTENT_TYPE, **extra)


def send_from(source: RawIOBase, length: int, path: str, client: Client, **extra: Any) -> Any:
    """Post a form whose body is read from a stream."""
    environ: dict[str, Any] = {"wsgi.input": source, "CONTENT_LENGTH": str(length), "CONTENT_TYPE": CONTENT_TYPE}
    return client.generic("POST", path, **environ, **extra)


def files_below(folder: Path) -> list[Path]:
    """Return every file of a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def stored() -> list[Path]:
    """Return every file of the blobs, complete or not."""
    return files_below(blobs().folder)


def opened(told: dict[str, Any]) -> bytes:
    """Return the plaintext of a file the form told of."""
    with blobs().open(told["blob"]) as source:
        name = ContainerId(WHOLE, bytes.fromhex(told["file_id"]))
        return b"".join(map(bytes, ContainerReader(source, DATA_KEY, name, plain_bytes=told["size_bytes"]).read()))


def test_a_file_arrives_sealed_with_everything_known_of_it() -> None:
    answer = send([SUBJECT, file("Testament – été.pdf"), NOTE]).json()
    (told,) = answer["uploads"]
    assert (answer["subject"], answer["note"]) == ("Hello", "typed later, é")
    assert opened(told) == CANARY
    assert told["name"] == "Testament – été.pdf"
    assert told["content_type"] == "application/pdf"
    assert told["size_bytes"] == len(CANARY)
    assert told["sha256"] == hashlib.sha256(CANARY).hexdigest()
    (blob,) = stored()
    assert told["sealed_bytes"] == blob.stat().st_size
    assert CANARY not in blob.read_bytes()


@pytest.mark.parametrize("size", [0, 1, 65_536, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_000_000])
def test_any_size_round_trips(size: int) -> None:
    content = os.urandom(size)
    (told,) = send([file(content=content)]).json()["uploads"]
    assert (opened(told), told["size_bytes"]) == (content, size)


def test_several_files_get_ids_and_names_of_their_own() -> None:
    told = send([file(), file("WILL.pdf", b"2"), file("other.txt", b"3")], "/sealed/?taken=other.txt").json()["uploads"]
    assert [one["name"] for one in told] == ["will.pdf", "WILL (2).pdf", "other (2).txt"]
    assert len({one["file_id"] for one in told}) == len({one["blob"] for one in told}) == 3
    assert [opened(one) for one in told] == [CANARY, b"2", b"3"]


def test_a_control_without_a_chosen_file_brings_none() -> None:
    assert send([SUBJECT, file("", b"")]).json()["uploads"] == []
    assert stored() == []


def test_statement_137_a_hostile_name_is_kept_harmless() -> None:
    given = [
        "../../etc/passwd",
        "x" * 300 + ".pdf",
        "con.txt",
        "a\u202efdp.exe",
        'say "hi".txt',
        "\r\nX: y.txt",
        "é&amp;.txt",
    ]
    told = send([file(name) for name in given] + [file("", b"nameless")]).json()["uploads"]
    assert [one["name"] for one in told] == [
        "passwd", "x" * 251 + ".pdf", "_con.txt", "afdp.exe", 'say "hi".txt', "%0D%0AX: y.txt", "é&amp;.txt", "file",
    ]  # fmt: skip
    assert [one["name"] for one in told if one["is_shortened"]] == ["x" * 251 + ".pdf"]


@pytest.mark.parametrize(
    ("declared", "kept"),
    [
        ("application/pdf", "application/pdf"),
        ("Text/Plain; charset=utf-8", "text/plain"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("application/javascript", "application/octet-stream"),
        ("multipart/related", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_statement_136_only_types_that_no_browser_runs_are_kept(declared: str, kept: str) -> None:
    (told,) = send([file(content_type=declared)]).json()["uploads"]
    assert told["content_type"] == kept


# Limits


def test_the_last_byte_that_may_come_comes() -> None:
    parts = [file(content=b"x" * 60), file(content=b"x" * 40)]
    assert len(send(parts, "/sealed/?bytes_at_most=150&bytes_used=50").json()["uploads"]) == 2


def test_statement_139_one_byte_more_is_refused_and_everything_typed_is_there() -> None:
    parts = [SUBJECT, file(content=b"x" * 60), file(content=b"x" * 41), NOTE]
    answer = send(parts, "/sealed/?bytes_at_most=150000&bytes_used=149900")
    assert answer.status_code == 422
    assert answer.json()["errors"] == {
        "uploads": ["These files are too large. Together they may have up to 100\u00a0bytes."]
    }
    assert (answer.json()["subject"], answer.json()["note"]) == ("Hello", "typed later, é")
    assert stored() == []


def test_statement_139_what_is_declared_too_large_is_refused_before_it_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[int] = []
    monkeypatch.setattr(BlobWriter, "write", lambda _self, data: written.append(len(data)))
    answer = send([SUBJECT, file(content=b"x" * 1_500_000), NOTE], "/sealed/?bytes_at_most=100000")
    assert answer.status_code == 422
    assert answer.json()["errors"] == {
        "uploads": ["These files are too large. Together they may have up to 100\u00a0KB."]
    }
    assert (answer.json()["subject"], answer.json()["note"]) == ("Hello", "typed later, é")
    assert written == []


def test_more_files_than_may_come_are_refused() -> None:
    assert len(send([file()] * 3, "/sealed/?files_at_most=3").json()["uploads"]) == 3
    before = stored()
    answer = send([SUBJECT, *[file()] * 4], "/sealed/?files_at_most=3")
    assert answer.status_code == 422
    assert answer.json()["errors"] == {"uploads": ["These are too many files. You can add up to 3 files."]}
    assert stored() == before


def test_statement_139_ten_thousand_parts_are_refused() -> None:
    answer = send([SUBJECT, *[file(content=b"x")] * 10_000], "/sealed/?files_at_most=2")
    assert answer.status_code == 422
    assert answer.json()["subject"] == "Hello"
    assert send([SUBJECT] * 10_000).status_code == 400
    assert stored() == []


def test_what_was_typed_behind_a_large_file_that_is_refused_is_kept() -> None:
    answer = send(
        [SUBJECT, file(content=b"x" * (READ_AFTER_REFUSAL_BYTES + 5_000_000)), NOTE], "/sealed/?bytes_at_most=100"
    )
    assert answer.status_code == 422
    assert (answer.json()["subject"], answer.json()["note"]) == ("Hello", "typed later, é")
    assert stored() == []


def test_behind_a_refusal_the_rest_is_read_for_a_while_only() -> None:
    class Endless(RawIOBase):
        """A body whose file never ends."""

        given_bytes = 0

        def read(self, size: int = -1, /) -> bytes:
            head = b"" if self.given_bytes else bytes(SUBJECT) + bytes(file(content=b""))
            self.given_bytes += size
            return (head + b"x" * size)[:size]

    endless = Endless()
    answer = send_from(endless, 10**12, "/sealed/?bytes_at_most=100", Client())
    assert answer.status_code == 422
    assert answer.json()["subject"] == "Hello"
    assert endless.given_bytes < READ_AFTER_REFUSAL_BYTES + 3_000_000


def test_a_text_is_limited_too() -> None:
    assert send([Sent("subject", b"x" * 1_000_001)]).status_code == 400
    assert send([Sent("subject", b"x" * 600_000), Sent("note", b"x" * 500_000), file()]).status_code == 400
    assert stored() == []


@pytest.mark.parametrize("length", ["-5", "0", "", "12"])
def test_statement_139_a_wrong_length_is_refused(length: str) -> None:
    answer = send([SUBJECT, file()], CONTENT_LENGTH=length, client=Client(enforce_csrf_checks=True))
    assert answer.status_code in (400, 403)
    assert stored() == []


def test_a_body_that_ends_early_leaves_nothing() -> None:
    body = body_of([SUBJECT, file(), file(content=b"x" * 3_000_000)])
    for cut in (200, 700, 2_000_000):
        answer = Client().generic("POST", "/sealed/", body[:cut], content_type=CONTENT_TYPE)
        assert answer.status_code == 400
        assert stored() == []


def test_statement_139_base64_is_refused_and_what_came_before_is_gone() -> None:
    encoded = Sent("uploads", b"YWJj", "a.txt", extra=("Content-Transfer-Encoding: base64",))
    assert send([SUBJECT, file(), encoded]).status_code == 400
    assert stored() == []


# What is left


def test_a_file_nobody_keeps_goes_with_the_request() -> None:
    assert send([file(), file()], "/unclaimed/").json() == {"files": 2}
    assert stored() == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_disk_that_takes_nothing_is_said_beside_the_field(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(_self: BlobWriter, _data: object) -> int:
        raise OSError(code, "canary")

    monkeypatch.setattr(BlobWriter, "write", refuse)
    answer = send([SUBJECT, file(), NOTE])
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]["uploads"]
    assert error.startswith("Your files could not be stored")
    assert answer.json()["note"] == "typed later, é"
    assert stored() == []


def test_statement_120_no_plaintext_is_written_anywhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    seen: list[bytes] = []
    rename = Path.rename

    def look_first(self: Path, target: Path) -> Path:
        seen.extend(path.read_bytes() for path in files_below(tmp_path))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", look_first)
    content = CANARY * 200_000
    assert send([file(content=content)]).status_code == 200
    assert send([file(content=content)], "/no-files/").json() == {"fields": {}, "files": 0}
    assert any(len(one) > len(content) for one in seen)
    assert all(CANARY not in one for one in [*seen, *(path.read_bytes() for path in files_below(tmp_path))])
    assert files_below(temporary) == []


def test_what_is_arriving_is_sealed_already(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[bytes] = []
    write = BlobWriter.write

    def look(self: BlobWriter, data: Any) -> int:
        taken = write(self, data)
        looked.extend(path.read_bytes() for path in files_below(blobs().folder / ARRIVING))
        return taken

    monkeypatch.setattr(BlobWriter, "write", look)
    send([file(content=CANARY * 80_000)])
    assert len(looked) > 2
    assert all(CANARY not in one for one in looked)


# Forms that ask for no files, tokens


def test_a_form_that_asks_for_no_files_has_them_dropped_and_keeps_its_fields() -> None:
    answer = send([SUBJECT, file(content=b"x" * 2_000_000), NOTE], "/no-files/").json()
    assert answer == {"fields": {"subject": "Hello", "note": "typed later, é"}, "files": 0}
    assert stored() == []


def test_no_view_has_a_reader_that_writes_files_down(settings: Settings) -> None:
    request = HttpRequest()
    request.META["CONTENT_TYPE"] = CONTENT_TYPE
    readers: list[FileUploadHandler] = list(request.upload_handlers)
    assert [type(reader).__name__ for reader in readers] == ["FormWithoutFiles"]


def test_a_form_with_files_needs_its_token() -> None:
    client = Client(enforce_csrf_checks=True)
    token = Sent("csrfmiddlewaretoken", client.get("/sealed/").json()["token"].encode())
    assert send([SUBJECT, file()], client=client).status_code == 403
    assert send([Sent("csrfmiddlewaretoken", b"x" * 64), file()], client=client).status_code == 403
    assert send([token, file()], client=client, HTTP_ORIGIN="https://evil.example").status_code == 403
    assert send([token, file()], "/no-files/", client=client).status_code == 200
    assert send([file()], "/no-files/", client=client).status_code == 403
    assert stored() == []
    assert send([token, SUBJECT, file()], client=client).status_code == 200
    assert len(stored()) == 1


def test_another_page_is_refused_before_a_byte_is_read() -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/sealed/")

    class Unread(RawIOBase):
        def read(self, size: int = -1, /) -> bytes:
            raise AssertionError("read")

    answer = send_from(Unread(), 1_000, "/sealed/", client, HTTP_ORIGIN="https://evil.example")
    assert answer.status_code == 403


def test_a_stranger_sends_nothing_to_a_page_of_signed_in_people() -> None:
    answer = send([SUBJECT, file()], "/members/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")
    assert send([SUBJECT, file()], "/members/", client=Client(enforce_csrf_checks=True)).status_code == 403
    assert stored() == []


# The field


def test_every_refusal_has_a_sentence_in_both_languages() -> None:
    field = SealedFilesField()
    refusals = [FilesTooLarge(2_500_000_000), TooManyFiles(1), TooManyFiles(200), FilesNotStored()]
    said: list[str] = []
    for language in ("en", "fr"):
        with translation.override(language), cultures.override(Habits(culture=f"{language}-CA", zone="UTC")):
            for refusal in refusals:
                with pytest.raises(ValidationError) as refused:
                    field.clean([RefusedUpload(refusal)])
                said.extend(refused.value.messages)
    assert len(set(said)) == 8
    assert "up to 2.5\u00a0GB" in said[0]
    assert "2,5\u00a0Go" in said[4]


def test_a_field_that_wants_a_file_says_so() -> None:
    with pytest.raises(ValidationError, match="Choose at least one file"):
        SealedFilesField().clean([])
    control = FilesForm()["uploads"].as_widget()
    assert 'type="file"' in control
    assert " multiple" in control
