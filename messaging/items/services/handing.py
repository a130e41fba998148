"""Give a person their link later than at the sending: when their turn comes, or when there is something new to read.

Source: docs/decisions/0064-people-who-wait.md
"""

from datetime import datetime

from core.crypto.secret import Secret
from messaging.items.choices import LinkEnd, Proof
from messaging.items.errors import LinkDeclined, LinkExpired, LinkRevoked
from messaging.items.events.actors import outsider
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.models import Item, Link, Participant
from messaging.items.services.gates import GateSecret, make_gate, new_opening_code
from messaging.items.services.links import NewLink, make_link, policy_of
from messaging.items.services.shredding import end_links


def hand_out_link(participant: Participant, *, data_key: Secret, at: datetime) -> tuple[NewLink, GateSecret]:
    """Make the link of a person who waited, or a fresh one for somebody who has done what was asked.

    The caller holds the item's row in its transaction, and writes the mail. An older link stops; openings begin anew,
    until the person's end. What was done stays done.

    Args:
        participant: with its item; proves who they are by an opening code, by a code by text message, or not at all.
        data_key: of the item.
        at: aware instant.

    Returns:
        The link, and the opening code where the proof is one (an empty secret otherwise).

    Raises:
        LinkRevoked, LinkDeclined, LinkExpired: the item, or this person's part of it, has ended.
    """
    item = Item.objects.get(pk=participant.item_id)
    participant = Participant.objects.get(pk=participant.pk)
    if item.revoked_at is not None or participant.revoked_at is not None:
        raise LinkRevoked
    if item.participants.filter(declined_at__isnull=False).exists():
        raise LinkDeclined
    if item.shredded_at is not None or participant.expires_at <= at:
        raise LinkExpired
    older = Link.objects.filter(participant=participant)
    end_links(older, at=at, why=LinkEnd.REPLACED)
    older.filter(ended_by=LinkEnd.DONE).update(ended_by=LinkEnd.REPLACED)
    participant.openings_before, participant.openings_used = participant.openings_in_all, 0
    participant.is_waiting = False
    participant.handed_over_at = None if participant.email else at
    participant.failed_at, participant.failure = None, ""
    participant.save(
        update_fields=["is_waiting", "openings_before", "openings_used", "handed_over_at", "failed_at", "failure"]
    )
    made = make_link(participant=participant, policy=policy_of(item, participant), data_key=data_key, at=at)
    proof = participant.proof_kind
    secret = new_opening_code() if proof is Proof.OPENING_CODE else GateSecret()
    make_gate(link=made.link, proof=proof, secret=secret)
    facts = {"link": made.link.number, "proof": proof}
    record(kind=EventKind.LINK_SENT, item=item, participant=participant, facts=facts, at=at, **outsider(participant))
    return made, secret
