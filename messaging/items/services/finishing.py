"""A person outside did what was asked: from now on their link opens nothing, and is still recognized."""

from datetime import datetime

from messaging.items.choices import LinkEnd
from messaging.items.models import Link, Participant


def finish_part(participant: Participant, *, at: datetime) -> bool:
    """Note in the caller's transaction that a person did what was asked; tell whether this call did it.

    The keys of their link go; its recognizer stays, and so do the browsers it was opened in: whoever has its secret is
    led to what the product shows of what was done, whatever becomes of the item.
    """
    if not Participant.objects.filter(pk=participant.pk, done_at=None).update(done_at=at):
        return False
    participant.done_at = at
    living = Link.objects.filter(participant=participant, ended_at=None)
    living.update(wrap=None, gate_key_sealed=None, ended_at=at, ended_by=LinkEnd.DONE)
    return True
