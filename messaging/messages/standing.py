"""How a message and its recipients stand, as its sender's page shows it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from messaging.activity.access.timeline import Check, Happening, newest
from messaging.activity.telling import Told, person, told
from messaging.items.access import asked_before_replying
from messaging.items.choices import STRENGTH_OF, Proof, State, Strength
from messaging.items.models import Item, Participant
from messaging.items.services.delivering import uncertain_since
from messaging.messages.limits import TIMELINE_MOST_EVENTS

STATE_TONES = {
    State.SENDING: "info",
    State.NOT_OPENED: "info",
    State.OPEN: "good",
    State.WAITING: "info",
    State.DECLINED: "danger",
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
    """One recipient of a message, as its page shows them.

    Args:
        reply_proofs: one of them is asked before a reply.
        uncertain_since: aware instant since which their mail is tried, where that is long.
    """

    participant: Participant
    state: State
    told: list[Told]
    reply_proofs: Sequence[Proof] = ()
    uncertain_since: datetime | None = None

    @property
    def tone(self) -> str:
        """How the state's word is tinted."""
        return STATE_TONES[self.state]

    @property
    def is_living(self) -> bool:
        """Tell whether this person's part can still be opened, or be given a new link."""
        return self.state in LIVING

    @property
    def strength(self) -> Strength:
        """How much the proof asked of this person is worth."""
        return STRENGTH_OF[self.participant.proof_kind]

    @property
    def number_end(self) -> str:
        """Last digits of the number that codes go to, where they do."""
        return self.participant.number_end if self.participant.proof_kind is Proof.SMS_CODE else ""

    @property
    def reply_number_end(self) -> str:
        """Last digits of the number that codes for replying go to, where they do."""
        return self.participant.number_end if Proof.SMS_CODE in self.reply_proofs else ""


def standing_of(item: Item, at: datetime) -> tuple[list[RecipientBlock], list[Told]]:
    """Return every recipient with what happened to their part, and what happened to nobody's; six queries.

    Args:
        at: aware instant.
    """
    happened: dict[int | None, list[Happening | Check]] = defaultdict(list)
    for one in newest(item, most=TIMELINE_MOST_EVENTS):
        happened[one.participant_id].append(one)
    people, asked = item.participants.order_by("position"), asked_before_replying(item)
    late = uncertain_since(item, at)
    blocks = [
        RecipientBlock(one, one.state_at(at), _told_of(one, happened[one.pk]), asked, late.get(one.pk))
        for one in people
    ]
    return blocks, [told(one) for one in happened[None]]


def _told_of(participant: Participant, happened: Iterable[Happening | Check]) -> list[Told]:
    unnamed = person(participant.name, participant.email)
    return [told(one, unnamed=unnamed) for one in happened]
