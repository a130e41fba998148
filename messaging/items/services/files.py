"""Files of a whole on their way out: to a person outside, or to the owner of a copy or of what came back."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from accounts.visitors import Visitor
from core import throttle
from core.crypto.container import ContainerId
from core.crypto.secret import Secret
from core.db import database_now
from core.downloads import SealedFile
from messaging.items import limits
from messaging.items.errors import ContentDamaged
from messaging.items.events.actors import Actor, outsider, owner
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.manifests import FileEntry
from messaging.items.models import Blob, Item, Participant, Return
from messaging.items.services.visiting import Visit


def sealed_files(entries: Sequence[FileEntry], *, whole_id: uuid.UUID, data_key: Secret) -> list[SealedFile]:
    """Return files of a whole as they can be given out, in the order of the entries.

    Raises:
        ContentDamaged: one of them is not kept any more.
    """
    names = dict(Blob.objects.filter(whole_id=whole_id).values_list("file_id", "name"))
    try:
        return [
            SealedFile(
                blob=names[entry.file_uuid],
                data_key=data_key,
                container=ContainerId(whole=whole_id.bytes, file=entry.container_file),
                name=entry.name,
                content_type=entry.content_type,
                size_bytes=entry.plain_bytes,
            )
            for entry in entries
        ]
    except KeyError:
        raise ContentDamaged from None


def note_downloads(visit: Visit, entries: Sequence[FileEntry], *, visitor: Visitor, at: datetime | None = None) -> None:
    """Write down which files an opening fetched: each once, in however many parts it comes.

    Args:
        at: aware instant; None for now.
    """
    at, participant, facts = at or database_now(), visit.participant, dict[str, object](link=visit.link.number)
    # The digest is the same for every opening of this browser; the instant of its proof tells them apart.
    opening = f"{bytes(visit.session.digest).hex()}:{visit.session.opened_at}"
    for entry in _not_noted(entries, by=opening, at=at):
        _note(visit.item, participant, entry, facts, outsider(participant, visitor), at)


def note_return_downloads(returned: Return, entries: Sequence[FileEntry], *, visitor: Visitor) -> None:
    """Write down which files of a return its owner fetched."""
    at, facts = database_now(), dict[str, object]({"return": returned.whole_id})
    for entry in _not_noted(entries, by=f"return:{returned.pk}", at=at):
        _note(returned.item, returned.participant, entry, facts, owner(returned.owner, visitor), at)


def note_copy_downloads(item: Item, entries: Sequence[FileEntry], *, visitor: Visitor) -> None:
    """Write down which files of the kept copy the sender fetched; such an event is about nobody outside."""
    at = database_now()
    for entry in _not_noted(entries, by=f"copy:{item.pk}", at=at):
        _note(item, None, entry, {}, owner(item.sender, visitor), at)


def _not_noted(entries: Sequence[FileEntry], *, by: str, at: datetime) -> list[FileEntry]:
    return [entry for entry in entries if throttle.count(limits.DOWNLOAD_NOTED, f"{by}:{entry.file_id}", at=at)]


def _note(
    item: Item, participant: Participant | None, entry: FileEntry, facts: dict[str, object], actor: Actor, at: datetime
) -> None:
    facts = {**facts, "file": entry.file_uuid, "size_bytes": entry.plain_bytes}
    record(kind=EventKind.FILE_DOWNLOADED, item=item, participant=participant, facts=facts, at=at, **actor)
