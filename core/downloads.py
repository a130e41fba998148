"""Sealed files on their way out: opened while they are sent, whole or in part, and never run by a browser.

A file that turns out to be damaged ends the connection, so that what came so far does not look whole.
Source: RFC 9110 sections 13.1.5 and 14 (ranges), RFC 6266 and 8187 (names); docs/decisions/0034-files-in-and-out.md
"""

import logging
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import RawIOBase
from typing import TYPE_CHECKING
from urllib.parse import quote
from zipfile import ZipFile, ZipInfo

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from core.blobs import BlobMissing, blobs
from core.content_types import safe_content_type
from core.crypto.container import ContainerId, ContainerReader
from core.crypto.sealing import SealBroken
from core.crypto.secret import Secret
from core.errors import FileUnreadable
from core.file_names import disk_file_name, unique_file_name

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

# Whatever the type says and however a browser comes to look at it, nothing in a file runs or is read by other pages.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
ONE_RANGE = re.compile(r"bytes=[ \t]*(?P<first>[0-9]{0,20})-(?P<last>[0-9]{0,20})[ \t]*")
# What may stand unquoted in a name for browsers that know no other form.
NOT_PLAIN = re.compile(r"[^A-Za-z0-9 ._()-]")
ATTRIBUTE_CHARACTERS = "!#$&+-.^_`|~"

logger = logging.getLogger("portal.downloads")


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file that can be given out.

    Args:
        container: which file the blob must hold.
        name: clean.
        size_bytes: of the plaintext, from an authenticated place.
    """

    blob: str
    data_key: Secret
    container: ContainerId
    name: str
    content_type: str
    size_bytes: int

    @property
    def etag(self) -> str:
        """Return a strong validator: a file's bytes never change under its id."""
        return f'"{self.container.file.hex()}"'


class RangeBeyondEnd(Exception):
    """The asked part of a file is not in it."""


def send_file(request: HttpRequest, file: SealedFile) -> HttpResponseBase:
    """Answer with a file, or with the part of it that was asked for.

    Raises:
        FileUnreadable: the blob is gone, or its beginning is not what was sealed.
    """
    headers = {**HEADERS, "Accept-Ranges": "bytes", "ETag": file.etag, "Content-Disposition": disposition(file.name)}
    content_type = safe_content_type(file.content_type)
    try:
        part = asked_range(request, file)
    except RangeBeyondEnd:
        headers["Content-Range"] = f"bytes */{file.size_bytes}"
        return HttpResponse(status=416, content_type=content_type, headers=headers)
    start, stop = part or (0, file.size_bytes)
    if part:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{file.size_bytes}"
    headers["Content-Length"] = str(stop - start)
    pieces = _pieces(file, start, stop)
    next(pieces)
    if request.method == "HEAD":
        pieces.close()
        return HttpResponse(content_type=content_type, headers=headers)
    return StreamingHttpResponse(pieces, status=206 if part else 200, content_type=content_type, headers=headers)


def read_whole(file: SealedFile) -> bytes:
    """Return a file that is small enough to be held at once.

    Raises:
        FileUnreadable: the blob is gone, cut, damaged, or of another file.
    """
    with _opened(file) as reader:
        try:
            return b"".join(map(bytes, reader.read()))
        except SealBroken:
            raise _unreadable("damaged") from None


def send_archive(request: HttpRequest, files: Sequence[SealedFile], *, name: str, at: datetime) -> HttpResponseBase:
    """Answer with several files in one ZIP, uncompressed and made while it is sent.

    Args:
        name: clean, with its extension.
        at: what the archive gives as the time of each file, as the person's clock shows it.

    Raises:
        FileUnreadable: one of the blobs is gone, or of another file.
    """
    for file in files:
        with _opened(file):
            pass
    headers = {**HEADERS, "Content-Disposition": disposition(name)}
    if request.method == "HEAD":
        return HttpResponse(content_type="application/zip", headers=headers)
    return StreamingHttpResponse(_archive(files, at), content_type="application/zip", headers=headers)


def disposition(name: str) -> str:
    """Return the header that saves a file under its name: once in plain letters, once exactly."""
    exact = quote(name, safe=ATTRIBUTE_CHARACTERS)
    return f"attachment; filename=\"{NOT_PLAIN.sub('_', name)}\"; filename*=UTF-8''{exact}"


def asked_range(request: HttpRequest, file: SealedFile) -> tuple[int, int] | None:
    """Return where the asked part begins and ends, or None for the whole file.

    Several parts at once, and what is no range, are answered with the whole file, as the standard allows.

    Raises:
        RangeBeyondEnd: the part begins behind the end.
    """
    found = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or found is None or request.headers.get("If-Range", file.etag) != file.etag:
        return None
    if not found["first"]:
        return _last_bytes(found["last"], file.size_bytes)
    first, last = int(found["first"]), int(found["last"] or file.size_bytes)
    if found["last"] and last < first:
        return None
    if first >= file.size_bytes:
        raise RangeBeyondEnd
    return first, min(last + 1, file.size_bytes)


def _last_bytes(asked: str, size_bytes: int) -> tuple[int, int] | None:
    if not asked or not size_bytes:
        return None
    if not int(asked):
        raise RangeBeyondEnd
    return max(0, size_bytes - int(asked)), size_bytes


@contextmanager
def _opened(file: SealedFile) -> Iterator[ContainerReader]:
    """Yield the reader of a file.

    Raises:
        FileUnreadable: the blob is gone, cut, or of another file.
    """
    try:
        source = blobs().open(file.blob)
    except BlobMissing:
        raise _unreadable("missing") from None
    with source:
        try:
            reader = ContainerReader(source, file.data_key, file.container, plain_bytes=file.size_bytes)
        except SealBroken:
            raise _unreadable("another file") from None
        yield reader


def _pieces(file: SealedFile, start: int, stop: int) -> Generator[bytes | memoryview]:
    """Yield nothing once the beginning is proven, then the bytes; a damaged piece ends the connection."""
    with _opened(file) as reader:
        pieces = reader.read(start, stop)
        try:
            first = next(pieces, None)
        except SealBroken:
            raise _unreadable("damaged") from None
        yield b""
        if first is not None:
            yield first
        yield from _until_damaged(pieces)


def _until_damaged(pieces: Iterator[memoryview]) -> Iterator[memoryview]:
    try:
        yield from pieces
    except SealBroken:
        logger.exception("downloads.broken_off")
        raise


def _archive(files: Sequence[SealedFile], at: datetime) -> Iterator[bytes]:
    outlet, names = _Outlet(), list[str]()
    with ZipFile(outlet, "w") as archive:
        for file in files:
            names.append(unique_file_name(disk_file_name(file.name), names))
            entry = ZipInfo(names[-1], at.timetuple()[:6])
            entry.external_attr = 0o600 << 16
            entry.file_size = file.size_bytes  # tells whether the entry needs 64 bits
            with _opened(file) as reader, archive.open(entry, "w") as writer:
                for piece in _until_damaged(reader.read()):
                    writer.write(piece)
                    yield outlet.take()
    yield outlet.take()


class _Outlet(RawIOBase):
    """What an archive is written to: it cannot go back, and what was written is taken away."""

    def __init__(self) -> None:
        super().__init__()
        self._written: list[bytes] = []

    def write(self, data: "ReadableBuffer", /) -> int:
        self._written.append(bytes(data))
        return len(self._written[-1])

    def take(self) -> bytes:
        taken = b"".join(self._written)
        self._written.clear()
        return taken


def _unreadable(reason: str) -> FileUnreadable:
    logger.error("downloads.unreadable", extra={"reason": reason})
    return FileUnreadable()
