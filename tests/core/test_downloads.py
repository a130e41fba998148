"""Sealed files on their way out: whole or in part, harmless to a browser, never short and never another file."""

import os
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from core.blobs import blobs
from core.crypto.container import HEADER_BYTES, ContainerId
from core.crypto.sealing import SealBroken
from core.downloads import RangeBeyondEnd, SealedFile, asked_range, disposition
from core.file_names import clean_file_name
from tests.core.test_uploads import file, send
from tests.file_site.views import DATA_KEY, DESCRIBED, WHOLE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.file_site.urls")]

MEGABYTE = 1 << 20
CONTENT = os.urandom(2 * MEGABYTE + 5_000)


def kept(content: bytes = CONTENT, name: str = "will.pdf", content_type: str = "application/pdf") -> dict[str, Any]:
    """Send a file and return what is told of it."""
    told: dict[str, Any] = send([file(name, content, content_type)]).json()["uploads"][0]
    return told


def download(told: dict[str, Any], method: str = "GET", **headers: str) -> Any:
    """Ask for a file."""
    query = urlencode({name: told[name] for name in DESCRIBED})
    return Client().generic(method, f"/download/?{query}", headers=headers)


def body(answer: Any) -> bytes:
    """Return what came, streamed or not."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def damage(told: dict[str, Any], position: int) -> None:
    """Change one byte of a blob; a negative position counts from the end."""
    path = path_of(told)
    changed = bytearray(path.read_bytes())
    changed[position] ^= 1
    path.write_bytes(changed)


def path_of(told: dict[str, Any]) -> Path:
    """Return where a file's blob lies."""
    (path,) = blobs().folder.rglob(told["blob"])
    return path


@pytest.mark.parametrize("size", [0, 1, MEGABYTE - 1, MEGABYTE, MEGABYTE + 1, len(CONTENT)])
def test_a_file_comes_back_as_it_was_sent(size: int) -> None:
    answer = download(kept(CONTENT[:size]))
    assert answer.status_code == 200
    assert answer.headers["Content-Length"] == str(size)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert body(answer) == CONTENT[:size]


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("page.html", "text/html"),
        ("drawing.svg", "image/svg+xml"),
        ("data.xml", "application/xml"),
        ("page.mht", "multipart/related"),
        ("run.js", "text/javascript"),
        ("contract.pdf", "application/pdf"),
        ("photo.png", "image/png"),
        ("unknown", ""),
    ],
)
def test_statement_136_whatever_was_sent_comes_back_harmless(name: str, content_type: str) -> None:
    told = kept(b"<script>alert(1)</script>", name, content_type) | {"content_type": content_type}
    for answer in (
        download(told),
        download(told, "HEAD"),
        download(told, range="bytes=0-3"),
        download(told, range="bytes=99-"),
    ):
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        safe = content_type if name in ("contract.pdf", "photo.png") else "application/octet-stream"
        assert answer.headers["Content-Type"] == safe
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        answer.close()


def test_looking_at_the_head_gives_no_bytes() -> None:
    answer = download(kept(), "HEAD", range="bytes=0-3")
    assert (answer.status_code, answer.headers["Content-Length"], body(answer)) == (200, str(len(CONTENT)), b"")
    assert "Content-Range" not in answer.headers


# Parts


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, len(CONTENT)),
        (f"bytes=0-{10**19}", 0, len(CONTENT)),
        ("bytes=5-9", 5, 10),
        (f"bytes={MEGABYTE - 1}-{MEGABYTE}", MEGABYTE - 1, MEGABYTE + 1),
        (f"bytes={2 * MEGABYTE}-", 2 * MEGABYTE, len(CONTENT)),
        ("bytes=-1", len(CONTENT) - 1, len(CONTENT)),
        (f"bytes=-{10**12}", 0, len(CONTENT)),
        ("bytes= 7-8 ", 7, 9),
    ],
)
def test_statement_145_a_part_is_that_part(asked: str, start: int, stop: int) -> None:
    answer = download(kept(), range=asked)
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(CONTENT)}"
    assert answer.headers["Content-Length"] == str(stop - start)
    assert body(answer) == CONTENT[start:stop]


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-1,3-4",  # several
        "bytes=0-5,3-9",  # several that overlap
        "bytes=9-5",  # backwards
        "bytes=-",
        "bytes=",
        "bytes=a-b",
        "bytes=1",
        "bytes=1-2-3",
        "bytes=-5-",
        "lines=1-2",
        "bytes=٣-٤",
        "bytes=0x1-2",
        "bytes=" + "9" * 5_000 + "-",
    ],
)
def test_statement_145_what_is_no_single_part_gives_the_whole_file(asked: str) -> None:
    answer = download(kept(CONTENT[:100]), range=asked)
    assert (answer.status_code, body(answer)) == (200, CONTENT[:100])
    assert "Content-Range" not in answer.headers


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=100-200", f"bytes={10**19}-", "bytes=-0"])
def test_statement_145_a_part_behind_the_end_is_refused_with_the_size(asked: str) -> None:
    answer = download(kept(CONTENT[:100]), range=asked)
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["Content-Range"] == "bytes */100"


def test_an_empty_file_has_no_parts() -> None:
    told = kept(b"")
    assert download(told, range="bytes=0-").status_code == 416
    answer = download(told, range="bytes=-5")
    assert (answer.status_code, body(answer)) == (200, b"")


def test_a_download_goes_on_only_where_it_is_the_same_file() -> None:
    told, other = kept(), kept()
    etag = download(told).headers["ETag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', etag)
    assert download(told, "HEAD").headers["ETag"] == etag
    assert download(other, "HEAD").headers["ETag"] != etag
    asked = {"range": "bytes=5-9"}
    assert download(told, **asked, if_range=etag).status_code == 206
    for validator in (f"W/{etag}", '"other"', "Sat, 28 Nov 2026 12:00:00 GMT", ""):
        assert download(told, **asked, if_range=validator).status_code == 200, validator


@given(
    size=st.integers(0, 50),
    asked=st.one_of(
        st.from_regex(r"bytes=[0-9]{0,3}-[0-9]{0,3}", fullmatch=True),
        st.text(alphabet="bytes=0123456789-, ", max_size=20),
    ),
)
def test_statement_145_a_part_is_never_outside_the_file(size: int, asked: str) -> None:
    told = SealedFile("", DATA_KEY, ContainerId(WHOLE, WHOLE), "a", "", size)
    try:
        part = asked_range(RequestFactory().get("/", headers={"range": asked}), told)
    except RangeBeyondEnd:
        return
    if part is not None:
        assert 0 <= part[0] < part[1] <= size


# Damage


def cut(told: dict[str, Any]) -> None:
    path_of(told).write_bytes(path_of(told).read_bytes()[:-100])


def emptied(told: dict[str, Any]) -> None:
    path_of(told).write_bytes(b"")


def swapped(told: dict[str, Any]) -> None:
    path_of(told).write_bytes(path_of(kept()).read_bytes())


def gone(told: dict[str, Any]) -> None:
    blobs().delete(told["blob"])


def first_piece_changed(told: dict[str, Any]) -> None:
    damage(told, HEADER_BYTES)


@pytest.mark.parametrize("harm", [cut, emptied, swapped, gone, first_piece_changed])
def test_statement_146_a_blob_that_is_not_the_file_is_refused(harm: Callable[[dict[str, Any]], None]) -> None:
    told = kept()
    harm(told)
    for method in ("GET", "HEAD"):
        answer = download(told, method)
        assert answer.status_code == 500
        assert not answer.streaming
    assert download(told).content == b"This file cannot be opened"


def test_statement_109_damage_further_on_ends_the_answer_with_an_error() -> None:
    told = kept()
    damage(told, -1)
    came: list[bytes] = []
    with pytest.raises(SealBroken):
        came.extend(download(told).streaming_content)
    assert b"".join(came) == CONTENT[: 2 * MEGABYTE]
    assert body(download(told, range="bytes=0-9")) == CONTENT[:10]
    assert download(told, range="bytes=-5").status_code == 500


def test_a_refusal_names_neither_key_nor_file(caplog: pytest.LogCaptureFixture) -> None:
    told = kept()
    gone(told)
    answer = download(told)
    said = caplog.text + answer.content.decode()
    assert "downloads.unreadable" in caplog.text
    for secret in (told["blob"], told["name"], told["file_id"], DATA_KEY.reveal().hex()):
        assert secret not in said


def test_a_download_nobody_finishes_closes_its_blob() -> None:
    """An unclosed file is a warning, and warnings are errors."""
    answer = download(kept())
    next(iter(answer.streaming_content))
    answer.close()


# Names


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("will.pdf", "will.pdf"),
        ("Été – 2026.pdf", "_t_ _ 2026.pdf"),
        ('say "hi"; x=.txt', "say _hi__ x_.txt"),
        ("100%20.txt", "100_20.txt"),
        ("<img onerror=x>.png", "_img onerror_x_.png"),
        ("👩\u200d⚖️.png", "____.png"),
    ],
)
def test_statement_137_a_name_is_given_in_two_ways(name: str, plain: str) -> None:
    header = disposition(name)
    assert header.startswith(f'attachment; filename="{plain}"; filename*=UTF-8')
    assert unquote(header.partition("filename*=UTF-8''")[2]) == name


@given(st.text(max_size=80))
def test_statement_137_a_header_holds_only_what_headers_hold(given_name: str) -> None:
    name = clean_file_name(given_name).text
    header = disposition(name)
    grammar = (
        r"attachment; filename=\"[A-Za-z0-9 ._()-]+\"; filename\*=UTF-8''(?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})+"
    )
    assert re.fullmatch(grammar, header)
    assert unquote(header.partition("UTF-8''")[2], errors="strict") == name


# Archives


def archived(files: list[dict[str, Any]], method: str = "GET") -> Any:
    """Ask for several files in one ZIP."""
    query = {f"{name}{place}": told[name] for place, told in enumerate(files) for name in DESCRIBED}
    return Client().generic(method, f"/archive/?{urlencode(query | {'count': len(files)})}")


def test_several_files_come_in_one_archive() -> None:
    files = [kept(), kept(b"", "Été.txt"), kept(b"3", "WILL.pdf"), kept(b"4", 'a:"b"?.txt')]
    answer = archived(files)
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].endswith("filename*=UTF-8''Files%20%E2%80%93%20%C3%A9t%C3%A9.zip")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    with zipfile.ZipFile(BytesIO(body(answer))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["will.pdf", "Été.txt", "WILL (2).pdf", "a__b__.txt"]
        assert [archive.read(name) for name in archive.namelist()] == [CONTENT, b"", b"3", b"4"]
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 28, 12, 30, 0)}


def test_an_archive_is_never_whole_in_memory_or_on_disk() -> None:
    answer = archived([kept(), kept()])
    pieces = [len(piece) for piece in answer.streaming_content]
    assert max(pieces) < MEGABYTE + 1_000
    assert len(pieces) > 5


def test_sizes_beyond_four_gigabytes_have_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", MEGABYTE)
    with zipfile.ZipFile(BytesIO(body(archived([kept(b"small", "small.txt"), kept()])))) as archive:
        assert archive.testzip() is None
        assert [entry.extract_version for entry in archive.infolist()] == [
            zipfile.DEFAULT_VERSION,
            zipfile.ZIP64_VERSION,
        ]


def test_an_archive_with_a_file_that_is_gone_is_refused() -> None:
    files = [kept(), kept()]
    gone(files[1])
    assert archived(files).status_code == 500
    assert archived(files, "HEAD").status_code == 500
    assert archived(files[:1], "HEAD").content == b""


def test_an_archive_with_a_damaged_file_never_gets_its_directory() -> None:
    files = [kept(), kept()]
    damage(files[1], -1)
    came: list[bytes] = []
    with pytest.raises(SealBroken):
        came.extend(archived(files).streaming_content)
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(BytesIO(b"".join(came)))
