"""A file that comes with a form and is worked on at once: it stays in memory, and goes with the request."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from core.errors import FilesAtOnce, FilesRefused, FilesTooLarge
from core.form_readers import FormWithoutFiles, View, takes_files
from core.multipart import Part
from core.uploads import RefusedUpload


class Room:
    """The memory that all files of one kind may take together in this process.

    Args:
        bytes_at_most: of all of them, as they arrive.
    """

    def __init__(self, bytes_at_most: int) -> None:
        self.free_bytes = bytes_at_most
        self._lock = threading.Lock()

    def take(self, size_bytes: int) -> bool:
        """Take some of it, and tell whether there was so much."""
        with self._lock:
            if size_bytes > self.free_bytes:
                return False
            self.free_bytes -= size_bytes
            return True

    def give_back(self, size_bytes: int) -> None:
        """Leave it to others."""
        with self._lock:
            self.free_bytes += size_bytes


@dataclass(slots=True)
class Share:
    """What one file takes of the room for its kind; given back once, however often that is asked for."""

    room: Room | None
    taken_bytes: int = 0

    def take(self, size_bytes: int) -> bool:
        """Take some more, and tell whether there was so much."""
        if self.room is None or self.room.take(size_bytes):
            self.taken_bytes += size_bytes
            return True
        return False

    def give_back(self) -> None:
        """Leave all of it to others."""
        taken, self.taken_bytes = self.taken_bytes, 0
        if self.room is not None:
            self.room.give_back(taken)


@dataclass(frozen=True, slots=True)
class SmallUpload:
    """A file that arrived whole.

    Args:
        share: of the memory for files of its kind, held until the request is answered.
    """

    content: bytes = field(repr=False)
    share: Share = field(default_factory=lambda: Share(None), repr=False, compare=False)

    def close(self) -> None:
        """Give back the memory; nothing was written anywhere."""
        self.share.give_back()


class FormWithSmallFile(FormWithoutFiles):
    """Reads the fields of a form and its first file, or the first of each of a few fields.

    Args:
        bytes_at_most: of a file; a larger one is refused.
        room: that files of its kind share; None where each thread of the server can hold as many as a form may bring.
        files_at_most: each of a field of its own.
    """

    def __init__(
        self, request: HttpRequest, bytes_at_most: int, room: Room | None = None, *, files_at_most: int = 1
    ) -> None:
        super().__init__(request)
        self.bytes_at_most, self.room, self.files_at_most = bytes_at_most, room, files_at_most

    def _take_file(self, part: Part, files: MultiValueDict[str, Any]) -> None:
        if len(files) >= self.files_at_most or part.field in files or not part.file_name:
            self._drop(part)
            return
        share = Share(self.room)
        try:
            files.appendlist(part.field, SmallUpload(self._content(part, share), share))
        except FilesRefused as refusal:
            files.appendlist(part.field, RefusedUpload(refusal))
            self._drop(part)

    def _content(self, part: Part, share: Share) -> bytes:
        content = bytearray()
        with ExitStack() as if_not_taken:
            if_not_taken.callback(share.give_back)
            for piece in part.pieces:
                if len(content) + len(piece) > self.bytes_at_most:
                    raise FilesTooLarge(self.bytes_at_most)
                if not share.take(len(piece)):
                    raise FilesAtOnce
                content += piece
            if_not_taken.pop_all()
        return bytes(content)


def keeps_small_file(bytes_at_most: int, *, files_at_most: int = 1) -> Callable[[View], View]:
    """Let a view take one file, or one of each of a few fields; decorators that judge the person stand above this one.

    Args:
        bytes_at_most: a size that every thread of the server can hold at once, of as many files.
    """

    def reader_of(request: HttpRequest, *_args: Any, **_kwargs: Any) -> FormWithoutFiles:
        return FormWithSmallFile(request, bytes_at_most, files_at_most=files_at_most)

    return takes_files(reader_of)
