"""A small file that comes with a form and is worked on at once: it stays in memory, and goes with the request."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from core.errors import FilesTooLarge
from core.form_readers import FormWithoutFiles, View, takes_files
from core.multipart import Part
from core.uploads import RefusedUpload


@dataclass(frozen=True, slots=True)
class SmallUpload:
    """A file that arrived whole."""

    content: bytes = field(repr=False)

    def close(self) -> None:
        """Do nothing: nothing was written anywhere."""


class FormWithSmallFile(FormWithoutFiles):
    """Reads the fields of a form and its first file.

    Args:
        bytes_at_most: of the file; a larger one is refused.
    """

    def __init__(self, request: HttpRequest, bytes_at_most: int) -> None:
        super().__init__(request)
        self.bytes_at_most = bytes_at_most

    def _take_file(self, part: Part, files: MultiValueDict[str, Any]) -> None:
        if files or not part.file_name:
            self._drop(part)
            return
        content = bytearray()
        for piece in part.pieces:
            if len(content) + len(piece) > self.bytes_at_most:
                files.appendlist(part.field, RefusedUpload(FilesTooLarge(self.bytes_at_most)))
                self._drop(part)
                return
            content += piece
        files.appendlist(part.field, SmallUpload(bytes(content)))


def keeps_small_file(bytes_at_most: int) -> Callable[[View], View]:
    """Let a view take one file; decorators that judge the person stand above this one.

    Args:
        bytes_at_most: a size that every thread of the server can hold at once.
    """

    def reader_of(request: HttpRequest, *_args: Any, **_kwargs: Any) -> FormWithoutFiles:
        return FormWithSmallFile(request, bytes_at_most)

    return takes_files(reader_of)
