"""The codes a person outside is sent: by text to the number the sender gave, by mail to the address written to.

None ever goes to a number or an address that stands in the request.
"""

from dataclasses import dataclass

from django.db import transaction

from accounts.services.texting import NextCode, Reader, next_code, send_code_text
from accounts.visitors import Visitor
from core import codes, throttle
from core.sms.numbers import number_digest
from core.sms.records import record_confirmation
from messaging.items import limits
from messaging.items.choices import CodePurpose, Proof
from messaging.items.errors import ContentDamaged
from messaging.items.events.actors import outsider
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.models import Link, Participant
from messaging.items.policies import Policy
from messaging.items.services.delivering import mail_outside
from messaging.items.services.gates import renew_code


@dataclass(frozen=True, slots=True)
class SentCode:
    """What a page may say of the codes sent when a person asked for one.

    Args:
        challenge: of the newest one, or None where none was sent lately.
        next: when the next one may be asked for.
    """

    challenge: codes.Challenge | None
    next: NextCode


def mail_new_code(*, link: Link, visitor: Visitor) -> None:
    """Mail a new opening code to the person of a link; the one before it stops working.

    Raises:
        TooManyRequests: three were asked for today.
        ProofPaused: the link was stopped.
    """
    participant, item = link.participant, link.participant.item
    with transaction.atomic():
        secret = renew_code(gate=link.gate)
        context = {"sender": item.sender, "reference": item.reference, "code": secret.value}
        mail_outside(participant=participant, template="items/emails/new_code", context=context)
        _note_sent(link, Proof.OPENING_CODE, CodePurpose.OPENING, visitor)


def mail_code(*, link: Link, purpose: CodePurpose, language: str, visitor: Visitor) -> codes.Issued:
    """Mail a code that works once, to the address the link was sent to, and return it; the one before it stops working.

    Args:
        purpose: what the code is for.
        language: of the mail, as the person reads the page.

    Raises:
        TooManyRequests: too soon, or too many; nothing was sent.
    """
    participant, item = link.participant, link.participant.item
    with transaction.atomic():
        throttle.take(limits.SENT_CODES_A_DAY, _day_subject(participant, purpose))
        issued = codes.issue_code(purpose=purpose, subject=code_subject(participant), are_tries_renewed=True)
        context = {
            "sender": item.sender,
            "reference": item.reference,
            "code": issued.digits,
            "expires_at": issued.expires_at,
        }
        mail_outside(participant=participant, template="items/emails/code", context=context, language=language)
        _note_sent(link, Proof.EMAIL_CODE, purpose, visitor)
    return issued


def text_code(*, link: Link, purpose: CodePurpose, language: str, visitor: Visitor) -> None:
    """Send a code by text to the number that is bound into a link; the one before it stops working.

    Args:
        language: of the words, as the person reads the page.

    Raises:
        TooManyRequests: too soon, or too many; nothing was sent.
        ContentDamaged: the number is not the one the sender gave.
        CountryNotServed, ProviderUnavailable: no text goes to this number now.
    """
    participant = link.participant
    if number_digest(participant.number).hex() != Policy.from_text(link.policy).number:
        raise ContentDamaged
    with transaction.atomic():
        throttle.take(limits.SENT_CODES_A_DAY, _day_subject(participant, purpose))
        send_code_text(
            reader=_reader(participant, language),
            number=participant.number,
            purpose=purpose,
            subject=code_subject(participant),
            visitor=visitor,
            are_tries_renewed=True,
        )
        _note_sent(link, Proof.SMS_CODE, purpose, visitor)


def claim_text_code(*, participant: Participant, purpose: CodePurpose, answer: str) -> None:
    """Use up a right code from a text; the count of the day begins anew.

    Raises:
        CodeWrong, CodeExpired, TooManyTries: as `codes.claim_code`.
    """
    claim_mailed_code(participant=participant, purpose=purpose, answer=answer)
    record_confirmation(account=code_subject(participant), purpose=purpose)


def claim_mailed_code(*, participant: Participant, purpose: CodePurpose, answer: str) -> None:
    """Use up a right code; the count of the day begins anew.

    Raises:
        CodeWrong, CodeExpired, TooManyTries: as `codes.claim_code`.
    """
    codes.claim_code(purpose=purpose, subject=code_subject(participant), answer=answer)
    throttle.forget(limits.SENT_CODES_A_DAY, _day_subject(participant, purpose))


def sent_code(*, participant: Participant, purpose: CodePurpose, proof: Proof = Proof.SMS_CODE) -> SentCode:
    """Return what is known of the codes a person was sent by text or by mail."""
    challenge = codes.challenge(purpose=purpose, subject=code_subject(participant))
    day_over_at = throttle.used_up_until(limits.SENT_CODES_A_DAY, _day_subject(participant, purpose))
    account, number = code_subject(participant), participant.number if proof is Proof.SMS_CODE else ""
    next_one = next_code(
        account=account, number=number, challenge=challenge, others=[day_over_at], are_tries_renewed=True
    )
    return SentCode(challenge, next_one)


def code_subject(participant: Participant) -> str:
    """Return the subject of a person's codes: one live code per person, whatever the browser."""
    return f"participant:{participant.pk}"


def _day_subject(participant: Participant, purpose: CodePurpose) -> str:
    return f"{purpose}:{code_subject(participant)}"


def _reader(participant: Participant, language: str) -> Reader:
    organization = participant.item.organization
    return Reader(
        account=code_subject(participant),
        organization=f"organization:{organization.pk}",
        organization_zone=organization.time_zone,
        language=language,
    )


def _note_sent(link: Link, proof: Proof, purpose: CodePurpose, visitor: Visitor) -> None:
    participant, facts = link.participant, {"link": link.number, "proof": proof, "purpose": purpose}
    actor = outsider(participant, visitor)
    record(kind=EventKind.CODE_SENT, item=participant.item, participant=participant, facts=facts, **actor)
