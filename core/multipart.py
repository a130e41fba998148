"""Reads a form with files part by part, in memory that does not grow with it.

Django's own reader changes names, drops files without one, refuses a name of 300 characters, undoes base64, says
nothing of a body that was cut off, and reads 64 KiB at a time. This one takes what browsers send and refuses the rest.
Source: RFC 7578 (forms), RFC 2046 section 5.1 (delimiters); docs/decisions/0034-files-in-and-out.md
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from django.http.multipartparser import MultiPartParserError
from django.utils.http import parse_header_parameters

PIECE_BYTES = 1 << 20
HEAD_BYTES = 8 * 1024
END_OF_HEAD = b"\r\n\r\n"
PLAIN_ENCODINGS = frozenset({"7bit", "8bit", "binary"})


class MultipartBroken(MultiPartParserError):
    """A body that no browser sends; Django answers it with 400."""


class Source(Protocol):
    """What a body is read from."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Part:
    """One field or one file.

    Args:
        file_name: as it was sent; None for a field, empty for a file that was not chosen.
        pieces: the content; each piece is valid until the next one is asked for.
    """

    field: str
    file_name: str | None
    content_type: str
    pieces: Iterator[memoryview]


class MultipartReader:
    """Yields the parts of a body in their order.

    Args:
        boundary: as the request's content type names it.
    """

    def __init__(self, source: Source, boundary: bytes, encoding: str = "utf-8") -> None:
        self._source = source
        self._delimiter = b"\r\n--" + boundary
        self._encoding = encoding
        self._buffer = bytearray(PIECE_BYTES + HEAD_BYTES + len(self._delimiter))
        self._view = memoryview(self._buffer)
        # Every delimiter begins with the end of a line; only the first one stands where no line was before.
        self._buffer[:2] = b"\r\n"
        self._start, self._end = 0, 2

    def parts(self) -> Iterator[Part]:
        """Yield each part; what was not read of one is passed over before the next.

        Raises:
            MultipartBroken: the body is cut off, has no delimiter, or a part says of itself what no browser says.
        """
        self._pass_first_delimiter()
        while (after := self._take(2)) == b"\r\n":
            part = self._part_of(self._head())
            yield part
            for _piece in part.pieces:
                pass
        if after != b"--":
            raise MultipartBroken("A delimiter has more behind it.")

    def _part_of(self, head: dict[str, str]) -> Part:
        kind, disposition = _parameters(head.get("content-disposition", ""))
        if kind != "form-data" or "name" not in disposition:
            raise MultipartBroken("A part has no name.")
        if head.get("content-transfer-encoding", "binary").lower() not in PLAIN_ENCODINGS:
            raise MultipartBroken("A part is written in another encoding.")
        file_name = disposition.get("filename")
        if file_name is not None:
            file_name = file_name.replace("%22", '"')  # the only character of a name that browsers escape and one keeps
        return Part(disposition["name"], file_name, head.get("content-type", ""), self._content())

    def _content(self) -> Iterator[memoryview]:
        """Yield what comes before the next delimiter, and pass over the delimiter."""
        while (found := self._buffer.find(self._delimiter, self._start, self._end)) < 0:
            # The last bytes may be the beginning of a delimiter.
            certain = self._end - len(self._delimiter) + 1
            if certain > self._start:
                yield self._view[self._start : certain]
                self._start = certain
            self._fill()
        if found > self._start:
            yield self._view[self._start : found]
        self._start = found + len(self._delimiter)

    def _head(self) -> dict[str, str]:
        """Return the headers of a part by their name in lower case."""
        while (found := self._buffer.find(END_OF_HEAD, self._start, self._end)) < 0:
            if self._end - self._start > HEAD_BYTES:
                raise MultipartBroken("A part has too long a head.")
            self._fill()
        lines = self._take(found - self._start).decode(self._encoding, errors="replace").split("\r\n")
        self._start += len(END_OF_HEAD)
        return {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def _pass_first_delimiter(self) -> None:
        if self._take(len(self._delimiter)) != self._delimiter:
            raise MultipartBroken("The body does not begin with its delimiter.")

    def _take(self, count: int) -> bytes:
        while self._end - self._start < count:
            self._fill()
        taken = bytes(self._view[self._start : self._start + count])
        self._start += count
        return taken

    def _fill(self) -> None:
        """Read on, with what is left moved to the front."""
        left = bytes(self._view[self._start : self._end])
        piece = self._source.read(min(PIECE_BYTES, len(self._buffer) - len(left)))
        if not piece:
            raise MultipartBroken("The body ends too early.")
        self._start, self._end = 0, len(left) + len(piece)
        self._view[: len(left)] = left
        self._view[len(left) : self._end] = piece


def _parameters(line: str) -> tuple[str, dict[str, str]]:
    try:
        return parse_header_parameters(line)
    except ValueError:
        raise MultipartBroken("A part has a name in an unknown encoding.") from None
