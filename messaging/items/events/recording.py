"""Write down what happened to an item, in the transaction of the act.

Two fixed statements: nearly every act writes an event, and the ORM takes longer for both rows than the database does.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from core.crypto.chain import commit_to, new_salt
from core.db import database_now
from core.network import network_of
from messaging.items.events.kinds import EventKind, checked_facts
from messaging.items.models import Event, Item, Participant

EVENT = """
INSERT INTO items_event (at, organization_id, user_id, item_id, participant_id, kind, facts, commitments)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
"""
PERSON = "INSERT INTO items_eventperson (event_id, at, fields) VALUES (%s, %s, %s)"
NO_FACTS: Mapping[str, object] = {}


def record(
    *,
    kind: EventKind,
    item: Item,
    participant: Participant | None = None,
    facts: Mapping[str, object] = NO_FACTS,
    name: str = "",
    address: str = "",
    ip: str = "",
    browser: str = "",
    at: datetime | None = None,
) -> Event:
    """Add an event to the log; it belongs to the item's owner and organization.

    Who acted is copied in as they are called now. What is personal stands in a row of its own, each value with a salt,
    and can be erased there; the network stays when the IP address has gone.

    Args:
        participant: the person outside whom the event is about.
        facts: those that the kind declares; numbers, aware instants, UUIDs, words of closed lists.
        name: of who acted.
        address: e-mail address of who acted, or to whom something was sent.
        ip: full IP address of who acted.
        browser: what it says of itself.
        at: aware instant; None for now.

    Raises:
        FactRefused: the kind declares no such fact, or its form is another one.

    Source: docs/decisions/0031-event-log.md
    """
    at = at or database_now()
    network = network_of(ip) if ip else ""
    given = {"name": name, "address": address, "ip": ip, "network": network, "browser": browser}
    people = {field: (new_salt(), value) for field, value in given.items() if value}
    event = Event(
        at=at,
        organization_id=item.organization_id,
        user_id=item.sender_id,
        item_id=item.pk,
        participant_id=participant.pk if participant else None,
        kind=kind.value,
        facts=checked_facts(kind, facts),
        commitments={field: commit_to(salt, value).hex() for field, (salt, value) in people.items()},
    )
    _insert(event, {field: [salt.hex(), value] for field, (salt, value) in people.items()})
    return event


def _insert(event: Event, people: Mapping[str, list[str]]) -> None:
    at = connection.ops.adapt_datetimefield_value(event.at)
    whose = event.organization_id, event.user_id, event.item_id, event.participant_id
    with connection.cursor() as cursor:
        cursor.execute(EVENT, [at, *whose, event.kind, json.dumps(event.facts), json.dumps(event.commitments)])
        (event.pk,) = cursor.fetchone()
        if people:
            cursor.execute(PERSON, [event.pk, at, json.dumps(people)])
    event._state.adding, event._state.db = False, connection.alias
