"""The requests that somebody has begun and not sent, as the tracking page lists them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from messaging.activity.places import Turn, page_of
from messaging.items.errors import DraftMissing
from messaging.items.models import Draft
from messaging.items.services.draft_sealing import open_draft
from signatures.choices import KIND
from signatures.tracked import request_drafts

TEXTS, TITLE = "texts", "title"


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One draft of the list.

    Args:
        title: as typed so far.
        papers: names of the documents added so far.
        edit_url, delete_url: empty where requests cannot be composed here.
        is_lost: nothing opens it any more; it is dropped soon.
    """

    pk: int
    form_key: uuid.UUID
    changed_at: datetime
    title: str = ""
    papers: tuple[str, ...] = ()
    is_lost: bool = False
    edit_url: str = ""
    delete_url: str = ""


def drafts_page(owner: User, *, turn: Turn, length: int) -> tuple[list[DraftRow], Turn]:
    """Return one page of somebody's drafts, newest change first, and the ways on from it."""
    return page_of(request_drafts(owner), turn, instant="changed_at", length=length, read=_rows)


def _rows(drafts: QuerySet[Draft]) -> list[DraftRow]:
    return [_row(draft) for draft in drafts]


def _row(row: Draft) -> DraftRow:
    try:
        draft = open_draft(row, kind=KIND)
    except DraftMissing:
        return DraftRow(row.pk, row.form_key, row.changed_at, is_lost=True)
    texts = draft.content.get(TEXTS)
    return DraftRow(
        row.pk,
        row.form_key,
        row.changed_at,
        title=str(texts.get(TITLE, "")) if isinstance(texts, Mapping) else "",
        papers=tuple(entry.name for entry in draft.files),
        edit_url=_url("draft_edit", row),
        delete_url=_url("draft_delete", row),
    )


def _url(name: str, row: Draft) -> str:
    try:
        return reverse(f"signatures:{name}", args=[row.form_key])
    except NoReverseMatch:
        return ""
