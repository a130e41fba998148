"""Read a form with files: each is sealed while it arrives, and its plaintext never touches the disk.

A view says with `seals_files`, or with `core.small_files`, what a form may bring. Every other form has its files
dropped.
Source: docs/decisions/0034-files-in-and-out.md
"""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from itertools import chain
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from core.content_types import safe_content_type
from core.errors import FilesNotStored, FilesRefused, TooManyFiles
from core.file_names import clean_file_name, unique_file_name
from core.limits import READ_AFTER_REFUSAL_BYTES, READ_FOR_FIELDS_BYTES
from core.multipart import PIECE_BYTES, MultipartReader, Part
from core.uploads import Intake, RefusedUpload, SealedUpload, seal_file

View = Callable[..., HttpResponseBase]

logger = logging.getLogger("portal.uploads")


class _EnoughRead(Exception):
    """What is still to come is not worth taking apart."""


class FormWithoutFiles(FileUploadHandler):
    """Reads the fields of a form and drops its files: for every form whose view does not ask for them."""

    def handle_raw_input(  # type: ignore[override]  # the boundary comes as bytes
        self,
        input_data: Any,
        _meta: object,
        content_length: int,
        boundary: bytes,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, Any]]:
        """Read the whole body and return its fields and its files.

        Raises:
            MultipartBroken: the body is cut off, or no browser would send it.
            RequestDataTooBig, TooManyFieldsSent: more than a form may have.
        """
        encoding = encoding or settings.DEFAULT_CHARSET
        self.declared_bytes = content_length
        self.fields_read = self.field_bytes = self.files_dropped = self.dropped_bytes = 0
        fields, files = QueryDict(mutable=True, encoding=encoding), MultiValueDict[str, Any]()
        with ExitStack() as if_broken_off:
            if_broken_off.callback(_close_all, files)
            try:
                for part in MultipartReader(input_data, boundary, encoding).parts():
                    if part.file_name is None:
                        fields.appendlist(part.field, self._read_field(part).decode(encoding, errors="replace"))
                    else:
                        self._take_file(part, files)
            except _EnoughRead:
                self._read_on(input_data)
            if_broken_off.pop_all()
        fields._mutable = False
        return fields, files

    @property
    def read_on_bytes(self) -> int:
        """How much of a form is read on once a file of it is dropped."""
        return READ_AFTER_REFUSAL_BYTES

    def _take_file(self, part: Part, files: MultiValueDict[str, Any]) -> None:
        self._drop(part)

    def _read_field(self, part: Part) -> bytes:
        self.fields_read += 1
        if self.fields_read > settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
            raise TooManyFieldsSent
        value = bytearray()
        for piece in part.pieces:
            self.field_bytes += len(piece)
            if self.field_bytes > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
                raise RequestDataTooBig
            value += piece
        return bytes(value)

    def _drop(self, part: Part) -> None:
        """Pass over a file, for a while: what was typed may stand behind it, and browsers look for an answer late."""
        self.files_dropped += 1
        if self.files_dropped > settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
            raise _EnoughRead
        for piece in part.pieces:
            self.dropped_bytes += len(piece)
            if self.dropped_bytes > self.read_on_bytes:
                raise _EnoughRead

    def _read_on(self, source: Any) -> None:
        """Read what is left unparsed, within the same bound."""
        while self.dropped_bytes <= self.read_on_bytes and (rest := source.read(PIECE_BYTES)):
            self.dropped_bytes += len(rest)


class FormWithSealedFiles(FormWithoutFiles):
    """Reads the fields of a form and seals its files; the first refusal ends the taking of files."""

    def __init__(self, request: HttpRequest, intake: Intake) -> None:
        super().__init__(request)
        self.intake = intake
        self.names = list(intake.names_taken)
        self.room_bytes = intake.room_bytes
        self.files_taken = 0
        self.refusal: FilesRefused | None = None

    @property
    def read_on_bytes(self) -> int:
        """How much of a form is read on once its files are refused: all of it, unless nobody would wait for that."""
        is_too_much = self.declared_bytes > READ_FOR_FIELDS_BYTES
        return READ_AFTER_REFUSAL_BYTES if is_too_much else READ_FOR_FIELDS_BYTES

    def _take_file(self, part: Part, files: MultiValueDict[str, Any]) -> None:
        if self.refusal is not None:
            self._drop(part)
            return
        try:
            if upload := self._seal(part):
                files.appendlist(part.field, upload)
        except FilesRefused as refusal:
            self.refusal = refusal
            files.appendlist(part.field, RefusedUpload(refusal))
            self._drop(part)

    def _seal(self, part: Part) -> SealedUpload | None:
        """Seal a file; None where the person chose none.

        Raises:
            FilesRefused: a limit is passed, or the disk does not take it; its blob is gone again.
        """
        first = next(part.pieces, None)
        if first is None and not part.file_name:
            return None
        self._refuse_too_many()
        try:
            return self._write_blob(part, first or memoryview(b""))
        except UnreadablePostError:
            raise
        except OSError as fault:
            logger.exception("uploads.not_stored")
            raise FilesNotStored from fault

    def _refuse_too_many(self) -> None:
        if self.files_taken >= self.intake.files_at_most:
            raise TooManyFiles(self.intake.files_at_most)
        if self.declared_bytes > self.intake.room_bytes + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            self.intake.refuse_too_large()

    def _write_blob(self, part: Part, first: memoryview) -> SealedUpload:
        name = clean_file_name(part.file_name or "")
        upload = seal_file(
            map(self._within_room, chain([first], part.pieces)),
            name=unique_file_name(name.text, self.names),
            is_shortened=name.is_shortened,
            content_type=safe_content_type(part.content_type),
            data_key=self.intake.data_key,
            whole=self.intake.whole,
        )
        self.files_taken += 1
        self.names.append(upload.name)
        return upload

    def _within_room(self, piece: memoryview) -> memoryview:
        self._take_room(len(piece))
        return piece

    def _take_room(self, size_bytes: int) -> None:
        if size_bytes > self.room_bytes:
            self.intake.refuse_too_large()
        self.room_bytes -= size_bytes


def seals_files(intake_of: Callable[..., Intake]) -> Callable[[View], View]:
    """Let a view take files; what it may take is asked before a byte of the form is read.

    The check of the form's token reads the form, so it must come after the reader was chosen: the middleware leaves
    such a view alone, and the same check stands inside. Decorators that judge the person stand above this one.

    Args:
        intake_of: called with the view's own arguments; may raise what a view raises, and writes nothing, since the
            token is not checked yet.
    """

    def reader_of(request: HttpRequest, *args: Any, **kwargs: Any) -> FormWithoutFiles:
        return FormWithSealedFiles(request, intake_of(request, *args, **kwargs))

    return takes_files(reader_of)


def takes_files(reader_of: Callable[..., FormWithoutFiles]) -> Callable[[View], View]:
    """Let a view read forms with a reader of its own, and check their token once it is chosen.

    Args:
        reader_of: called with the view's own arguments.
    """

    def decorate(view: View) -> View:
        checked = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST":
                request.upload_handlers = [reader_of(request, *args, **kwargs)]
            return checked(request, *args, **kwargs)

        answer.takes_files = True  # type: ignore[attr-defined]
        return answer

    return decorate


def _close_all(files: MultiValueDict[str, Any]) -> None:
    for _name, uploads in files.lists():
        for upload in uploads:
            upload.close()
