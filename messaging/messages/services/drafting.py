"""Keep what was begun and not sent: sealed, in one place for all windows, for thirty days after the last change.

Source: docs/decisions/0040-drafts.md
"""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import cast

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from accounts.models import User
from core import keys
from core.crypto.links import new_secret
from core.crypto.sealing import SealBroken, seal, unseal
from core.crypto.secret import Secret
from core.db import database_now
from core.steps import take_each
from core.uploads import SealedUpload
from messaging.items.errors import AlreadySent
from messaging.items.manifests import FileEntry, Manifest, open_manifest, seal_manifest
from messaging.items.models import Blob, Item
from messaging.items.services.arriving import entry_of, keep_uploads
from messaging.items.services.shredding import forget_files, forget_whole
from messaging.items.services.storing import require_room
from messaging.messages.errors import DraftChanged, DraftMissing
from messaging.messages.limits import DRAFT_KEPT_DAYS, DRAFTS_A_ROUND
from messaging.messages.models import Draft

Fields = Mapping[str, Sequence[str]]
"""What was typed, by the name of its field, as a browser sends it."""

FIELDS = "fields"


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft that was unsealed for its owner.

    Args:
        fields: what was typed.
        files: what was attached.
    """

    row: Draft
    data_key: Secret = field(repr=False)
    fields: Fields = field(repr=False)
    files: tuple[FileEntry, ...] = field(default=(), repr=False)

    def first(self, name: str) -> str:
        """Return what was typed into a field, or nothing."""
        return next(iter(self.fields.get(name, ())), "")


@dataclass(frozen=True, slots=True)
class Seed:
    """The whole and the data key that a draft begins with; files that came with its first form are sealed under it."""

    whole_id: uuid.UUID = field(default_factory=uuid.uuid4)
    data_key: Secret = field(default_factory=new_secret, repr=False)


def keep_draft(
    *,
    owner: User,
    form_key: uuid.UUID,
    version: int,
    fields: Fields,
    seed: Seed | None = None,
    added: Sequence[SealedUpload] = (),
    removed: Collection[str] = (),
    at: datetime | None = None,
) -> OpenDraft:
    """Write down what a composer shows, under the version it was drawn with.

    The same content sent twice is no conflict. What stands in the draft is shown by its newest version in every window.

    Args:
        version: that the window knows; 0 where it knows of none.
        seed: under which the added files were sealed, where there was no draft yet.
        removed: ids of files to be taken off.
        at: aware instant of the change; None for now.

    Raises:
        AlreadySent: the form was sent; a late window does not bring the draft back.
        DraftChanged: another window has changed it, or begun it with other files.
        DraftMissing: another window deletes it at this moment.
        StorageFull: the added files have more bytes than may still be kept for the owner; nothing was written.
    """
    with transaction.atomic():
        now = at or database_now()
        draft = _held(owner, form_key, seed or Seed(), now)
        left = tuple(entry for entry in draft.files if entry.file_id not in removed)
        files = (*left, *map(entry_of, added))
        if draft.row.version and files == draft.files and _plain(fields) == _plain(draft.fields):
            return draft
        _refuse_other(draft.row, version=version, seed=seed if added else None)
        forget_files(draft.row.whole_id, [uuid.UUID(entry.file_id) for entry in draft.files if entry not in left])
        _add_files(draft.row, added, owner, now)
        return _write(draft, fields, files, now)


def open_draft(row: Draft) -> OpenDraft:
    """Return what a draft holds.

    Raises:
        DraftMissing: the key it was sealed under is gone.
    """
    try:
        key = unseal(keys.daily(row.key_sealed_on), bytes(row.key_sealed), place=_place(row))
        manifest = open_manifest(bytes(row.sealed), data_key=Secret(key), whole_id=row.whole_id)
    except (SealBroken, ImproperlyConfigured):
        raise DraftMissing from None
    fields = cast(Fields, manifest.product[FIELDS])
    return OpenDraft(row, Secret(key), fields, tuple(manifest.files))


def drop_draft(*, owner: User, form_key: uuid.UUID) -> bool:
    """Delete a draft with its files, and tell whether there was one."""
    with transaction.atomic():
        row = Draft.objects.select_for_update().filter(owner=owner, form_key=form_key).first()
        if row is None:
            return False
        _drop(row)
    return True


def take_draft(*, owner: User, form_key: uuid.UUID, version: int) -> OpenDraft:
    """Take a draft out of the table for the message it becomes, in the caller's transaction; its files stay.

    Raises:
        AlreadySent: it became one before.
        DraftChanged: another window has changed it.
        DraftMissing: it was deleted.
    """
    draft = _locked(owner, form_key)
    _refuse_sent(owner, form_key)
    if draft is None:
        raise DraftMissing
    if draft.row.version != version:
        raise DraftChanged(draft.row.version)
    Draft.objects.filter(pk=draft.row.pk).delete()
    return draft


def seal_keys_anew(now: datetime) -> None:
    """Move the data keys of all living drafts under today's key: right after it the worker destroys old ones."""
    take_each(partial(_seal_key_anew, now=now), _sealed_before(now.astimezone(UTC).date()))


def drop_old_drafts(now: datetime) -> None:
    """Delete what was not changed for as long as drafts are kept."""
    changed_before = now - timedelta(days=DRAFT_KEPT_DAYS)
    old = Draft.objects.filter(changed_at__lt=changed_before).order_by("changed_at", "pk")
    take_each(partial(_drop_old, changed_before=changed_before), old[:DRAFTS_A_ROUND])


def _locked(owner: User, form_key: uuid.UUID) -> OpenDraft | None:
    row = Draft.objects.select_for_update().filter(owner=owner, form_key=form_key).first()
    return open_draft(row) if row is not None else None


def _begin(owner: User, form_key: uuid.UUID, seed: Seed, now: datetime) -> OpenDraft | None:
    """Insert an empty draft; of two windows that begin it at once one waits for the other, and finds its row.

    Returns:
        None where the row was taken away again at the same moment.
    """
    row = Draft(owner=owner, form_key=form_key, whole_id=seed.whole_id, version=0, changed_at=now)
    _seal_into(OpenDraft(row, seed.data_key, {}), {}, ())
    Draft.objects.bulk_create([row], ignore_conflicts=True)
    return _locked(owner, form_key)


def _held(owner: User, form_key: uuid.UUID, seed: Seed, now: datetime) -> OpenDraft:
    """Return a draft that no other window writes meanwhile, begun where there was none.

    Raises:
        AlreadySent, DraftMissing: as `keep_draft`.
    """
    draft = _locked(owner, form_key) or _begin(owner, form_key, seed, now)
    # Asked while the row is held: whoever sends it at this moment is waited for, and then seen.
    _refuse_sent(owner, form_key)
    if draft is None:
        raise DraftMissing
    return draft


def _refuse_other(row: Draft, *, version: int, seed: Seed | None) -> None:
    """Refuse to write over what a window has not seen, and files sealed for another beginning of the same form.

    Args:
        seed: under which files were sealed that came with the form; None where none came.
    """
    is_seen = row.version in (0, version)
    if not is_seen or (seed is not None and seed.whole_id != row.whole_id):
        raise DraftChanged(row.version)


def _refuse_sent(owner: User, form_key: uuid.UUID) -> None:
    sent = Item.objects.filter(sender=owner, form_key=form_key).first()
    if sent is not None:
        raise AlreadySent(sent.reference)


def _write(draft: OpenDraft, fields: Fields, files: tuple[FileEntry, ...], now: datetime) -> OpenDraft:
    row = draft.row
    row.version += 1
    row.changed_at = now
    _seal_into(draft, fields, files)
    row.save(update_fields=["version", "changed_at", "sealed", "key_sealed", "key_sealed_on"])
    kept_until = now + timedelta(days=DRAFT_KEPT_DAYS)
    Blob.objects.filter(whole_id=row.whole_id).update(kept_until=kept_until)
    return OpenDraft(row, draft.data_key, dict(fields), files)


def _seal_into(draft: OpenDraft, fields: Fields, files: tuple[FileEntry, ...]) -> None:
    row = draft.row
    manifest = Manifest(subject="", body="", files=files, product={FIELDS: _plain(fields)})
    row.sealed = seal_manifest(manifest, data_key=draft.data_key, whole_id=row.whole_id)
    # Whenever it was changed: the key of a day that is over may be destroyed already.
    row.key_sealed_on = database_now().astimezone(UTC).date()
    row.key_sealed = seal(keys.daily(row.key_sealed_on), draft.data_key.reveal(), place=_place(row))


def _sealed_before(day: date) -> Iterator[Draft]:
    """Yield the drafts whose data key is sealed under the key of an older day."""
    waiting = Draft.objects.filter(key_sealed_on__lt=day).order_by("pk")
    done = 0
    while rows := list(waiting.filter(pk__gt=done)[:DRAFTS_A_ROUND]):
        yield from rows
        done = rows[-1].pk


def _seal_key_anew(row: Draft, *, now: datetime) -> None:
    today = now.astimezone(UTC).date()
    try:
        key = unseal(keys.daily(row.key_sealed_on), bytes(row.key_sealed), place=_place(row))
    except (SealBroken, ImproperlyConfigured):
        # Nothing opens it any more; it goes with the others that are too old.
        return
    sealed = seal(keys.daily(today), key, place=_place(row))
    same = Draft.objects.filter(pk=row.pk, version=row.version, key_sealed_on=row.key_sealed_on)
    same.update(key_sealed=sealed, key_sealed_on=today)


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


def _plain(fields: Fields) -> dict[str, list[str]]:
    return {name: list(values) for name, values in fields.items()}


def _place(row: Draft) -> str:
    return f"secure_messages_draft:key:{row.whole_id}"
