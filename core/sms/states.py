"""The states of a text, and which one may follow which: a late or repeated report never takes a text back."""

from core.models.sms import Text

State = Text.State

RANKS: dict[str, int] = {
    State.WAITING: 0,
    State.SENDING: 1,
    State.UNKNOWN: 1,
    State.QUEUED: 2,
    State.SENT: 3,
    State.DELIVERED: 4,
    State.UNDELIVERED: 4,
    State.FAILED: 4,
}
NOT_HANDED_OVER = frozenset({State.WAITING, State.SENDING, State.UNKNOWN})
IN_DOUBT = frozenset({State.SENDING, State.UNKNOWN})

PROVIDER_WORDS: dict[str, str] = {
    "accepted": State.QUEUED,
    "scheduled": State.QUEUED,
    "queued": State.QUEUED,
    "sending": State.QUEUED,
    "sent": State.SENT,
    "partially_delivered": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.DELIVERED,
    "undelivered": State.UNDELIVERED,
    "failed": State.FAILED,
    "canceled": State.FAILED,
}


def states_before(state: str) -> list[str]:
    """Return the states a text may have when this one is reported and counts."""
    return [earlier for earlier, rank in RANKS.items() if rank < RANKS[state]]
