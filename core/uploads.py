"""Files that came with a form: what each has become, what may come, and what a form makes of them.

How a form with files is read, and sealed while it arrives, is in `core.form_readers`.
Source: docs/decisions/0034-files-in-and-out.md
"""

import hashlib
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.blobs import blobs
from core.crypto.container import ID_BYTES, ContainerId, ContainerWriter
from core.crypto.secret import Secret
from core.errors import FilesRefused, FilesTooLarge


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
