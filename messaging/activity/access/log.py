"""The rows of somebody's log: their items, with the people, the labels, and what happened last.

Source: docs/decisions/0046-log.md
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import User, fold_email
from messaging.activity.places import Turn, page_of
from messaging.items.choices import Proof, State
from messaging.items.models import AccountKey, Event, Item, Participant
from messaging.items.references import stored_reference
from messaging.items.services.account_keys import Label, labels_of
from messaging.items.states import items_in_state

ROWS_A_BATCH = 500
# Of an item and of a person: what a row shows. What is sealed and large stays where it is.
SHOWN = (
    "whole_id", "reference", "kind", "sent_at", "expires_at", "revoked_at", "label_sealed", "file_count", "sender",
)  # fmt: skip
SHOWN_OF_PEOPLE = (
    "item", "name", "email", "proof", "expires_at", "openings_allowed", "openings_used", "handed_over_at", "failed_at",
    "done_at", "first_opened_at", "revoked_at",
)  # fmt: skip


class Happened(TypedDict):
    """What a query adds to an item: how many things happened to it, and when the last did."""

    events: int
    latest_at: datetime | None


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    LoggedItem = WithAnnotations[Item, Happened]


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


@dataclass(frozen=True, slots=True)
class Row:
    """One item of a log.

    Args:
        people: in their order.
        label: subject and names of the files; None where they are not kept.
        events: how many things happened.
        latest_at: aware instant of the last of them.
    """

    item: Item
    people: Sequence[Participant]
    label: Label | None
    state: State
    events: int
    latest_at: datetime | None

    @property
    def proofs(self) -> list[Proof]:
        """What its people are asked before reading, each once."""
        return list(dict.fromkeys(person.proof_kind for person in self.people))

    @property
    def openings_used(self) -> int:
        """How often it was opened, by all together."""
        return sum(person.openings_used for person in self.people)

    @property
    def openings_allowed(self) -> int:
        """How often it may be opened, by all together."""
        return sum(person.openings_allowed for person in self.people)

    @property
    def can_be_deleted(self) -> bool:
        """Tell whether there is access left to end."""
        return self.state not in (State.DELETED, State.EXPIRED)


def log_page(*, owner: User, wanted: Wanted, turn: Turn, length: int) -> tuple[list[Row], Turn]:
    """Return one page of somebody's log and the ways on from it; three queries, however long the log is."""
    at = timezone.now()
    found = _with_events(items_of(owner, wanted, at)).only(*SHOWN)
    items, ways = page_of(found, turn, instant="sent_at", length=length)
    return _rows(owner, items, at), ways


def log_rows(*, owner: User, wanted: Wanted, at: datetime) -> Iterator[Row]:
    """Yield all rows of somebody's log, newest first, read in batches; the caller holds a read transaction."""
    items, turn = _with_events(items_of(owner, wanted, at)).only(*SHOWN), Turn()
    while True:
        batch, turn = page_of(items, turn, instant="sent_at", length=ROWS_A_BATCH)
        yield from _rows(owner, batch, at)
        if turn.older_than is None:
            return
        turn = Turn(older_than=turn.older_than)


def has_more_than(rows: int, *, owner: User, wanted: Wanted) -> bool:
    """Tell whether a log has more than so many rows, without counting the rest."""
    keys = items_of(owner, wanted, timezone.now()).order_by("-sent_at", "-pk").values_list("pk", flat=True)
    return bool(keys[rows : rows + 1])


def own_row(*, owner: User, reference: str) -> Row:
    """Return one item of a person as its row in the log, by its reference typed in any way.

    Raises:
        Http404: there is none, or it is somebody else's.
    """
    found = get_object_or_404(_with_events(_of(owner)), reference=stored_reference(reference))
    return _rows(owner, [found], timezone.now())[0]


def items_of(owner: User, wanted: Wanted, at: datetime) -> QuerySet[Item]:
    """Return the items of a person that are asked for, as they stand at an aware instant; not yet sorted."""
    items = _of(owner)
    if wanted.begins_at is not None:
        items = items.filter(sent_at__gte=wanted.begins_at)
    if wanted.ends_at is not None:
        items = items.filter(sent_at__lt=wanted.ends_at)
    if wanted.kind:
        items = items.filter(kind=wanted.kind)
    if wanted.reference:
        reference = stored_reference(wanted.reference)
        items = items.filter(reference__contains=reference) if reference else items.none()
    if wanted.recipient:
        in_name, in_address = Q(name__icontains=wanted.recipient), Q(email_key__contains=fold_email(wanted.recipient))
        items = items.filter(Exists(Participant.objects.filter(in_name | in_address, item=OuterRef("pk"))))
    return items if wanted.status is None else items_in_state(items, wanted.status, at)


def _of(owner: User) -> QuerySet[Item]:
    """Return a person's items in their own organization, whose rows both name."""
    return Item.objects.filter(sender=owner, organization=owner.organization_id)


def _with_events(items: QuerySet[Item]) -> "QuerySet[LoggedItem]":
    """Return items with how many things happened to them, and when the last did; nothing happens before the sending."""
    of_item = Event.objects.filter(item_id=OuterRef("pk"), at__gte=OuterRef("sent_at")).order_by().values("item_id")
    events = of_item.annotate(events=Count("pk")).values("events")
    latest_at = of_item.annotate(latest_at=Max("at")).values("latest_at")
    return items.annotate(events=Coalesce(Subquery(events), 0), latest_at=Subquery(latest_at))


def _rows(owner: User, items: "Sequence[LoggedItem]", at: datetime) -> list[Row]:
    if not items:
        return []
    people, labels, rows = _people(items), _labels(owner, items), []
    for item in items:
        item.sender, here = owner, people[item.pk]
        rows.append(Row(item, here, labels.get(item.whole_id), item.state_at(at, here), item.events, item.latest_at))
    return rows


def _people(items: Sequence[Item]) -> dict[int, list[Participant]]:
    people: defaultdict[int, list[Participant]] = defaultdict(list)
    of_items = Participant.objects.filter(item__in=[item.pk for item in items]).only(*SHOWN_OF_PEOPLE)
    for person in of_items.order_by("item_id", "position"):
        people[person.item_id].append(person)
    return people


def _labels(owner: User, items: Sequence[Item]) -> dict[UUID, Label]:
    sealed = {item.whole_id: bytes(item.label_sealed) for item in items if item.label_sealed is not None}
    key = AccountKey.objects.filter(user=owner).first()
    return labels_of(key, sealed) if key and sealed else {}
