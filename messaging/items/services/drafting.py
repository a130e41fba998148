"""Keep what was begun and not sent: sealed, in one place for all windows, for thirty days after the last change.

Each kind of item has drafts of its own; one is not found, opened or taken as another kind's.
Source: docs/decisions/0040-drafts.md
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from core.db import database_now
from core.steps import take_each
from core.uploads import SealedUpload
from messaging.items.access import draft_of
from messaging.items.errors import DraftChanged, DraftMissing
from messaging.items.limits import DRAFT_KEPT_DAYS, DRAFTS_A_ROUND
from messaging.items.manifests import FileEntry
from messaging.items.models import Blob, Draft
from messaging.items.services.arriving import entry_of, keep_uploads
from messaging.items.services.creating import refuse_sent
from messaging.items.services.draft_sealing import Content, OpenDraft, Seed, as_kept, open_draft, seal_into
from messaging.items.services.shredding import forget_files, forget_whole
from messaging.items.services.storing import require_room


def keep_draft(
    *,
    kind: str,
    owner: User,
    form_key: uuid.UUID,
    version: int,
    content: Content,
    seed: Seed | None = None,
    added: Sequence[SealedUpload] = (),
    removed: Collection[str] = (),
    shown: Collection[str] | None = None,
    at: datetime | None = None,
) -> OpenDraft:
    """Write down what a composer shows, under the version it was drawn with.

    The same content sent twice, beside the same files, is no conflict.

    Args:
        kind: of the item it will be.
        version: that the window knows; 0 where it knows of none.
        content: all that was typed; it takes the place of what was kept before.
        seed: under which the added files were sealed, where there was no draft yet.
        added: files that came with the form; they stand behind the others.
        removed: ids of files to be taken off.
        shown: ids of the files that the window shows; None for a window that shows none of what it keeps.
        at: aware instant of the change; None for now.

    Raises:
        AlreadySent: the form was sent; a late window does not bring the draft back.
        DraftChanged: another window has changed it, or begun it with other files.
        DraftMissing: another window has deleted it, or the form is one of another kind.
        DraftTooLarge: the content is longer than a draft may be; nothing was written.
        StorageFull: the added files have more bytes than may still be kept for the owner; nothing was written.
    """
    kept = as_kept(content)
    with transaction.atomic():
        now = at or database_now()
        draft = _held(kind, owner, form_key, seed or Seed(), now, is_begun=version > 0)
        left = tuple(entry for entry in draft.files if entry.file_id not in removed)
        files = (*left, *map(entry_of, added))
        if draft.row.version and kept == draft.content and files == draft.files and _are_shown(files, shown, removed):
            return draft
        _refuse_other(draft.row, version=version, seed=seed if added else None)
        forget_files(draft.row.whole_id, [uuid.UUID(entry.file_id) for entry in draft.files if entry not in left])
        _add_files(draft.row, added, owner, now)
        return _write(replace(draft, content=kept, files=files), now)


def find_draft(*, kind: str, owner: User, form_key: uuid.UUID) -> OpenDraft | None:
    """Return what a draft holds; None where there is none, or where nothing opens it any more."""
    row = draft_of(owner, form_key, kind=kind)
    try:
        return open_draft(row, kind=kind) if row is not None else None
    except DraftMissing:
        return None


def drop_draft(*, kind: str, owner: User, form_key: uuid.UUID) -> bool:
    """Delete a draft with its files, and tell whether there was one."""
    with transaction.atomic():
        row = _rows(kind, owner, form_key).select_for_update().first()
        if row is None:
            return False
        _drop(row)
    return True


def take_draft(*, kind: str, owner: User, form_key: uuid.UUID, version: int) -> OpenDraft:
    """Take a draft out of the table for the item it becomes, in the caller's transaction; its files stay.

    Raises:
        AlreadySent: it became one before.
        DraftChanged: another window has changed it.
        DraftMissing: it was deleted, or is of another kind.
    """
    draft = _locked(kind, owner, form_key)
    refuse_sent(owner, form_key)
    if draft is None:
        raise DraftMissing
    if draft.row.version != version:
        raise DraftChanged(draft.row.version)
    Draft.objects.filter(pk=draft.row.pk).delete()
    return draft


def drop_old_drafts(now: datetime) -> None:
    """Delete what was not changed for as long as drafts are kept."""
    changed_before = now - timedelta(days=DRAFT_KEPT_DAYS)
    old = Draft.objects.filter(changed_at__lt=changed_before).order_by("changed_at", "pk")
    take_each(partial(_drop_old, changed_before=changed_before), old[:DRAFTS_A_ROUND])


def _rows(kind: str, owner: User, form_key: uuid.UUID) -> QuerySet[Draft]:
    return Draft.objects.filter(owner=owner, form_key=form_key, kind=kind)


def _locked(kind: str, owner: User, form_key: uuid.UUID) -> OpenDraft | None:
    row = _rows(kind, owner, form_key).select_for_update().first()
    return open_draft(row, kind=kind) if row is not None else None


def _begin(kind: str, owner: User, form_key: uuid.UUID, seed: Seed, now: datetime) -> OpenDraft | None:
    """Insert an empty draft; of two windows that begin it at once one waits for the other, and finds its row.

    Returns:
        None where the row was taken away again at the same moment, or the form has a draft of another kind.
    """
    row = Draft(kind=kind, owner=owner, form_key=form_key, whole_id=seed.whole_id, version=0, changed_at=now)
    seal_into(row, data_key=seed.data_key, content={}, files=())
    Draft.objects.bulk_create([row], ignore_conflicts=True)
    return _locked(kind, owner, form_key)


def _held(kind: str, owner: User, form_key: uuid.UUID, seed: Seed, now: datetime, *, is_begun: bool) -> OpenDraft:
    """Return a draft that no other window writes meanwhile, begun where there was none.

    Args:
        is_begun: the window knows a version of it. Where it is gone, somebody deleted it, and a late window
            does not bring it back without its files.

    Raises:
        AlreadySent, DraftMissing: as `keep_draft`.
    """
    draft = _locked(kind, owner, form_key)
    if draft is None and not is_begun:
        draft = _begin(kind, owner, form_key, seed, now)
    # Asked while the row is held: whoever sends it at this moment is waited for, and then seen.
    refuse_sent(owner, form_key)
    if draft is None:
        raise DraftMissing
    return draft


def _are_shown(files: Sequence[FileEntry], shown: Collection[str] | None, removed: Collection[str]) -> bool:
    """Tell whether a window shows these files, and no others than those it takes off."""
    return shown is None or {entry.file_id for entry in files} == {*shown} - {*removed}


def _refuse_other(row: Draft, *, version: int, seed: Seed | None) -> None:
    """Refuse to write over what a window has not seen, and files sealed for another beginning of the same form.

    Args:
        seed: under which files were sealed that came with the form; None where none came.
    """
    is_seen = row.version in (0, version)
    if not is_seen or (seed is not None and seed.whole_id != row.whole_id):
        raise DraftChanged(row.version)


def _write(draft: OpenDraft, now: datetime) -> OpenDraft:
    row = draft.row
    row.version += 1
    row.changed_at = now
    seal_into(row, data_key=draft.data_key, content=draft.content, files=draft.files)
    row.save(update_fields=["version", "changed_at", "sealed", "key_sealed", "key_sealed_on"])
    kept_until = now + timedelta(days=DRAFT_KEPT_DAYS)
    Blob.objects.filter(whole_id=row.whole_id).update(kept_until=kept_until)
    return draft


def _add_files(row: Draft, added: Sequence[SealedUpload], owner: User, now: datetime) -> None:
    """Keep files that came with the form, where their owner has room for them."""
    if added:
        require_room(owner=owner, more_bytes=sum(upload.size_bytes for upload in added))
        keep_uploads(added, whole_id=row.whole_id, kept_until=now + timedelta(days=DRAFT_KEPT_DAYS))


@transaction.atomic
def _drop_old(row: Draft, *, changed_before: datetime) -> None:
    # Somebody may go on writing at this moment.
    old = Draft.objects.select_for_update().filter(pk=row.pk, changed_at__lt=changed_before).first()
    if old is not None:
        _drop(old)


def _drop(row: Draft) -> None:
    forget_whole(row.whole_id)
    Draft.objects.filter(pk=row.pk).delete()
