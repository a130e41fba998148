"""The rows of somebody's log: their items, with the people, the labels, and what happened last.

The ORM finds which items are asked for; two fixed statements read them. Queries of the ORM for the rows themselves cost
more than the rest of the page. Source: docs/decisions/0046-log.md
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import User, fold_email
from core.db import stored_instant
from core.folding import folded
from messaging.activity.places import Span, Turn, page_of, within
from messaging.items.access import items_of
from messaging.items.choices import Proof, State
from messaging.items.kinds import kind_of
from messaging.items.models import AccountKey, Item, Participant
from messaging.items.references import stored_reference
from messaging.items.services.account_keys import Label, labels_of
from messaging.items.standing import item_at
from messaging.items.states import items_in_state

ROWS_A_BATCH = 500
# What is sealed and large stays where it is; nothing happens to an item before its sending. Instants come as texts: the
# drivers take ten times as long to read them. The range of PEOPLE keeps PostgreSQL from reading the whole table.
ITEMS = """
SELECT i.id, i.whole_id, i.reference, i.kind,
       CAST(i.sent_at AS text), CAST(i.expires_at AS text), CAST(i.revoked_at AS text), i.label_sealed, i.file_count,
       (SELECT COUNT(*) FROM items_event e WHERE e.item_id = i.id AND e.at >= i.sent_at),
       (SELECT CAST(MAX(e.at) AS text) FROM items_event e WHERE e.item_id = i.id AND e.at >= i.sent_at),
       k.label_key_sealed
FROM items_item i LEFT JOIN items_accountkey k ON k.user_id = i.sender_id
WHERE i.id IN ({keys})
"""
PEOPLE = """
SELECT item_id, name, email, proof, openings_allowed, openings_used, openings_before, is_waiting,
       CAST(expires_at AS text), CAST(handed_over_at AS text), CAST(failed_at AS text), CAST(first_opened_at AS text),
       CAST(done_at AS text), CAST(declined_at AS text), CAST(revoked_at AS text)
FROM items_participant WHERE item_id IN ({keys}) AND item_id BETWEEN %s AND %s ORDER BY item_id, position
"""


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


@dataclass(slots=True)
class LoggedPerson:
    """Somebody an item was sent to, as the log shows them."""

    name: str
    email: str
    proof: Proof
    openings_allowed: int
    openings_used: int
    openings_before: int
    is_waiting: bool
    expires_at: datetime
    handed_over_at: datetime | None
    failed_at: datetime | None
    first_opened_at: datetime | None
    done_at: datetime | None
    declined_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    """One item of a log.

    Args:
        pk: key of the item.
        sent_at, expires_at: aware instants.
        people: in their order.
        label: subject and names of the files; None where they are not kept.
        events: how many things happened.
        latest_at: aware instant of the last of them.
    """

    pk: int
    reference: str
    kind: str
    sent_at: datetime
    expires_at: datetime
    file_count: int
    people: Sequence[LoggedPerson]
    label: Label | None
    state: State
    events: int
    latest_at: datetime | None

    @property
    def proofs(self) -> list[Proof]:
        """What its people are asked before reading, each once."""
        return list(dict.fromkeys(person.proof for person in self.people))

    @property
    def openings_used(self) -> int:
        """How often it was opened, by all together, also with links that were replaced."""
        return sum([person.openings_before + person.openings_used for person in self.people])

    @property
    def openings_allowed(self) -> int | None:
        """How often it may be opened, by all together, replaced links included; None where its kind has no limit."""
        if not kind_of(self.kind).has_openings_limit:
            return None
        return sum([person.openings_before + person.openings_allowed for person in self.people])

    @property
    def can_be_deleted(self) -> bool:
        """Tell whether there is access left to end."""
        return self.state not in (State.DELETED, State.EXPIRED)


def log_page(*, owner: User, wanted: Wanted, turn: Turn, length: int) -> tuple[list[Row], Turn]:
    """Return one page of somebody's log and the ways on from it; two queries, however long the log is."""
    at = timezone.now()
    read = partial(_rows, owner=owner, at=at)
    items = items_wanted(owner, wanted, at)
    return page_of(items, turn, instant="sent_at", length=length, read=read, span=wanted.span)


def log_rows(*, owner: User, wanted: Wanted, at: datetime) -> Iterator[Row]:
    """Yield all rows of somebody's log, newest first, read in batches; the caller holds a read transaction."""
    items, turn, read = items_wanted(owner, wanted, at), Turn(), partial(_rows, owner=owner, at=at)
    while True:
        batch, turn = page_of(items, turn, instant="sent_at", length=ROWS_A_BATCH, read=read, span=wanted.span)
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
    (row,) = _rows(Item.objects.filter(pk=item.pk), owner=owner, at=timezone.now())
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
        items = items.filter(Exists(Participant.objects.filter(in_name | in_address, item=OuterRef("pk"))))
    return items if wanted.status is None else items_in_state(items, wanted.status, at)


def _rows(items: QuerySet[Item], *, owner: User, at: datetime) -> list[Row]:
    """Read the rows of some items of one owner, in any order; two queries."""
    try:
        keys, values = items.values_list("pk").query.sql_with_params()
    except EmptyResultSet:  # nothing can match, and the ORM does not ask
        return []
    found = _fetched(ITEMS.format(keys=keys), values)
    if not found:
        return []
    people = _people([row[0] for row in found])
    whole_ids = {row[0]: row[1] if isinstance(row[1], UUID) else UUID(row[1]) for row in found}
    labels = _labels(owner, found[0][-1], {whole_ids[row[0]]: row[7] for row in found if row[7] is not None})
    rows = []
    for pk, _whole, reference, kind, sent_at, expires_at, revoked_at, _label, files, events, latest_at, _key in found:
        here = people[pk]
        state = item_at(at, revoked_at=stored_instant(revoked_at), parts=here)
        label, latest = labels.get(whole_ids[pk]), stored_instant(latest_at)
        times = stored_instant(sent_at), stored_instant(expires_at)
        rows.append(Row(pk, reference, kind, *times, files, here, label, state, events, latest))
    return rows


def _people(items: list[int]) -> defaultdict[int, list[LoggedPerson]]:
    people: defaultdict[int, list[LoggedPerson]] = defaultdict(list)
    for item, name, email, proof, allowed, used, before, waits, expires_at, *instants in _fetched(
        PEOPLE.format(keys=", ".join(["%s"] * len(items))), [*items, min(items), max(items)]
    ):
        came = [at and stored_instant(at) for at in instants]
        begins = name, email, Proof(proof), allowed, used, before, bool(waits), stored_instant(expires_at)
        person = LoggedPerson(*begins, *came)
        people[item].append(person)
    return people


def _labels(owner: User, label_key_sealed: bytes | None, sealed: dict[UUID, bytes]) -> dict[UUID, Label]:
    if label_key_sealed is None or not sealed:
        return {}
    return labels_of(AccountKey(user=owner, label_key_sealed=label_key_sealed), sealed)


def _fetched(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
