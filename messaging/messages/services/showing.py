"""Drafts of messages as a list of drafts of every kind shows them."""

from django.urls import reverse

from messaging.items.errors import DraftMissing
from messaging.items.kinds import ShownDraft
from messaging.items.models import Draft
from messaging.messages.choices import SendKind
from messaging.messages.services.drafting import open_draft
from messaging.messages.typed import rows_of


def show_draft(row: Draft) -> ShownDraft | None:
    """Return what a list shows of a draft; None for one whose key is gone."""
    try:
        draft = open_draft(row)
    except DraftMissing:
        return None
    kind = draft.first("kind")
    return ShownDraft(
        url=reverse("messages:draft_edit", args=[row.form_key]),
        delete_url=reverse("messages:draft_delete", args=[row.form_key]),
        subject=draft.first("subject"),
        people=[typed.email for typed in rows_of(draft.fields) if not typed.is_empty],
        label=SendKind(kind).label if kind in SendKind.values else "",
    )
