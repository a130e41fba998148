"""A person outside did what was asked, or declined it: their link opens nothing any more, and is still recognized."""

from datetime import datetime

from messaging.items.choices import LinkEnd
from messaging.items.models import Link, Participant
from messaging.items.services.shredding import end_links


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


def decline_part(participant: Participant, *, at: datetime) -> bool:
    """Note in the caller's transaction that a person declines what was asked, which ends the item for everybody.

    The caller holds the item's row. All its links stop; its content stays for the sender until the item's end.

    Returns:
        Whether this call did it; nothing is declined twice, nor after the person did what was asked.
    """
    part = Participant.objects.filter(pk=participant.pk, declined_at=None, done_at=None, revoked_at=None)
    if not part.update(declined_at=at):
        return False
    participant.declined_at = at
    end_links(Link.objects.filter(participant__item=participant.item_id), at=at, why=LinkEnd.DECLINED)
    return True
