"""Write down an answer that did not open, as far as the log takes it: whoever holds a link must not flood it.

A try is only counted, and a miss only written, where something was compared. What is given after the last try is
refused without a line of its own; what is given while no code lives gets a few a day.
"""

from datetime import datetime

from accounts.visitors import Visitor
from core import throttle
from core.errors import CodeExpired, CodeWrong, Refusal, TooManyTries
from messaging.items import limits
from messaging.items.choices import CodePurpose, Proof
from messaging.items.errors import ProofPaused, ProofWrong
from messaging.items.events.actors import outsider
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.models import Link

MISSES = (ProofWrong, ProofPaused, CodeWrong, CodeExpired, TooManyTries)


def note_miss(
    *, link: Link, proof: Proof, purpose: CodePurpose, refusal: Refusal, visitor: Visitor, at: datetime | None = None
) -> None:
    """Write down that an answer was refused.

    Args:
        link: with its gate as it stands after the answer.
        purpose: what the answer was for; one link may ask for several things.
        refusal: one of MISSES.
        at: aware instant; None for now.
    """
    line = _line(link, purpose, refusal)
    if line is None:
        return
    kind, more = line
    participant, facts = link.participant, {"link": link.number, "proof": proof, "purpose": purpose, **more}
    actor = outsider(participant, visitor)
    record(kind=kind, item=participant.item, participant=participant, facts=facts, at=at, **actor)


def _line(link: Link, purpose: CodePurpose, refusal: Refusal) -> tuple[EventKind, dict[str, int]] | None:
    """Return what the log says of an answer, and the facts of it; None where it takes no line."""
    if isinstance(refusal, (ProofWrong, CodeWrong)):
        return EventKind.CODE_FAILED, {"tries_left": refusal.tries_left}
    if isinstance(refusal, CodeExpired):
        subject = f"{purpose}:participant:{link.participant_id}"
        return (EventKind.CODE_EXPIRED, {}) if throttle.count(limits.EXPIRED_CODES_NOTED, subject) else None
    if not isinstance(refusal, (ProofPaused, TooManyTries)) or not refusal.is_compared:
        return None
    # Of several last tries at once one is the stop, and the others were wrong like those before them.
    is_stop = _is_first_of_stop(link, purpose, refusal)
    return (EventKind.CODE_STOPPED, {}) if is_stop else (EventKind.CODE_FAILED, {"tries_left": 0})


def _is_first_of_stop(link: Link, purpose: CodePurpose, refusal: ProofPaused | TooManyTries) -> bool:
    """Count a last try, and tell whether it is the first of its stop; a new code or a new pause is another stop."""
    gate = link.gate
    stop = refusal.until or gate.stopped_at or bytes(gate.code_salt or b"").hex()
    return throttle.count(limits.STOPS_NOTED, f"{purpose}:link:{link.pk}:{stop}")
