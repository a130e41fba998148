"""The rows of somebody's log: which items are asked for, page by page.

A log that is filtered by its days alone is read by one fixed statement; for each other filter the ORM says which items
it means, so that each has one rule. Source: docs/decisions/0046-log.md
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import User, fold_email
from core.folding import folded
from messaging.activity.access.log_rows import Row, rows_of_items, rows_of_owner
from messaging.activity.places import Span, Stretch, Turn, page_of, turned, within
from messaging.items.access import items_of
from messaging.items.choices import State
from messaging.items.models import Item, Participant
from messaging.items.references import stored_reference
from messaging.items.states import items_in_state

ROWS_A_BATCH = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items of a log are asked for; what is empty or None asks nothing.

    Args:
        begins_at: aware instant of the earliest sending.
        ends_at: aware instant before which the latest was.
        kind: word of a registered kind.
        recipient: part of a name or an address.
        reference: part of one, in any case, with or without hyphens.
    """

    begins_at: datetime | None = None
    ends_at: datetime | None = None
    status: State | None = None
    kind: str = ""
    recipient: str = ""
    reference: str = ""

    @property
    def span(self) -> Span:
        """The instants between which the sendings lie."""
        all_time = Span()
        return Span(self.begins_at or all_time.begins_at, self.ends_at or all_time.ends_at)

    @property
    def is_all(self) -> bool:
        """Tell whether all items are asked for that were sent between the two ends."""
        return self.status is None and not (self.kind or self.recipient or self.reference)


def log_page(*, owner: User, wanted: Wanted, turn: Turn, length: int) -> tuple[list[Row], Turn]:
    """Return one page of somebody's log and the ways on from it; one query, however long the log is."""
    return _page(owner, wanted, timezone.now(), turn, length)


def log_rows(*, owner: User, wanted: Wanted, at: datetime) -> Iterator[Row]:
    """Yield all rows of somebody's log, newest first, read in batches; the caller holds a read transaction."""
    turn = Turn()
    while True:
        batch, turn = _page(owner, wanted, at, turn, ROWS_A_BATCH)
        yield from batch
        if turn.older_than is None:
            return
        turn = Turn(older_than=turn.older_than)


def has_more_than(rows: int, *, owner: User, wanted: Wanted) -> bool:
    """Tell whether a log has more than so many rows, without counting the rest."""
    items = within(items_wanted(owner, wanted, timezone.now()), "sent_at", wanted.span)
    return bool(items.order_by("-sent_at", "-pk").values_list("pk", flat=True)[rows : rows + 1])


def own_item(*, owner: User, reference: str) -> tuple[Item, Row]:
    """Return one item of a person and its row in the log, by its reference typed in any way.

    Raises:
        Http404: there is none, or it is somebody else's.
    """
    item = get_object_or_404(items_of(owner), reference=stored_reference(reference))
    item.sender = owner
    (row,) = rows_of_items(Item.objects.filter(pk=item.pk), owner=owner, at=timezone.now())
    return item, row


def items_wanted(owner: User, wanted: Wanted, at: datetime) -> QuerySet[Item]:
    """Return the items of a person that are asked for, of all time, as they stand at an aware instant; not sorted."""
    items = items_of(owner)
    if wanted.kind:
        items = items.filter(kind=wanted.kind)
    if wanted.reference:
        reference = stored_reference(wanted.reference)
        items = items.filter(reference__contains=reference) if reference else items.none()
    if wanted.recipient:
        in_name = Q(name_key__contains=folded(wanted.recipient) or wanted.recipient)
        in_address = Q(email_key__contains=fold_email(wanted.recipient))
        # Of a domain beyond ASCII a part is found only where it stands as it was typed.
        as_typed = Q(email__icontains=wanted.recipient.lower())
        items = items.filter(Exists(Participant.objects.filter(in_name | in_address | as_typed, item=OuterRef("pk"))))
    return items if wanted.status is None else items_in_state(items, wanted.status, at)


def _page(owner: User, wanted: Wanted, at: datetime, turn: Turn, length: int) -> tuple[list[Row], Turn]:
    if not wanted.is_all:
        read = partial(rows_of_items, owner=owner, at=at)
        items = items_wanted(owner, wanted, at)
        return page_of(items, turn, instant="sent_at", length=length, read=read, span=wanted.span)

    def read_next(stretch: Stretch, most: int) -> list[Row]:
        return rows_of_owner(stretch, wanted.span, most, owner=owner, at=at)

    return turned(turn, instant="sent_at", length=length, read_next=read_next)
