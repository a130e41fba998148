"""What a person outside does at a link they were let in at: prove who they are, open, and read.

    proof given         one opening taken, by a conditional UPDATE; reloads and downloads in it cost nothing
    each request        the end looked at, the data key unwrapped; nothing is kept in between

Source: docs/decisions/0032-opening.md
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F

from accounts.visitors import Visitor
from core.crypto.sealing import SealBroken
from core.crypto.secret import Secret
from core.db import database_now
from messaging.items import limits
from messaging.items.choices import CodePurpose, Proof
from messaging.items.errors import ContentDamaged, LinkDone, LinkUnknown, OpeningsUsedUp
from messaging.items.events.actors import outsider
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.kinds import kind_of
from messaging.items.manifests import Manifest, open_manifest
from messaging.items.models import Item, Link, OpenSession, Participant
from messaging.items.services.checking import note_opened
from messaging.items.services.ends import refuse_over
from messaging.items.services.gates import answer_code, answer_password
from messaging.items.services.links import data_key_of
from messaging.items.services.misses import MISSES, note_miss
from messaging.items.services.proof_codes import claim_mailed_code, claim_text_code
from messaging.items.services.visit_rows import content_of
from messaging.items.services.visiting import Visit, find_link


def prove(*, visit: Visit, answer: str, visitor: Visitor, at: datetime | None = None) -> None:
    """Take a person's answer to what the link asks, and open; both are written down.

    Call it outside any transaction: what was missed stays counted.

    Args:
        at: aware instant; None for now.

    Raises:
        ProofWrong, ProofPaused, CodeWrong, CodeExpired, TooManyTries: the answer does not open; tries are counted.
        LinkRefused: the link is over, or its openings are.
    """
    if visit.is_open:
        return
    at = at or database_now()
    try:
        _compare(visit, answer)
    except MISSES as refusal:
        proof = visit.policy.proof
        note_miss(link=visit.link, proof=proof, purpose=CodePurpose.OPENING, refusal=refusal, visitor=visitor, at=at)
        raise
    _open(visit, visitor, at)


def data_key(visit: Visit, *, at: datetime | None = None) -> Secret:
    """Return the key of an opened item's content.

    Args:
        at: aware instant; None for now.

    Raises:
        LinkRefused: not opened, or over.
        ContentDamaged: something about the link was changed; nothing is released.
    """
    if visit.is_done:
        raise LinkDone
    if not visit.is_open:
        raise LinkUnknown
    try:
        return data_key_of(visit.link, visit.secret, at=at or database_now())
    except SealBroken:
        raise ContentDamaged from None


def manifest_of(visit: Visit, *, at: datetime | None = None) -> Manifest:
    """Return the texts and the names of the files of an opened item.

    Args:
        at: aware instant; None for now. A page that is drawn at once takes the one of its visit.

    Raises:
        ContentDamaged: what is kept does not open as it was sealed.
    """
    key = data_key(visit, at=at)
    sealed = content_of(visit.item)
    if sealed is None:
        raise ContentDamaged
    try:
        return open_manifest(sealed, data_key=key, whole_id=visit.item.whole_id)
    except SealBroken:
        raise ContentDamaged from None


def refuse_ended(visit: Visit, *, at: datetime | None = None) -> None:
    """Look at the link once more, after something that took long.

    Args:
        at: aware instant; None for now.

    Raises:
        LinkRefused: it is over meanwhile.
    """
    link = find_link(bytes(visit.link.locator))
    if link is None:
        raise LinkUnknown
    if link.is_done:
        raise LinkDone
    refuse_over(link, at or database_now())


def _compare(visit: Visit, answer: str) -> None:
    proof = visit.policy.proof
    if proof is Proof.OPENING_CODE:
        answer_code(gate=visit.link.gate, answer=answer)
    elif proof is Proof.ITEM_PASSWORD:
        answer_password(gate=visit.link.gate, answer=answer)
    elif proof is Proof.EMAIL_CODE:
        claim_mailed_code(participant=visit.participant, purpose=CodePurpose.OPENING, answer=answer)
    elif proof is Proof.SMS_CODE:
        claim_text_code(participant=visit.participant, purpose=CodePurpose.OPENING, answer=answer)


def _open(visit: Visit, visitor: Visitor, now: datetime) -> None:
    """Take one opening for this browser: once for a double click, never beyond what is allowed.

    Behind a link by which its person did what was asked nothing is opened, and no opening taken: what the product shows
    of what was done is shown.
    """
    participant = visit.participant
    ends_at = now + timedelta(seconds=limits.OPENING_MOST_SECONDS)
    with transaction.atomic():
        # Whoever deletes the item or renews the link holds this row too: either they come first and this is refused.
        Item.objects.select_for_update(no_key=True).get(pk=visit.item.pk)
        own = OpenSession.objects.filter(digest=visit.session.digest, opened_at=None)
        if own.update(opened_at=now, seen_at=now, ends_at=ends_at) == 1 and not visit.is_done:
            most = min(visit.policy.openings, participant.openings_allowed)
            lives = Exists(Link.objects.filter(pk=visit.link.pk, ended_at=None))
            left = Participant.objects.filter(lives, pk=participant.pk, revoked_at=None, expires_at__gt=now)
            if not left.filter(openings_used__lt=most).update(openings_used=F("openings_used") + 1):
                refuse_ended(visit, at=now)
                raise OpeningsUsedUp
            is_first = Participant.objects.filter(pk=participant.pk, first_opened_at=None).update(first_opened_at=now)
            opening = Participant.objects.values_list("openings_used", flat=True).get(pk=participant.pk)
            facts = {"link": visit.link.number, "proof": visit.policy.proof, "opening": opening}
            actor = outsider(participant, visitor)
            record(kind=EventKind.OPENED, item=visit.item, participant=participant, facts=facts, at=now, **actor)
            note_opened(link=visit.link, visitor=visitor)
            if is_first:
                kind_of(visit.item.kind).on_first_opening(participant, now)
    visit.session.refresh_from_db(fields=["opened_at", "seen_at", "ends_at"])
