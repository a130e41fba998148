"""Read the session of a browser with its link and all that belongs to it, by one fixed statement.

PostgreSQL weighs all orders in which nine tables could be joined, for thirty times as long as it then reads; so they
are joined in two steps, of which the first is done when the second begins. Building the statement anew by the ORM costs
as much as the rest of a page. Source: docs/decisions/0032-opening.md
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model

from accounts.models import Organization, User
from core.db import NOW_OF, stored_instant
from core.rows import columns_of, first_fetched, object_in
from licenses.models import License, Plan
from messaging.items.models import Gate, Item, Link, OpenSession, Participant

FOUND_FIRST: dict[str, type[Model]] = {"l": Link, "g": Gate, "p": Participant, "i": Item}
FOUND_THEN: dict[str, type[Model]] = {"o": Organization, "u": User, "c": License, "n": Plan}
SESSION = {"s": OpenSession}


def _statement(first: dict[str, type[Model]], begin: str) -> str:
    """Write the statement that begins with some tables; what is left open in it is the clock and the condition."""
    return f"""
WITH found AS MATERIALIZED (
    SELECT {{now}} AS now, {", ".join(columns_of(model, table, prefix=table) for table, model in first.items())}
    FROM {begin}
    JOIN items_participant p ON p.id = l.participant_id
    JOIN items_item i ON i.id = p.item_id
    LEFT JOIN items_gate g ON g.link_id = l.id
    WHERE {{where}}
)
SELECT found.*, {", ".join(columns_of(model, table) for table, model in FOUND_THEN.items())}
FROM found
JOIN accounts_organization o ON o.id = found.i_organization_id
JOIN accounts_user u ON u.id = found.i_sender_id
JOIN licenses_license c ON c.id = found.i_license_id
JOIN licenses_plan n ON n.id = c.plan_id
"""  # noqa: S608  # names of columns of ours


OF_LINK = _statement(FOUND_FIRST, "items_link l")
OF_SESSION = _statement(SESSION | FOUND_FIRST, "items_opensession s JOIN items_link l ON l.id = s.link_id")
SEEN = "UPDATE items_opensession SET seen_at = %s WHERE digest = %s"
CONTENT = "SELECT sealed FROM items_content WHERE whole_id = %s"


class Found(NamedTuple):
    """A session, and the database's instant at which it was read, aware."""

    session: OpenSession
    at: datetime


def session_of(digest: bytes) -> Found | None:
    """Return the session of a digest with its link and all that belongs to that, or None; one query."""
    row = _row(OF_SESSION, "s.digest = %s", digest)
    if row is None:
        return None
    session, *parts = _objects(row[1:], SESSION | FOUND_FIRST)
    _join(session, link=_link_of(parts))
    return Found(session, stored_instant(row[0]))


def link_of(locator: bytes) -> Link | None:
    """Return the link of a locator with its gate, participant, item, sender and license, or None; one query."""
    row = _row(OF_LINK, "l.locator = %s", locator)
    return None if row is None else _link_of(list(_objects(row[1:], FOUND_FIRST)))


def note_seen(session: OpenSession, at: datetime) -> None:
    """Write down when a browser was last here, an aware instant."""
    stored = OpenSession._meta.get_field("seen_at").get_db_prep_save(at, connection)
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [stored, bytes(session.digest)])


def content_of(item: Item) -> bytes | None:
    """Return an item's texts as they were sealed, or None once they are destroyed."""
    row = first_fetched(CONTENT, [Item._meta.get_field("whole_id").get_db_prep_value(item.whole_id, connection)])
    return None if row is None else bytes(row[0])


def _row(statement: str, where: str, value: bytes) -> tuple[Any, ...] | None:
    return first_fetched(statement.format(now=NOW_OF[connection.vendor], where=where), [value])


def _objects(row: Sequence[Any], first: dict[str, type[Model]]) -> Iterator[Any]:
    """Yield the objects of a row, one for each table; None where the table has no such row."""
    begin = 0
    for model in (*first.values(), *FOUND_THEN.values()):
        end = begin + len(model._meta.concrete_fields)
        yield None if row[begin] is None else object_in(model, row[begin:end])
        begin = end


def _link_of(parts: Sequence[Any]) -> Link:
    """Return a link that knows the rest of the objects; no query asks for them."""
    link: Link
    link, gate, participant, item, organization, sender, license_used, plan = parts
    _join(license_used, plan=plan)
    _join(item, organization=organization, sender=sender, license=license_used)
    _join(participant, item=item)
    _join(link, participant=participant, gate=gate)
    if gate is not None:
        _join(gate, link=link)
    return link


def _join(owner: Model, **related: Model | None) -> None:
    owner._state.fields_cache.update(related)
