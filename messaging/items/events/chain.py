"""An event as a link of its organization's chain: the columns that its digest covers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from core.crypto.chain import link_digest
from messaging.items.events.kinds import written
from messaging.items.models import Event

COVERED = ("id", "at", "organization_id", "user_id", "item_id", "participant_id", "kind", "facts", "commitments")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded of an event; everything but its place in the chain."""

    id: int
    at: datetime
    organization_id: int
    user_id: int
    item_id: int
    participant_id: int | None
    kind: str
    facts: dict[str, object]
    commitments: dict[str, str]

    def digest(self, *, previous: bytes, number: int) -> bytes:
        """Return the digest of this event behind another one, 32 bytes."""
        facts = {
            "event": self.id,
            "at": written(self.at),
            "organization": self.organization_id,
            "user": self.user_id,
            "item": self.item_id,
            "participant": self.participant_id,
            "kind": self.kind,
            "facts": self.facts,
        }
        commitments = {field: bytes.fromhex(kept) for field, kept in self.commitments.items()}
        return link_digest(previous, number, facts, commitments)


def recorded(events: QuerySet[Event]) -> Iterator[Recorded]:
    """Yield events without making model instances of them; a pass reads thousands."""
    return (Recorded(*columns) for columns in events.values_list(*COVERED))
