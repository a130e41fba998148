"""The proof a person outside gives before something goes back: one of its own, whatever they proved to read.

Source: docs/decisions/0044-return-protection.md
"""

from django.db import transaction

from accounts.visitors import Visitor
from core.db import database_now
from messaging.items.choices import CodePurpose, Proof
from messaging.items.errors import ProofRequired
from messaging.items.events.actors import outsider
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.models import OpenSession
from messaging.items.services.misses import MISSES, note_miss
from messaging.items.services.proof_codes import claim_text_code, text_code
from messaging.items.services.visiting import Visit


def is_reply_proof_missing(visit: Visit) -> bool:
    """Tell whether this browser still has to prove who replies; the link's bound terms say whether that is asked."""
    return bool(visit.policy.reply_proofs) and visit.session.reply_proven_at is None


def require_reply_proof(visit: Visit) -> None:
    """Refuse whatever goes back before its proof.

    Raises:
        ProofRequired: a proof is asked and was not given in this opening.
    """
    if is_reply_proof_missing(visit):
        raise ProofRequired


def given_reply_proof(visit: Visit) -> Proof | None:
    """Return how identity was proven before what goes back; None where no proof was asked."""
    return Proof.SMS_CODE if visit.policy.reply_proofs and visit.session.reply_proven_at else None


def is_texted(visit: Visit) -> bool:
    """Tell whether a code by text is one of the proofs that count."""
    return Proof.SMS_CODE.value in visit.policy.reply_proofs


def send_reply_code(*, visit: Visit, language: str, visitor: Visitor) -> None:
    """Send a code for replying to the number the sender gave.

    Raises:
        ProofRequired: a code is not among the proofs that count.
        TooManyRequests, ContentDamaged, CountryNotServed, ProviderUnavailable: as `text_code`.
    """
    if not is_texted(visit):
        raise ProofRequired
    text_code(link=visit.link, purpose=CodePurpose.REPLYING, language=language, visitor=visitor)


def prove_reply(*, visit: Visit, answer: str, visitor: Visitor) -> None:
    """Take the code that was sent for replying, and write that down; it holds for this browser and its opening.

    Where it is proven already, as after a button pressed twice, nothing is asked of the answer. Call it outside any
    transaction: what was missed stays counted.

    Raises:
        CodeWrong, CodeExpired, TooManyTries: the answer is not right; tries are counted.
    """
    if not is_reply_proof_missing(visit):
        return
    try:
        claim_text_code(participant=visit.participant, purpose=CodePurpose.REPLYING, answer=answer)
    except MISSES as refusal:
        visit.session.refresh_from_db(fields=["reply_proven_at"])
        if not is_reply_proof_missing(visit):  # pressed twice, and the other one was first
            return
        link, purpose = visit.link, CodePurpose.REPLYING
        note_miss(link=link, proof=Proof.SMS_CODE, purpose=purpose, refusal=refusal, visitor=visitor)
        raise
    now, participant = database_now(), visit.participant
    facts = {"link": visit.link.number, "proof": Proof.SMS_CODE}
    actor = outsider(participant, visitor)
    with transaction.atomic():
        OpenSession.objects.filter(digest=visit.session.digest).update(reply_proven_at=now)
        record(kind=EventKind.REPLY_PROVEN, item=visit.item, participant=participant, facts=facts, at=now, **actor)
    visit.session.refresh_from_db(fields=["reply_proven_at"])
