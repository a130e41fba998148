"""Read the rows of a log by one fixed statement, people and labels with them.

Queries of the ORM for the rows themselves cost more than the rest of the page. Source: docs/decisions/0046-log.md
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from core.db import stored_instant
from messaging.activity.places import Span, Stretch
from messaging.items.choices import Proof, State
from messaging.items.kinds import kind_of
from messaging.items.models import AccountKey, Item
from messaging.items.services.account_keys import Label, SealedLabel, labels_of
from messaging.items.standing import is_undone, item_at

# What is sealed and large stays where it is; nothing happens to an item before its sending. Instants come as texts: the
# drivers take ten times as long to read them. The people of an item come as one text too: a second statement costs
# more, and for a join PostgreSQL may read the whole table of people as long as it does not know how many there are.
STATEMENT = """
SELECT i.id, i.whole_id, i.reference, i.kind,
       CAST(i.sent_at AS text), CAST(i.expires_at AS text), CAST(i.revoked_at AS text), i.label_sealed, i.file_count,
       (SELECT COUNT(*) FROM items_event e WHERE e.item_id = i.id AND e.at >= i.sent_at),
       (SELECT CAST(MAX(e.at) AS text) FROM items_event e WHERE e.item_id = i.id AND e.at >= i.sent_at),
       k.label_key_sealed,
       (SELECT {people} FROM items_participant p WHERE p.item_id = i.id),
       CAST(i.week_on AS text)
FROM items_item i LEFT JOIN items_accountkey k ON k.user_id = i.sender_id
WHERE {{which}}
"""
PERSON = """
p.position, p.name, p.email, p.proof, p.openings_allowed, p.openings_used, p.openings_before, p.is_waiting,
p.expires_at, p.handed_over_at, p.failed_at, p.first_opened_at, p.done_at, p.declined_at, p.revoked_at
"""
STATEMENTS = {
    "postgresql": STATEMENT.format(people=f"CAST(json_agg(json_build_array({PERSON})) AS text)"),
    "sqlite": STATEMENT.format(people=f"json_group_array(json_array({PERSON}))"),
}


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


@dataclass(slots=True)
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
        return list(dict.fromkeys([person.proof for person in self.people]))

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
    def is_undone(self) -> bool:
        """Tell whether somebody did not do what was asked, and nobody declined."""
        return is_undone(self.people)

    @property
    def can_be_deleted(self) -> bool:
        """Tell whether there is access left to end."""
        return self.state not in (State.DELETED, State.EXPIRED)


def rows_of_items(items: QuerySet[Item], *, owner: User, at: datetime) -> list[Row]:
    """Return the rows of some items of one owner, in any order; one query, in which the ORM says which they are.

    Args:
        at: aware instant at which they are looked at.
    """
    try:
        keys, values = items.values_list("pk").query.sql_with_params()
    except EmptyResultSet:  # nothing can match, and the ORM does not ask
        return []
    return _read(f"i.id IN ({keys})", values, owner, at)


def rows_of_owner(stretch: Stretch, span: Span, most: int, *, owner: User, at: datetime) -> list[Row]:
    """Return the next rows of all items of an owner, in the order of the stretch; one fixed query.

    The items are those of `messaging.items.access.items_of`, and their order is that of the ORM's pages.

    Args:
        most: so many at most.
        at: aware instant at which they are looked at.
    """
    which, values = stretch.in_sql(span, instant="i.sent_at", key="i.id")
    return _read(
        f"i.sender_id = %s AND i.organization_id = %s AND {which} LIMIT %s",
        [owner.pk, owner.organization_id, *map(_written, values), most],
        owner,
        at,
    )


def _written(value: object) -> object:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _read(which: str, values: Iterable[Any], owner: User, at: datetime) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(STATEMENTS[connection.vendor].format(which=which), tuple(values))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    wholes = [row[1] if isinstance(row[1], UUID) else UUID(row[1]) for row in found]
    labels, people, rows = _labels(owner, wholes, found), _people([row[12] for row in found]), []
    for whole, here, one in zip(wholes, people, found, strict=True):
        pk, _, reference, kind, sent_at, expires_at, revoked_at, _, files, events, latest_at, *_ = one
        state = item_at(at, revoked_at=stored_instant(revoked_at), parts=here)
        times, latest = (stored_instant(sent_at), stored_instant(expires_at)), stored_instant(latest_at)
        rows.append(Row(pk, reference, kind, *times, files, here, labels.get(whole), state, events, latest))
    return rows


def _people(texts: Sequence[str | None]) -> list[list[LoggedPerson]]:
    """Return the people of each item in their order; PostgreSQL says nothing where there is none."""
    items = json.loads(f"[{','.join([text or '[]' for text in texts])}]")
    return [[_person(*values) for _position, *values in sorted(people)] for people in items]


def _person(
    name: str,
    email: str,
    proof: str,
    allowed: int,
    used: int,
    before: int,
    is_waiting: bool | int,
    expires_at: str,
    *instants: str | None,
) -> LoggedPerson:
    came = [None if at is None else stored_instant(at) for at in instants]
    begins = name, email, Proof(proof), allowed, used, before, bool(is_waiting), stored_instant(expires_at)
    return LoggedPerson(*begins, *came)


def _labels(owner: User, wholes: Sequence[UUID], found: Sequence[tuple[Any, ...]]) -> dict[UUID, Label]:
    """Return the labels of the rows by their whole; the key of the labels is the same in all rows of an owner."""
    sealed = {whole: _sealed(row) for whole, row in zip(wholes, found, strict=True) if row[7] is not None}
    if not sealed or found[0][11] is None:
        return {}
    return labels_of(AccountKey(user=owner, label_key_sealed=found[0][11]), sealed)


def _sealed(row: tuple[Any, ...]) -> SealedLabel:
    return SealedLabel(bytes(row[7]), date.fromisoformat(row[13]) if row[13] is not None else None)
