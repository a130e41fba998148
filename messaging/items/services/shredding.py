"""Destroy content for good: keys in the transaction of the act, files by a job right after it.

Source: docs/decisions/0028-containers.md; NIST SP 800-88 (cryptographic erase)
"""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import QuerySet

from core import jobs
from core.blobs import blobs
from messaging.items.choices import LinkEnd
from messaging.items.models import Blob, Content, Item, Link, LinkCheck, OpenSession, Return

FILES_KIND = "items-destroy-files"
ITEMS_A_ROUND = 200


def end_links(links: QuerySet[Link], *, at: datetime, why: LinkEnd) -> None:
    """Take from links all that opens something; recognizers and emptied sessions stay, to tell the right person why."""
    living = links.filter(ended_at=None)
    ending = list(living.values_list("pk", flat=True))
    OpenSession.objects.filter(link__in=ending).update(secret_sealed=b"")
    LinkCheck.objects.filter(link__in=ending).exclude(browsers="").update(browsers="")
    living.update(wrap=None, gate_key_sealed=None, ended_at=at, ended_by=why)


def shred_item(item: Item, *, at: datetime, why: LinkEnd) -> None:
    """Destroy an item's content in the caller's transaction: links, copy, label, texts; files follow by a job."""
    end_links(Link.objects.filter(participant__item=item), at=at, why=why)
    Item.objects.filter(pk=item.pk).update(copy_box=None, label_sealed=None, shredded_at=at)
    forget_whole(item.whole_id)


def shred_return(returned: Return, *, at: datetime) -> bool:
    """Destroy what came back, in the caller's transaction; tell whether this call did it."""
    kept = Return.objects.filter(pk=returned.pk, shredded_at=None)
    if not kept.update(box=None, body_digest=None, shredded_at=at):
        return False
    forget_whole(returned.whole_id)
    return True


def forget_whole(whole_id: uuid.UUID) -> None:
    """Delete the sealed texts of a whole, and leave a job that deletes its files."""
    Content.objects.filter(whole_id=whole_id).delete()
    _forget_blobs(Blob.objects.filter(whole_id=whole_id))


def forget_files(whole_id: uuid.UUID, file_ids: Collection[uuid.UUID]) -> None:
    """Delete some files of a whole, in the caller's transaction."""
    _forget_blobs(Blob.objects.filter(whole_id=whole_id, file_id__in=file_ids))


def _forget_blobs(found: QuerySet[Blob]) -> None:
    names = list(found.values_list("name", flat=True))
    if names:
        jobs.enqueue(kind=FILES_KIND, payload={"names": names})
        Blob.objects.filter(name__in=names).delete()


@jobs.handler(FILES_KIND)
def destroy_files(payload: jobs.Payload, *, attempt: int, job_key: uuid.UUID, unknown_since: datetime | None) -> None:
    """Delete sealed files; one that is gone already is no error."""
    names = payload["names"]
    for name in names if isinstance(names, Iterable) else ():
        blobs().delete(str(name))
