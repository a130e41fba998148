"""The manifest of a whole: its subject, its text and its files. File names and subjects are content, so it is sealed.

Source: docs/decisions/0028-containers.md
"""

import io
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from core.crypto.container import ContainerId, ContainerReader, ContainerWriter
from core.crypto.sealing import SealBroken
from core.crypto.secret import Secret

VERSION = 1
MANIFEST_FILE = bytes(16)
MANIFEST_CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a whole.

    Args:
        file_id: hexadecimal, names its container.
        plain_bytes: size before sealing.
        sha256: hexadecimal digest of its content.
    """

    file_id: str
    name: str
    content_type: str
    plain_bytes: int
    sha256: str

    @property
    def file_uuid(self) -> uuid.UUID:
        """Its id as addresses and rows know it."""
        return uuid.UUID(self.file_id)

    @property
    def container_file(self) -> bytes:
        """The 16 bytes that name it in its container."""
        return self.file_uuid.bytes


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a whole says and holds.

    Args:
        product: what the product keeps with it, as JSON values; sealed and proven like the rest.
    """

    subject: str
    body: str
    files: Sequence[FileEntry] = field(default_factory=tuple)
    product: Mapping[str, object] = field(default_factory=dict)

    @property
    def plain_bytes(self) -> int:
        """How many bytes its text and its files have before sealing."""
        return len(self.body.encode()) + sum(entry.plain_bytes for entry in self.files)

    def file(self, file_id: str) -> FileEntry | None:
        """Return one of the files, or None."""
        return next((entry for entry in self.files if entry.file_id == file_id), None)


def seal_manifest(manifest: Manifest, *, data_key: Secret, whole_id: uuid.UUID) -> bytes:
    """Return a manifest as a container."""
    sink = io.BytesIO()
    writer = ContainerWriter(sink, data_key, _name(whole_id), chunk_bytes=MANIFEST_CHUNK_BYTES)
    writer.write(json.dumps({"version": VERSION, **asdict(manifest)}, ensure_ascii=False).encode())
    writer.close()
    return sink.getvalue()


def open_manifest(sealed: bytes, *, data_key: Secret, whole_id: uuid.UUID) -> Manifest:
    """Return a sealed manifest.

    Raises:
        SealBroken: another key or whole, changed bytes, or an unknown version.
    """
    reader = ContainerReader(io.BytesIO(sealed), data_key, _name(whole_id))
    values = json.loads(b"".join(map(bytes, reader.read())))
    if values.pop("version", None) != VERSION:
        raise SealBroken
    files = tuple(FileEntry(**entry) for entry in values.pop("files"))
    return Manifest(**values, files=files)


def _name(whole_id: uuid.UUID) -> ContainerId:
    return ContainerId(whole=whole_id.bytes, file=MANIFEST_FILE)
