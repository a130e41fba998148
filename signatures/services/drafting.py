"""The drafts of signature requests: kept, found, shown in the list of drafts of every kind.

Source: docs/decisions/0070-composing-requests.md
"""

import uuid
from collections.abc import Sequence
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.uploads import SealedUpload
from messaging.items.errors import DraftMissing
from messaging.items.kinds import ShownDraft
from messaging.items.models import Draft
from messaging.items.services import drafting
from messaging.items.services.draft_sealing import OpenDraft, Seed, open_draft
from signatures.choices import KIND
from signatures.drafts import Begun, KeptPaper, begun_of


def find_draft(*, owner: User, form_key: uuid.UUID) -> OpenDraft | None:
    """Return the draft of a request; None where there is none, or where nothing opens it any more."""
    return drafting.find_draft(kind=KIND, owner=owner, form_key=form_key)


def keep_draft(
    *,
    owner: User,
    form_key: uuid.UUID,
    version: int,
    begun: Begun,
    seed: Seed | None = None,
    added: Sequence[tuple[SealedUpload, KeptPaper]] = (),
    removed: Sequence[str] = (),
    shown: Sequence[str] | None = None,
) -> OpenDraft:
    """Write down what is being prepared, under the version the window knows.

    Args:
        seed: under which the added documents were sealed, where there was no draft yet.
        added: documents as they are presented; they stand behind the others.
        removed: ids of files of documents to be taken off, with the zones on them.
        shown: ids of files of the documents that the window lists; None for one that lists none.

    Raises:
        AlreadySent, DraftChanged, DraftMissing, StorageFull: as in `messaging/items/services/drafting.py`.
    """
    left = begun.without_papers(removed)
    papers = (*left.kept_papers, *(kept for _upload, kept in added))
    return drafting.keep_draft(
        kind=KIND,
        owner=owner,
        form_key=form_key,
        version=version,
        content=replace(left, kept_papers=papers).as_content(),
        seed=seed,
        added=[upload for upload, _kept in added],
        removed=removed,
        shown=shown,
    )


def show_draft(row: Draft) -> ShownDraft | None:
    """Return what a list shows of a draft; None for one whose key is gone."""
    try:
        begun = begun_of(open_draft(row, kind=KIND))
    except DraftMissing:
        return None
    return ShownDraft(
        url=reverse("signatures:draft_edit", args=[row.form_key]),
        delete_url=reverse("signatures:draft_delete", args=[row.form_key]),
        subject=begun.texts.get("title", ""),
        people=[signer.email or signer.name for signer in begun.rows],
        label=_("Signature request"),
    )
