"""An event as a link of its organization's chain: the columns that its digest covers, and its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db.models import QuerySet

from core.crypto.chain import link_digest
from messaging.items.events.kinds import written
from messaging.items.models import Event

COVERED = ("id", "at", "organization_id", "user_id", "item_id", "participant_id", "kind", "facts", "commitments")
SEALED = ("number", "digest", *COVERED)


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


@dataclass(frozen=True, slots=True)
class Sealed:
    """An event with its place in the chain."""

    number: int
    digest: bytes
    event: Recorded

    @classmethod
    def of(cls, columns: tuple[Any, ...]) -> Self:
        """Return the event whose columns of `SEALED` were read."""
        number, digest, *covered = columns
        return cls(number, bytes(digest or b""), Recorded(*covered))

    def follows(self, previous: bytes) -> bool:
        """Tell whether this event, as it stands, was sealed behind a digest."""
        try:
            return self.event.digest(previous=previous, number=self.number) == self.digest
        except (AttributeError, TypeError, ValueError):  # columns that were changed into what no digest takes
            return False


def recorded(events: QuerySet[Event]) -> Iterator[Recorded]:
    """Yield events without making model instances of them; a pass reads thousands."""
    return (Recorded(*columns) for columns in events.values_list(*COVERED))
