"""How a message and its recipients stand, as its sender's page shows it."""

from dataclasses import dataclass, field
from datetime import datetime

from messaging.items.choices import Proof, State
from messaging.items.models import Item, Participant
from messaging.messages.timelines import Line

STATE_TONES = {
    State.SENDING: "info",
    State.NOT_OPENED: "info",
    State.OPEN: "good",
    State.CLOSED: "good",
    State.USED_UP: "warn",
    State.EXPIRED: "",
    State.DELETED: "",
    State.FAILED: "danger",
}
# While one of these holds, a person can still be given a new link.
LIVING = frozenset({State.SENDING, State.NOT_OPENED, State.OPEN, State.USED_UP, State.FAILED})


@dataclass(frozen=True, slots=True)
class RecipientBlock:
    """One recipient of a message, as its page shows them."""

    participant: Participant
    state: State
    lines: list[Line] = field(default_factory=list)

    @property
    def tone(self) -> str:
        """How the state's word is tinted."""
        return STATE_TONES[self.state]

    @property
    def is_living(self) -> bool:
        """Tell whether this person's part can still be opened, or be given a new link."""
        return self.state in LIVING

    @property
    def number_end(self) -> str:
        """Last digits of the number that codes go to, where they do."""
        return self.participant.number_end if self.participant.proof_kind is Proof.SMS_CODE else ""


def blocks_of(item: Item, lines: dict[int | None, list[Line]], at: datetime) -> list[RecipientBlock]:
    """Return every recipient with what happened to their part; one query."""
    people = item.participants.order_by("position")
    return [RecipientBlock(person, person.state_at(at), lines.get(person.pk, [])) for person in people]
