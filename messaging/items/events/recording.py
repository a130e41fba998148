"""Write down what happened to an item, in the transaction of the act."""

from collections.abc import Mapping
from datetime import datetime

from core.crypto.chain import commit_to, new_salt
from core.db import database_now
from core.network import network_of
from messaging.items.events.kinds import EventKind, checked_facts
from messaging.items.models import Event, EventPerson, Item, Participant

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
    event = Event.objects.create(
        at=at,
        organization_id=item.organization_id,
        user_id=item.sender_id,
        item_id=item.pk,
        participant_id=participant.pk if participant else None,
        kind=kind.value,
        facts=checked_facts(kind, facts),
        commitments={field: commit_to(salt, value).hex() for field, (salt, value) in people.items()},
    )
    if people:
        fields = {field: [salt.hex(), value] for field, (salt, value) in people.items()}
        EventPerson.objects.create(event_id=event.pk, at=at, fields=fields)
    return event
