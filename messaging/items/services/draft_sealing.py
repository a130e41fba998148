"""Seal what a draft holds, and its data key under the key of a day; move the keys of all drafts from day to day.

Source: docs/decisions/0040-drafts.md
"""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial

from django.core.exceptions import ImproperlyConfigured

from core import keys
from core.crypto.links import new_secret
from core.crypto.sealing import SealBroken, seal, unseal
from core.crypto.secret import Secret
from core.db import database_now
from core.steps import take_each
from messaging.items.errors import DraftMissing, DraftTooLarge
from messaging.items.kinds import kind_of
from messaging.items.limits import DRAFT_MOST_BYTES, DRAFTS_A_ROUND
from messaging.items.manifests import FileEntry, Manifest, open_manifest, seal_manifest
from messaging.items.models import Draft

Content = Mapping[str, object]
"""What the product keeps in a draft, as JSON values: what was typed, as far as it is kept."""


@dataclass(frozen=True, slots=True)
class Seed:
    """The whole and the data key that a draft begins with; files that came with its first form are sealed under it."""

    whole_id: uuid.UUID = field(default_factory=uuid.uuid4)
    data_key: Secret = field(default_factory=new_secret, repr=False)


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft that was unsealed for its owner.

    Args:
        content: what was typed.
        files: what was attached.
    """

    row: Draft
    data_key: Secret = field(repr=False)
    content: Content = field(repr=False)
    files: tuple[FileEntry, ...] = field(default=(), repr=False)

    @property
    def seed(self) -> Seed:
        """Under which more files for this draft are sealed."""
        return Seed(self.row.whole_id, self.data_key)


def open_draft(row: Draft, *, kind: str) -> OpenDraft:
    """Return what a draft of a kind holds.

    Raises:
        DraftMissing: the key it was sealed under is gone, or it is of another kind.
    """
    try:
        key = unseal(keys.daily(row.key_sealed_on), bytes(row.key_sealed), place=_place(kind, row.whole_id))
        manifest = open_manifest(bytes(row.sealed), data_key=Secret(key), whole_id=row.whole_id)
    except (SealBroken, ImproperlyConfigured):
        raise DraftMissing from None
    return OpenDraft(row, Secret(key), manifest.product, tuple(manifest.files))


def as_kept(content: Content) -> Content:
    """Return what a draft gives back for a content: its JSON values.

    Raises:
        DraftTooLarge: it is longer than a draft may be.
    """
    text = json.dumps(content, ensure_ascii=False)
    if len(text.encode()) > DRAFT_MOST_BYTES:
        raise DraftTooLarge
    kept: dict[str, object] = json.loads(text)
    return kept


def seal_into(row: Draft, *, data_key: Secret, content: Content, files: Sequence[FileEntry]) -> None:
    """Put a content on a draft's row, sealed, and its data key under today's key; the caller saves."""
    manifest = Manifest(subject="", body="", files=files, product=content)
    row.sealed = seal_manifest(manifest, data_key=data_key, whole_id=row.whole_id)
    # Whenever it was changed: the key of a day that is over may be destroyed already.
    row.key_sealed_on = database_now().astimezone(UTC).date()
    place = _place(row.kind, row.whole_id)
    row.key_sealed = seal(keys.daily(row.key_sealed_on), data_key.reveal(), place=place)


def seal_keys_anew(now: datetime) -> None:
    """Move the data keys of all living drafts under today's key: right after it the worker destroys old ones."""
    take_each(partial(_seal_key_anew, now=now), _sealed_before(now.astimezone(UTC).date()))


def _sealed_before(day: date) -> Iterator[Draft]:
    """Yield the drafts whose data key is sealed under the key of an older day."""
    waiting = Draft.objects.filter(key_sealed_on__lt=day).order_by("pk")
    done = 0
    while rows := list(waiting.filter(pk__gt=done)[:DRAFTS_A_ROUND]):
        yield from rows
        done = rows[-1].pk


def _seal_key_anew(row: Draft, *, now: datetime) -> None:
    today, place = now.astimezone(UTC).date(), _place(row.kind, row.whole_id)
    try:
        key = unseal(keys.daily(row.key_sealed_on), bytes(row.key_sealed), place=place)
    except (SealBroken, ImproperlyConfigured):
        # Nothing opens it any more; it goes with the others that are too old.
        return
    sealed = seal(keys.daily(today), key, place=place)
    same = Draft.objects.filter(pk=row.pk, version=row.version, key_sealed_on=row.key_sealed_on)
    same.update(key_sealed=sealed, key_sealed_on=today)


def _place(kind: str, whole_id: uuid.UUID) -> str:
    return f"{kind_of(kind).draft_place}:key:{whole_id}"
