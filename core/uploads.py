"""Files that come with a form: each is sealed while it arrives, and its plaintext never touches the disk.

A view says with `seals_files`, or with `core.small_files`, what a form may bring. Every other form has its files
dropped.
Source: docs/decisions/0034-files-in-and-out.md
"""

import hashlib
import logging
import os
from collections.abc import Callable, Collection, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import wraps
from itertools import chain
from typing import Any, NoReturn

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, ValidationError
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from core.blobs import blobs
from core.content_types import safe_content_type
from core.crypto.container import ID_BYTES, ContainerId, ContainerWriter
from core.crypto.secret import Secret
from core.errors import FilesNotStored, FilesRefused, FilesTooLarge, TooManyFiles
from core.file_names import clean_file_name, unique_file_name
from core.limits import READ_AFTER_REFUSAL_BYTES
from core.multipart import PIECE_BYTES, MultipartReader, Part

View = Callable[..., HttpResponseBase]

logger = logging.getLogger("portal.uploads")


@dataclass(frozen=True, slots=True)
class Intake:
    """What the files of one form are sealed under, and how much may come.

    Args:
        whole: id, 16 bytes, of what the files belong to.
        bytes_at_most: of all files together, those of earlier forms included.
        bytes_used: by files of earlier forms.
        files_at_most: in this form.
        names_taken: by files of earlier forms.
        too_large: why more bytes are refused, where it is for another reason than the size of the files.
    """

    data_key: Secret
    whole: bytes
    bytes_at_most: int
    files_at_most: int
    bytes_used: int = 0
    names_taken: Collection[str] = ()
    too_large: FilesRefused | None = None

    @property
    def room_bytes(self) -> int:
        """Return how many bytes may come."""
        return max(0, self.bytes_at_most - self.bytes_used)

    def refuse_too_large(self) -> NoReturn:
        """Refuse what has more bytes than may come.

        Raises:
            FilesRefused: always.
        """
        raise self.too_large or FilesTooLarge(self.room_bytes)


@dataclass(slots=True)
class SealedUpload:
    """A file that arrived and lies sealed in a blob; the blob goes with the request unless it is kept.

    Args:
        file_id: 16 bytes; with the id of the whole it names the container.
        name: clean, and different from the others of the form.
        is_shortened: the name was longer than is kept.
        sha256: of the plaintext, 32 bytes.
    """

    file_id: bytes
    name: str
    is_shortened: bool
    content_type: str
    size_bytes: int
    sealed_bytes: int
    blob: str
    sha256: bytes = field(repr=False)
    is_kept: bool = False

    def keep(self) -> None:
        """Leave the blob to the row that names it; said inside the transaction that writes the row.

        Where that is rolled back, the blob belongs to nothing and is swept. The other order could lose a file.
        """
        self.is_kept = True

    def close(self) -> None:
        """Delete the blob unless it is kept; Django calls this when the request has been answered."""
        if not self.is_kept:
            blobs().delete(self.blob)


@dataclass(frozen=True, slots=True)
class RefusedUpload:
    """Stands among the files of a field in place of those that were not taken."""

    refusal: FilesRefused

    def close(self) -> None:
        """Do nothing: nothing was kept."""


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
            if self.dropped_bytes > READ_AFTER_REFUSAL_BYTES:
                raise _EnoughRead

    def _read_on(self, source: Any) -> None:
        """Read what is left unparsed, within the same bound."""
        while self.dropped_bytes <= READ_AFTER_REFUSAL_BYTES and (rest := source.read(PIECE_BYTES)):
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


def seal_file(
    pieces: Iterable[bytes | memoryview],
    *,
    name: str,
    content_type: str,
    data_key: Secret,
    whole: bytes,
    is_shortened: bool = False,
) -> SealedUpload:
    """Seal a file into a blob of its own, piece by piece.

    Args:
        name: as it is kept.
        whole: id, 16 bytes, of what the file belongs to.
    """
    file_id, digest = os.urandom(ID_BYTES), hashlib.sha256()
    with blobs().create() as blob:
        writer = ContainerWriter(blob, data_key, ContainerId(whole, file_id))
        for piece in pieces:
            digest.update(piece)
            writer.write(piece)
        writer.close()
    return SealedUpload(
        file_id=file_id,
        name=name,
        is_shortened=is_shortened,
        content_type=content_type,
        size_bytes=writer.plain_bytes,
        sealed_bytes=blob.size_bytes,
        blob=blob.name,
        sha256=digest.digest(),
    )


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


class FilesInput(forms.FileInput):
    """A control for any number of files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """Return everything that came under the name."""
        found: list[Any] = files.getlist(name)
        return found


class SealedFilesField(forms.Field):
    """Files that arrived sealed; says beside the field why they were refused."""

    widget = FilesInput
    default_error_messages = {"required": _("Choose at least one file.")}

    def clean(self, value: list[SealedUpload | RefusedUpload]) -> list[SealedUpload]:
        """Return the files, or say why none were taken."""
        for upload in value:
            if isinstance(upload, RefusedUpload):
                raise ValidationError(str(upload.refusal), code=type(upload.refusal).__name__)
        self.validate(value)
        return [upload for upload in value if isinstance(upload, SealedUpload)]


def _close_all(files: MultiValueDict[str, Any]) -> None:
    for _name, uploads in files.lists():
        for upload in uploads:
            upload.close()
