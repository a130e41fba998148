"""What a request presents to its signers, read from what every item keeps: who signs, which documents, their bytes."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence

from core.crypto.sealing import SealBroken
from core.crypto.secret import Secret
from core.downloads import SealedFile, read_whole
from messaging.items.errors import ContentDamaged
from messaging.items.manifests import FileEntry, Manifest, open_manifest
from messaging.items.models import Content, Item
from messaging.items.services.files import sealed_files
from signatures.papers import Paper
from signatures.preparation import Preparation
from signatures.request_errors import ZonesRefused


def preparation_of(manifest: Manifest) -> Preparation:
    """Return what the requester has decided.

    Raises:
        ContentDamaged: the manifest opens and keeps something else.
    """
    try:
        return Preparation.from_product(manifest.product)
    except (KeyError, TypeError, ValueError, ZonesRefused):
        raise ContentDamaged from None


def paper_files(manifest: Manifest, papers: tuple[Paper, ...], *, item: Item, data_key: Secret) -> list[SealedFile]:
    """Return the documents as they can be given out, in their order.

    Raises:
        ContentDamaged: one of them is not kept any more.
    """
    by_id: Mapping[str, FileEntry] = {entry.file_id: entry for entry in manifest.files}
    try:
        entries = [by_id[paper.file_id] for paper in papers]
    except KeyError:
        raise ContentDamaged from None
    return sealed_files(entries, whole_id=item.whole_id, data_key=data_key)


def source_of(file: SealedFile, paper: Paper) -> bytes:
    """Return a document as it is presented.

    Raises:
        ContentDamaged: it is not what was prepared.
        FileUnreadable: it is gone, or does not open as it was sealed.
    """
    source = read_whole(file)
    if hashlib.sha256(source).hexdigest() != paper.sha256:
        raise ContentDamaged
    return source


def digests_of(preparation: Preparation) -> list[bytes]:
    """Return the SHA-256 digests of the documents as they are presented, 32 bytes each."""
    return [bytes.fromhex(paper.sha256) for paper in preparation.papers]


def sealed_entries(whole_id: uuid.UUID | None, *, data_key: Secret) -> Sequence[FileEntry]:
    """Return the sealed documents of a completed request, in the order of those that were presented.

    Args:
        whole_id: of the request's row; None where nothing is sealed yet.
        data_key: of the request; its owner's copy is kept under it.

    Raises:
        ContentDamaged: they are not kept any more, or do not open as they were sealed.
    """
    content = Content.objects.filter(whole_id=whole_id).first() if whole_id else None
    if content is None or whole_id is None:
        raise ContentDamaged
    try:
        return open_manifest(bytes(content.sealed), data_key=data_key, whole_id=whole_id).files
    except SealBroken:
        raise ContentDamaged from None
