"""The list of what came back: unread first, then newest, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from messaging.items.access import returns_of
from messaging.items.models import Return
from messaging.items.services.account_keys import Label, account_key_of, labels_of, sealed_labels
from messaging.messages.paging import Place, page_behind, place_of

ROWS_A_PAGE = 50
UNREAD, READ = "unread", "read"


@dataclass(frozen=True, slots=True)
class Row:
    """One return as the list shows it.

    Args:
        subject: of what it answers; empty where no copy of that was kept, or it is gone.
    """

    returned: Return
    subject: str

    @property
    def who(self) -> str:
        """Name or address of who sent it."""
        return self.returned.participant.name or self.returned.participant.email


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list, and what the address of the next one says; empty at the end."""

    rows: list[Row]
    next: str


def page_of_received(reader: User, *, is_done: bool, after: str) -> Page:
    """Return a page of what came back to a person and has not ended.

    Args:
        is_done: those put away, newest first; else those that wait, unread first.
        after: where the page before ended; anything else begins at the top.
    """
    kept = returns_of(reader).filter(done_at__isnull=not is_done)
    kept = kept.select_related("item", "participant")
    part, _, where = after.partition(":")
    seen = kept if is_done else kept.exclude(read_at=None)
    found: list[Return] = []
    if not is_done and part != READ:
        found, behind = _part(kept.filter(read_at=None), place_of(where), ROWS_A_PAGE)
        if behind:
            return Page(_rows(reader, found), f"{UNREAD}:{behind}")
        if len(found) == ROWS_A_PAGE:
            return Page(_rows(reader, found), f"{READ}:" if seen.exists() else "")
        where = ""
    more, behind = _part(seen, place_of(where), ROWS_A_PAGE - len(found))
    return Page(_rows(reader, [*found, *more]), f"{READ}:{behind}" if behind else "")


def _part(rows: QuerySet[Return], place: Place | None, length: int) -> tuple[list[Return], Place | None]:
    found, behind = page_behind(rows, place, instant="arrived_at", length=length)
    return list(found), behind


def _rows(reader: User, found: Sequence[Return]) -> list[Row]:
    sealed = sealed_labels(returned.item for returned in found)
    labels: Mapping[UUID, Label] = labels_of(account_key_of(reader), sealed) if sealed else {}
    return [Row(returned, getattr(labels.get(returned.item.whole_id), "subject", "")) for returned in found]
