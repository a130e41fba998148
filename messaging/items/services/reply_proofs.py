"""The proof a person outside gives before something goes back: one of its own, whatever they proved to read.

Source: docs/decisions/0044-return-protection.md
"""

from accounts.visitors import Visitor
from core.db import database_now
from messaging.items.choices import Proof
from messaging.items.errors import ProofRequired
from messaging.items.models import OpenSession
from messaging.items.services.misses import MISSES, note_miss
from messaging.items.services.proof_codes import claim_text_code, text_code
from messaging.items.services.visiting import Visit

REPLY_PURPOSE = "reply"


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


def is_texted(visit: Visit) -> bool:
    """Tell whether a code by text is one of the proofs that count."""
    return Proof.SMS_CODE.value in visit.policy.reply_proofs


def send_reply_code(*, visit: Visit, language: str, visitor: Visitor) -> None:
    """Send a code for replying to the number the sender gave.

    Raises:
        ProofRequired: a code is not among the proofs that count.
        TooManyRequests, TooManyTries, ContentDamaged, CountryNotServed, ProviderUnavailable: as `text_code`.
    """
    if not is_texted(visit):
        raise ProofRequired
    text_code(link=visit.link, purpose=REPLY_PURPOSE, language=language, visitor=visitor)


def prove_reply(*, visit: Visit, answer: str, visitor: Visitor) -> None:
    """Take the code that was sent for replying; it holds for this browser as long as its opening lasts.

    Call it outside any transaction: what was missed stays counted.

    Raises:
        CodeWrong, CodeExpired, TooManyTries: the answer is not right; tries are counted.
    """
    try:
        claim_text_code(participant=visit.participant, purpose=REPLY_PURPOSE, answer=answer)
    except MISSES as refusal:
        note_miss(link=visit.link, proof=Proof.SMS_CODE, purpose=REPLY_PURPOSE, refusal=refusal, visitor=visitor)
        raise
    OpenSession.objects.filter(digest=visit.session.digest).update(reply_proven_at=database_now())
    visit.session.refresh_from_db(fields=["reply_proven_at"])
