"""The drafts of messages: what was typed, by the name of its field, and the files that go along.

Source: docs/decisions/0040-drafts.md
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import cast

from accounts.models import User
from core.uploads import SealedUpload
from messaging.items.models import Draft
from messaging.items.services import draft_sealing, drafting
from messaging.items.services.draft_sealing import OpenDraft, Seed
from messaging.messages.choices import KIND
from messaging.messages.typed import first_of

Fields = Mapping[str, Sequence[str]]
"""What was typed, by the name of its field, as a browser sends it."""

FIELDS = "fields"


class MessageDraft(OpenDraft):
    """A message's draft that was unsealed for its owner."""

    __slots__ = ()

    @property
    def fields(self) -> Fields:
        """What was typed."""
        return cast(Fields, self.content[FIELDS])

    def first(self, name: str) -> str:
        """Return what was typed into a field, or nothing."""
        return first_of(self.fields, name)


def keep_draft(
    *,
    owner: User,
    form_key: uuid.UUID,
    version: int,
    fields: Fields,
    seed: Seed | None = None,
    added: Sequence[SealedUpload] = (),
    removed: Collection[str] = (),
    shown: Collection[str] | None = None,
    at: datetime | None = None,
) -> MessageDraft:
    """Write down what a composer shows, under the version it was drawn with.

    Args:
        fields: all that was typed; a form's limit holds its length.

    Raises:
        AlreadySent, DraftChanged, DraftMissing, StorageFull: as in `messaging/items/services/drafting.py`, where the
            other arguments are explained too.
    """
    draft = drafting.keep_draft(
        kind=KIND,
        owner=owner,
        form_key=form_key,
        version=version,
        content={FIELDS: {name: list(values) for name, values in fields.items()}},
        seed=seed,
        added=added,
        removed=removed,
        shown=shown,
        at=at,
    )
    return _of_message(draft)


def open_draft(row: Draft) -> MessageDraft:
    """Return what a message's draft holds.

    Raises:
        DraftMissing: the key it was sealed under is gone, or it is no message's.
    """
    return _of_message(draft_sealing.open_draft(row, kind=KIND))


def find_draft(*, owner: User, form_key: uuid.UUID) -> MessageDraft | None:
    """Return what a message's draft holds; None where there is none, or where nothing opens it any more."""
    draft = drafting.find_draft(kind=KIND, owner=owner, form_key=form_key)
    return _of_message(draft) if draft is not None else None


def take_draft(*, owner: User, form_key: uuid.UUID, version: int) -> MessageDraft:
    """Take a draft out of the table for the message it becomes, in the caller's transaction; its files stay.

    Raises:
        AlreadySent: it became one before.
        DraftChanged: another window has changed it.
        DraftMissing: it was deleted, or is no message's.
    """
    return _of_message(drafting.take_draft(kind=KIND, owner=owner, form_key=form_key, version=version))


def _of_message(draft: OpenDraft) -> MessageDraft:
    return MessageDraft(draft.row, draft.data_key, draft.content, draft.files)
