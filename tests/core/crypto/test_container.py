"""Sealed files: any length round-trips, any part opens alone, and nothing changed, cut or moved opens."""

import io
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import container
from core.crypto.container import HEADER_BYTES, TAG_BYTES, ContainerId, ContainerReader, ContainerWriter
from core.crypto.links import new_secret
from core.crypto.sealing import SealBroken
from core.crypto.secret import Secret

KEY = Secret(bytes(range(32)))
NAME = ContainerId(b"whole".ljust(16), b"file".ljust(16))
CHUNK = 64
PIECE = CHUNK + TAG_BYTES


def sealed(plain: bytes, *, name: ContainerId = NAME, key: Secret = KEY, chunk_bytes: int = CHUNK) -> bytes:
    sink = io.BytesIO()
    writer = ContainerWriter(sink, key, name, chunk_bytes=chunk_bytes)
    writer.write(plain)
    writer.close()
    assert writer.plain_bytes == len(plain)
    return sink.getvalue()


def opened(sealed_bytes: bytes, *, name: ContainerId = NAME, key: Secret = KEY, expected: int | None = None) -> bytes:
    reader = ContainerReader(io.BytesIO(sealed_bytes), key, name, plain_bytes=expected)
    return b"".join(map(bytes, reader.read()))


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5])
def test_any_length_round_trips(length: int) -> None:
    plain = os.urandom(length)
    made = sealed(plain)
    assert len(made) == HEADER_BYTES + length + TAG_BYTES * max(1, -(-length // CHUNK))
    assert opened(made, expected=length) == plain


@given(pieces=st.lists(st.binary(max_size=3 * CHUNK), max_size=6))
def test_how_the_bytes_arrive_does_not_matter(pieces: list[bytes]) -> None:
    sink = io.BytesIO()
    writer = ContainerWriter(sink, KEY, NAME, chunk_bytes=CHUNK)
    for piece in pieces:
        writer.write(piece)
    writer.close()
    assert opened(sink.getvalue()) == b"".join(pieces)


@given(
    length=st.integers(0, 4 * CHUNK),
    start=st.integers(0, 5 * CHUNK),
    stop=st.one_of(st.none(), st.integers(0, 5 * CHUNK)),
)
def test_any_part_opens_alone(length: int, start: int, stop: int | None) -> None:
    plain = bytes(index % 251 for index in range(length))
    reader = ContainerReader(io.BytesIO(sealed(plain)), KEY, NAME)
    assert b"".join(map(bytes, reader.read(start, stop))) == plain[start : length if stop is None else stop]


def test_a_part_needs_its_own_chunks_only() -> None:
    made = bytearray(sealed(os.urandom(3 * CHUNK)))
    made[HEADER_BYTES] ^= 1
    reader = ContainerReader(io.BytesIO(bytes(made)), KEY, NAME)
    assert len(b"".join(map(bytes, reader.read(CHUNK, 2 * CHUNK)))) == CHUNK
    with pytest.raises(SealBroken):
        list(reader.read(CHUNK - 1, 2 * CHUNK))


THREE = bytes(range(CHUNK)) * 2 + b"the end"


def _cut_last_chunk(made: bytes) -> bytes:
    return made[: HEADER_BYTES + 2 * PIECE]


def _cut_inside(made: bytes) -> bytes:
    return made[:-3]


def _swapped(made: bytes) -> bytes:
    first, second = HEADER_BYTES, HEADER_BYTES + PIECE
    return made[:first] + made[second : second + PIECE] + made[first:second] + made[second + PIECE :]


def _repeated(made: bytes) -> bytes:
    second = HEADER_BYTES + PIECE
    return made[:second] + made[HEADER_BYTES:second] + made[second:]


def _appended(made: bytes) -> bytes:
    return made + b"\x00"


def _only_a_header(made: bytes) -> bytes:
    return made[:HEADER_BYTES]


def _nothing(made: bytes) -> bytes:
    return b""


def _other_version(made: bytes) -> bytes:
    return b"SXP2" + made[4:]


DAMAGES = [_cut_last_chunk, _cut_inside, _swapped, _repeated, _appended, _only_a_header, _nothing, _other_version]


@pytest.mark.parametrize("damage", DAMAGES)
def test_statement_109_what_was_cut_moved_or_added_does_not_open(damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises(SealBroken):
        opened(damage(sealed(THREE)))


def test_statement_109_no_byte_can_be_changed() -> None:
    made = sealed(THREE)
    for position in range(len(made)):
        changed = bytearray(made)
        changed[position] ^= 1
        with pytest.raises(SealBroken):
            opened(bytes(changed))


def test_statement_109_nothing_of_the_failing_chunk_is_released() -> None:
    made = bytearray(sealed(THREE))
    made[HEADER_BYTES + PIECE] ^= 1
    pieces = ContainerReader(io.BytesIO(bytes(made)), KEY, NAME).read()
    assert bytes(next(pieces)) == THREE[:CHUNK]
    with pytest.raises(SealBroken):
        next(pieces)


def test_statement_109_another_file_whole_or_key_does_not_open() -> None:
    made = sealed(THREE)
    for other in (ContainerId(NAME.whole, b"other".ljust(16)), ContainerId(b"other".ljust(16), NAME.file)):
        with pytest.raises(SealBroken):
            opened(made, name=other)
    with pytest.raises(SealBroken):
        opened(made, key=new_secret())


def test_a_size_known_from_elsewhere_tells_a_cut_before_anything_is_read() -> None:
    with pytest.raises(SealBroken):
        ContainerReader(io.BytesIO(_cut_last_chunk(sealed(THREE))), KEY, NAME, plain_bytes=len(THREE))


def test_statement_112_each_container_draws_an_own_salt() -> None:
    salts = {sealed(b"")[HEADER_BYTES - 32 : HEADER_BYTES] for _ in range(10_000)}
    assert len(salts) == 10_000


def test_statement_112_the_counter_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "CHUNKS_AT_MOST", 2)
    sealed(b"x" * 2 * CHUNK)
    with pytest.raises(ValueError, match="no more chunks"):
        sealed(b"x" * (2 * CHUNK + 1))


def test_statement_111_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    target, size = tmp_path / "sealed", 48 * (1 << 20)
    tracemalloc.start()
    try:
        with target.open("wb") as sink:
            writer = ContainerWriter(sink, KEY, NAME)
            block = bytes(1 << 16)
            for _ in range(size // len(block)):
                writer.write(block)
            writer.close()
        with target.open("rb") as source:
            assert sum(len(piece) for piece in ContainerReader(source, KEY, NAME, plain_bytes=size).read()) == size
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * (1 << 20)


def test_an_id_has_sixteen_bytes() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        ContainerId(b"short", NAME.file)
