"""Files that came with a form become files of a whole, and the whole gets its sealed texts."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from core.crypto.secret import Secret
from core.uploads import SealedUpload
from messaging.items.manifests import FileEntry, Manifest, seal_manifest
from messaging.items.models import Blob, Content


def keep_uploads(
    uploads: Sequence[SealedUpload], *, whole_id: uuid.UUID, kept_until: datetime | None = None
) -> list[FileEntry]:
    """Keep files in the caller's transaction, and return what a manifest says of each.

    Args:
        whole_id: names the whole under which they were sealed.
        kept_until: aware instant at which they go with their whole, where that is only a draft; else None.
    """
    Blob.objects.bulk_create(
        Blob(
            whole_id=whole_id,
            file_id=uuid.UUID(bytes=upload.file_id),
            name=upload.blob,
            plain_bytes=upload.size_bytes,
            sealed_bytes=upload.sealed_bytes,
            kept_until=kept_until,
        )
        for upload in uploads
    )
    for upload in uploads:
        upload.keep()
    return [entry_of(upload) for upload in uploads]


def keep_manifest(manifest: Manifest, *, whole_id: uuid.UUID, data_key: Secret) -> None:
    """Keep the sealed texts of a whole in the caller's transaction; its files stay with it from now on."""
    Content.objects.create(whole_id=whole_id, sealed=seal_manifest(manifest, data_key=data_key, whole_id=whole_id))
    Blob.objects.filter(whole_id=whole_id).update(kept_until=None)


def return_bytes(text: str, uploads: Sequence[SealedUpload]) -> int:
    """Return how many bytes a text and files are kept with."""
    return len(text.encode()) + sum(upload.size_bytes for upload in uploads)


def entry_of(upload: SealedUpload) -> FileEntry:
    """Return what a manifest says of a file."""
    return FileEntry(
        file_id=upload.file_id.hex(),
        name=upload.name,
        content_type=upload.content_type,
        plain_bytes=upload.size_bytes,
        sha256=upload.sha256.hex(),
    )
