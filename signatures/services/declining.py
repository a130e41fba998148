"""End a request before all have signed: a signer declines, or its requester cancels it; whoever was asked is told.

Source: docs/decisions/0067-signing.md
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from accounts.visitors import Visitor
from core import keys
from core.crypto.sealing import SealBroken, seal, unseal
from messaging.items.errors import ContentDamaged, LinkDone
from messaging.items.events.kinds import EventKind
from messaging.items.models import Item, Participant
from messaging.items.services.finishing import decline_part
from signatures.choices import Stage
from signatures.letters import mail_ended, tell_declined
from signatures.limits import REASON_MOST_CHARACTERS
from signatures.models import SignatureRequest, Signer
from signatures.services.answering import Signing, hold, record_act
from signatures.signing_errors import TextTooLong


def decline(signing: Signing, *, reason: str, visitor: Visitor) -> None:
    """Decline to sign, which ends the request for everybody; its requester and those written to are told.

    Args:
        reason: for the requester; may be empty.

    Raises:
        TextTooLong: more characters than are kept.
        LinkRefused: the request is over meanwhile, or this signer has signed.
    """
    # A browser sends two characters for the end of a line and counts one.
    reason = reason.replace("\r\n", "\n").strip()
    if len(reason) > REASON_MOST_CHARACTERS:
        raise TextTooLong(REASON_MOST_CHARACTERS)
    with transaction.atomic():
        now = hold(signing)
        participant = signing.visit.participant
        if not decline_part(participant, at=now):
            raise LinkDone
        sealed = seal(keys.derived("declining"), reason.encode(), place=_reason_place(participant)) if reason else None
        Signer.objects.filter(pk=participant.pk).update(reason_sealed=sealed)
        SignatureRequest.objects.filter(pk=signing.visit.item.pk).update(declined_at=now)
        record_act(EventKind.DECLINED, signing, visitor, now)
        tell_declined(signing.visit.item, participant=participant, at=now)
        for other in _written_to(signing.visit.item).exclude(pk=participant.pk):
            mail_ended(participant=other.participant, language=other.language, reason="declined")


def reason_of(signer: Signer) -> str:
    """Return why a signer declined, for the requester; empty where nothing was written.

    Raises:
        ContentDamaged: it does not open as it was kept.
    """
    if signer.reason_sealed is None:
        return ""
    try:
        kept = unseal(keys.derived("declining"), bytes(signer.reason_sealed), place=_reason_place(signer.participant))
    except SealBroken:
        raise ContentDamaged from None
    return kept.decode()


def tell_cancelled(item: Item, _at: datetime) -> None:
    """Tell everybody who was written to that a request was cancelled; once all have the sealed documents, nobody."""
    if _was_on_its_way(item):
        for signer in _written_to(item):
            mail_ended(participant=signer.participant, language=signer.language, reason="cancelled")


def ending_word(item: Item) -> str:
    """Return what it is called that a requester ended a request: cancelling, unless it was over already."""
    return gettext("Cancelled by the sender") if item.revoked_at is not None and _was_on_its_way(item) else ""


def why_it_stays(item: Item) -> str:
    """Return why a request cannot be ended now: what everybody has signed is sealed first."""
    to_be_sealed = SignatureRequest.objects.filter(stage__in=[Stage.SIGNED_BY_ALL, Stage.SEALING])
    if not to_be_sealed.filter(pk=item.pk).exists():
        return ""
    return gettext("Everybody has signed, and the documents are being sealed. It can be deleted after that.")


def _was_on_its_way(item: Item) -> bool:
    """Tell whether nobody declined, and no sealed documents were made, before a request ended."""
    return SignatureRequest.objects.filter(pk=item.pk, declined_at=None).exclude(stage=Stage.COMPLETED).exists()


def _written_to(item: Item) -> QuerySet[Signer]:
    """Return the signers who were asked to sign; who waits knows of nothing."""
    signers = Signer.objects.filter(request=item.pk, participant__is_waiting=False).order_by("place")
    return signers.select_related("participant__item__sender", "participant__item__organization")


def _reason_place(participant: Participant) -> str:
    return f"signatures_signer:reason:{participant.holder_id}"
