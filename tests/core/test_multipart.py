"""Forms with files, part by part: what browsers send is read whatever the pieces, everything else is refused."""

import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import multipart
from core.multipart import MultipartBroken, MultipartReader
from tests.multipart import BOUNDARY, Sent, body_of

contents = st.one_of(
    st.binary(max_size=300),
    # What looks like the beginning of a delimiter, or like a head.
    st.lists(st.sampled_from([b"\r\n--", b"\r", b"\n", b"-", BOUNDARY.encode()[:9], b"\r\n\r\n", b"x"])).map(b"".join),
)
sent = st.builds(
    Sent,
    field=st.sampled_from(["subject", "files"]),
    content=contents,
    file_name=st.one_of(st.none(), st.sampled_from(["", "a.pdf", 'a "b" c.pdf', "é; x=1.txt", "ş" * 300])),
)


class Trickle(io.BytesIO):
    """Gives fewer bytes than asked for, as a socket may."""

    def __init__(self, content: bytes, seed: int) -> None:
        super().__init__(content)
        self.random = random.Random(seed)

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 1, self.random.randint(1, 40)))


def read(body: bytes, *, seed: int = 0) -> list[tuple[str, str | None, bytes]]:
    """Return field, file name and content of each part."""
    reader = MultipartReader(Trickle(body, seed), BOUNDARY.encode())
    return [(part.field, part.file_name, b"".join(map(bytes, part.pieces))) for part in reader.parts()]


@given(parts=st.lists(sent, max_size=6), seed=st.integers(0, 1_000))
def test_what_was_sent_is_read_whatever_the_pieces(parts: list[Sent], seed: int) -> None:
    assert read(body_of(parts), seed=seed) == [(part.field, part.file_name, part.content) for part in parts]


@given(parts=st.lists(sent, min_size=1, max_size=4), seed=st.integers(0, 1_000), data=st.data())
def test_a_body_that_was_cut_off_is_never_whole(parts: list[Sent], seed: int, data: st.DataObject) -> None:
    body = body_of(parts)
    cut = data.draw(st.integers(0, len(body) - 3))  # the line end behind the last delimiter may be missing
    with pytest.raises(MultipartBroken):
        read(body[:cut], seed=seed)


@given(parts=st.lists(sent, min_size=2, max_size=6))
def test_a_part_nobody_reads_is_passed_over(parts: list[Sent]) -> None:
    reader = MultipartReader(io.BytesIO(body_of(parts)), BOUNDARY.encode())
    assert [part.field for part in reader.parts()] == [part.field for part in parts]


@pytest.mark.parametrize("around", [-80, -3, -1, 0, 1, 3, 80])
def test_a_delimiter_between_two_pieces_is_found(around: int) -> None:
    content = b"x" * (multipart.PIECE_BYTES + around)
    reader = MultipartReader(io.BytesIO(body_of([Sent("files", content, "a")])), BOUNDARY.encode())
    (size,) = (sum(len(piece) for piece in part.pieces) for part in reader.parts())
    assert size == len(content)


@pytest.mark.parametrize("encoding", ["7bit", "8bit", "Binary"])
def test_an_encoding_that_changes_nothing_is_taken(encoding: str) -> None:
    part = Sent("files", b"abc", "a", extra=(f"Content-Transfer-Encoding: {encoding}",))
    assert read(body_of([part])) == [("files", "a", b"abc")]


@pytest.mark.parametrize("encoding", ["base64", "BASE64", "quoted-printable", "x-gzip"])
def test_statement_139_a_part_in_another_encoding_is_refused(encoding: str) -> None:
    for file_name in ("a", None):
        part = Sent("files", b"YWJj", file_name, extra=(f"content-transfer-encoding: {encoding}",))
        with pytest.raises(MultipartBroken, match="another encoding"):
            read(body_of([part]))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\r\n",
        b"no delimiter at all",
        b"preamble\r\n" + body_of([Sent("a")]),
        body_of([Sent("a")]).replace(b"form-data", b"attachment"),
        body_of([Sent("a")]).replace(b"; name=", b"; nome="),
        body_of([Sent("a", extra=("X-Long: " + "x" * 2 * multipart.HEAD_BYTES,))]),
        body_of([Sent("a", b"1"), Sent("b", b"2")]).replace(b"gW\r\n", b"gWx\r\n"),
        body_of([Sent("a")]).replace(b'name="a"', b"name*=klingon''a"),
    ],
)
def test_what_no_browser_sends_is_refused(body: bytes) -> None:
    with pytest.raises(MultipartBroken):
        read(body)


def test_memory_stays_with_an_endless_head() -> None:
    class Endless:
        read_bytes = 0

        def read(self, size: int, /) -> bytes:
            self.read_bytes += size
            return (f"--{BOUNDARY}\r\n".encode() + b"x" * size)[:size]

    endless = Endless()
    with pytest.raises(MultipartBroken, match="too long a head"):
        list(MultipartReader(endless, BOUNDARY.encode()).parts())
    assert endless.read_bytes <= 2 * multipart.PIECE_BYTES
