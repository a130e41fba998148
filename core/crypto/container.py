"""Sealed files: chunks under AES-256-GCM with a counter and a final flag, so that any part can be opened alone.

A container is a header and its chunks. Header: "SXP1", chunk size (4 bytes), id of the whole (16), id of the file (16),
salt (32). The file's key is HKDF(data key, salt, "sx1 file" | whole | file); chunk i is sealed with the nonce
"i as 11 bytes | 1 for the last chunk, else 0" and the header as associated data. An empty file is one empty last chunk.
The last chunk opens only as the last one: what was cut, swapped, repeated or appended does not open.
Source: NIST SP 800-38D, RFC 5869; the payload of C2SP/age has the same layout; docs/decisions/0028-containers.md
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.crypto.sealing import SealBroken, expand_key
from core.crypto.secret import Secret

MAGIC = b"SXP1"
ID_BYTES = 16
SALT_BYTES = 32
HEADER_BYTES = len(MAGIC) + 4 + 2 * ID_BYTES + SALT_BYTES
TAG_BYTES = 16
CHUNK_BYTES = 1 << 20
CHUNKS_AT_MOST = 1 << 32


class Sink(Protocol):
    """What a container is written to."""

    def write(self, data: bytes | bytearray | memoryview, /) -> object: ...


@dataclass(frozen=True, slots=True)
class ContainerId:
    """Which file a container is: 16 bytes name the whole it belongs to, 16 the file in it."""

    whole: bytes
    file: bytes

    def __post_init__(self) -> None:
        if len(self.whole) != ID_BYTES or len(self.file) != ID_BYTES:
            raise ValueError("An id has 16 bytes.")


class ContainerWriter:
    """Seals what is written, chunk by chunk, into reused buffers; `close` seals the last chunk.

    A chunk that lies whole in what is written is sealed from there, others are gathered first.

    Args:
        data_key: 32 bytes of the whole; each container draws an own salt, so no key meets a nonce twice.
        chunk_bytes: plaintext of one chunk; memory stays at about twice that, whatever the size of the file.
        salt: 32 bytes; given only to reproduce a known container.
    """

    def __init__(
        self, sink: Sink, data_key: Secret, name: ContainerId, *, chunk_bytes: int = CHUNK_BYTES, salt: bytes = b""
    ) -> None:
        salt = salt or os.urandom(SALT_BYTES)
        self._sink = sink
        self._header = MAGIC + chunk_bytes.to_bytes(4, "big") + name.whole + name.file + salt
        self._cipher = AESGCM(_file_key(data_key, name, salt))
        self._plain = memoryview(bytearray(chunk_bytes))
        self._sealed = memoryview(bytearray(chunk_bytes + TAG_BYTES))
        self._filled = 0
        self._chunks = 0
        self.plain_bytes = 0
        sink.write(self._header)

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Take bytes of the file and return how many: all of them."""
        rest, chunk_bytes = memoryview(data), len(self._plain)
        while len(rest):
            # A full chunk waits until more comes: only then is it certain not to be the last one.
            if self._filled == chunk_bytes:
                self._seal_gathered(is_last=False)
            if not self._filled and len(rest) > chunk_bytes:
                self._seal_chunk(rest[:chunk_bytes], is_last=False)
                taken = chunk_bytes
            else:
                taken = min(len(rest), chunk_bytes - self._filled)
                self._plain[self._filled : self._filled + taken] = rest[:taken]
                self._filled += taken
            rest = rest[taken:]
        self.plain_bytes += len(data)
        return len(data)

    def close(self) -> None:
        """Seal what is left as the last chunk; the sink stays open."""
        self._seal_gathered(is_last=True)

    def _seal_gathered(self, *, is_last: bool) -> None:
        self._seal_chunk(self._plain[: self._filled], is_last=is_last)
        self._filled = 0

    def _seal_chunk(self, plain: memoryview, *, is_last: bool) -> None:
        if self._chunks >= CHUNKS_AT_MOST:
            raise ValueError("A container holds no more chunks.")
        sealed = self._sealed[: len(plain) + TAG_BYTES]
        self._cipher.encrypt_into(_nonce(self._chunks, is_last=is_last), plain, self._header, sealed)
        self._sink.write(sealed)
        self._chunks += 1


class ContainerReader:
    """Opens a container, whole or in part; nothing of a chunk leaves before the chunk is proven.

    Args:
        source: seekable, buffered (one read gives all that was asked for); read from its beginning.
        plain_bytes: the size the file is known to have, where it is known from an authenticated place.

    Raises:
        SealBroken: not a container of this version, of another file, or of another length than expected.
    """

    def __init__(
        self, source: BufferedIOBase, data_key: Secret, name: ContainerId, *, plain_bytes: int | None = None
    ) -> None:
        self._source = source
        source.seek(0)
        self._header = source.read(HEADER_BYTES)
        self._chunk_bytes = _chunk_bytes(self._header, name)
        sealed_bytes = source.seek(0, os.SEEK_END) - HEADER_BYTES
        self._chunks = max(1, -(-sealed_bytes // (self._chunk_bytes + TAG_BYTES)))
        self.plain_bytes = sealed_bytes - self._chunks * TAG_BYTES
        if self.plain_bytes < 0 or (plain_bytes is not None and plain_bytes != self.plain_bytes):
            raise SealBroken
        self._cipher = AESGCM(_file_key(data_key, name, self._header[-SALT_BYTES:]))

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[memoryview]:
        """Yield the bytes from `start` up to `stop`; each piece is valid until the next one is asked for.

        Raises:
            SealBroken: a chunk is not what was sealed at its place; nothing of it or behind it is yielded.
        """
        stop = self.plain_bytes if stop is None else min(stop, self.plain_bytes)
        first = min(start, max(0, self.plain_bytes - 1)) // self._chunk_bytes
        last = max(first, (stop - 1) // self._chunk_bytes)
        sealed = memoryview(bytearray(self._chunk_bytes + TAG_BYTES))
        plain = memoryview(bytearray(self._chunk_bytes))
        self._source.seek(HEADER_BYTES + first * (self._chunk_bytes + TAG_BYTES))
        for index in range(first, last + 1):
            opened = self._open_chunk(index, sealed, plain)
            begins = index * self._chunk_bytes
            piece = opened[max(0, start - begins) : max(0, stop - begins)]
            if len(piece):
                yield piece

    def _open_chunk(self, index: int, sealed: memoryview, plain: memoryview) -> memoryview:
        length = self._source.readinto(sealed)
        opened = plain[: max(0, length - TAG_BYTES)]
        nonce = _nonce(index, is_last=index == self._chunks - 1)
        try:
            self._cipher.decrypt_into(nonce, sealed[:length], self._header, opened)
        except (InvalidTag, ValueError):
            raise SealBroken from None
        return opened


def commitment_to_key(data_key: Secret, whole: bytes) -> bytes:
    """Return 32 bytes that say which data key a whole has and give nothing of it: GCM alone is not key-committing."""
    return expand_key(data_key.reveal(), salt=b"", info=b"sx1 commit" + whole)


def _file_key(data_key: Secret, name: ContainerId, salt: bytes) -> bytes:
    return expand_key(data_key.reveal(), salt=salt, info=b"sx1 file" + name.whole + name.file)


def _nonce(index: int, *, is_last: bool) -> bytes:
    return index.to_bytes(11, "big") + bytes([is_last])


def _chunk_bytes(header: bytes, name: ContainerId) -> int:
    begins = MAGIC + header[len(MAGIC) : len(MAGIC) + 4] + name.whole + name.file
    chunk_bytes = int.from_bytes(header[len(MAGIC) : len(MAGIC) + 4], "big")
    if len(header) != HEADER_BYTES or not header.startswith(begins) or not 0 < chunk_bytes <= CHUNK_BYTES:
        raise SealBroken
    return chunk_bytes
