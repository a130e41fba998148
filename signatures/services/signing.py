"""What a signer does with an opened link: agree, fill in, sign; or decline.

    consent     noted once; nothing can be signed before
    keep        what was filled in so far, sealed; of another device the same is shown again
    sign        the item's row held: the turn looked at, the part closed, those whose turn it is written to
    decline     ends the request for everybody

Source: docs/decisions/0067-signing.md
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from accounts.visitors import Visitor
from core import keys
from core.crypto.sealing import SealBroken, derive_key, keyed_hash, seal, unseal
from core.crypto.secret import Secret
from core.db import database_now
from messaging.items.errors import ContentDamaged, LinkDone
from messaging.items.events.actors import outsider
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.manifests import Manifest
from messaging.items.models import Item, Participant
from messaging.items.services.finishing import decline_part, finish_part
from messaging.items.services.handing import hand_out_link
from messaging.items.services.opening import data_key, manifest_of, refuse_ended
from messaging.items.services.visiting import Visit
from signatures.answers import Answers, is_complete, read_answers, write_answers
from signatures.choices import Stage
from signatures.letters import mail_ended, mail_turn, tell_declined
from signatures.limits import REASON_MOST_CHARACTERS, SEALED_KEPT_DAYS, SEALED_KNOWN_DAYS, SEALED_LINKS_DAYS
from signatures.models import SignatureRequest, Signer
from signatures.preparation import Preparation
from signatures.presented import digests_of, preparation_of
from signatures.request_errors import ZonesRefused
from signatures.signing_errors import AnswersChanged, AnswersMissing, ConsentMissing, NotYourTurn, TextTooLong
from signatures.turns import whose_turn

REASON_PLACE = "signatures_signer:reason:{holder}"


@dataclass(frozen=True, slots=True)
class Signing:
    """A request as an opened link shows it to its signer.

    Args:
        signer: with its request; as it stood when the page was asked for.
    """

    visit: Visit
    signer: Signer
    manifest: Manifest
    preparation: Preparation
    data_key: Secret

    @property
    def answers(self) -> Answers:
        """What this signer filled in so far.

        Raises:
            ContentDamaged: it does not open as it was kept.
        """
        return answers_of_signer(self.signer, papers_of=self.preparation, data_key=self.data_key)

    @property
    def answers_digest(self) -> str:
        """By what the answers are known again that a signer looked at before signing.

        Raises:
            ContentDamaged: as `answers`.
        """
        return _digest(self.signer, self.answers, self.data_key)


def signing_of(visit: Visit) -> Signing:
    """Return what an opened link lets its signer see and do.

    Raises:
        LinkRefused: not opened, or over.
        ContentDamaged: what is kept does not open as it was sealed.
    """
    manifest = manifest_of(visit)
    signer = Signer.objects.select_related("request").get(pk=visit.participant.pk)
    return Signing(visit, signer, manifest, preparation_of(manifest), data_key(visit))


def consent(signing: Signing, *, visitor: Visitor) -> None:
    """Note that a signer agrees to sign electronically; once, with the digests of what is shown.

    Raises:
        LinkRefused: the request is over meanwhile.
    """
    with transaction.atomic():
        now = _held(signing)
        if Signer.objects.filter(pk=signing.signer.pk, consented_at=None).update(consented_at=now):
            _record(EventKind.CONSENTED, signing, visitor, now, digests=digests_of(signing.preparation))


def keep_answers(signing: Signing, answers: Answers) -> None:
    """Keep what a signer filled in so far, whole or not; the last of two devices stays.

    Raises:
        LinkRefused: the request is over meanwhile.
    """
    with transaction.atomic():
        _held(signing)
        sealed = seal_answers(signing.signer, answers, data_key=signing.data_key)
        Signer.objects.filter(pk=signing.signer.pk, signed_at=None).update(answers_sealed=sealed)


def sign(signing: Signing, *, reviewed: str, visitor: Visitor) -> None:
    """Sign with what was filled in: the part is done, and those whose turn it is now are written to.

    Args:
        reviewed: `Signing.answers_digest` of what the signer looked at; another tab may have filled in something else.

    Raises:
        LinkDone: this signer has signed before, in another tab.
        LinkRefused: the request is over meanwhile.
        NotYourTurn: somebody who comes first has not signed.
        ConsentMissing, AnswersMissing: not everything was given.
        AnswersChanged: it is not what the signer looked at.
        ContentDamaged: what is kept does not open as it was sealed.
    """
    with transaction.atomic():
        now = _held(signing)
        request = SignatureRequest.objects.select_for_update(no_key=True).get(pk=signing.visit.item.pk)
        signers = list(request.signers.select_related("participant").order_by("place"))
        signer = next(one for one in signers if one.pk == signing.signer.pk)
        _require_ready(signer, signers, signing, reviewed)
        signer.signed_at = now
        signer.save(update_fields=["signed_at"])
        _record(EventKind.SIGNED, signing, visitor, now, digests=digests_of(signing.preparation))
        finish_part(signing.visit.participant, at=now)
        _go_on(request, signers, signing, now)


def require_turn(signing: Signing) -> None:
    """Refuse who comes later: they see no document before everybody who comes first has signed.

    Raises:
        NotYourTurn: somebody who comes first has not.
    """
    signed = signing.signer.request.signers.filter(signed_at__isnull=False)
    if signing.signer.place not in whose_turn(signing.preparation.signers, set(signed.values_list("place", flat=True))):
        raise NotYourTurn


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
        now = _held(signing)
        participant = signing.visit.participant
        if not decline_part(participant, at=now):
            raise LinkDone
        sealed = seal(keys.derived("declining"), reason.encode(), place=_reason_place(participant)) if reason else None
        Signer.objects.filter(pk=participant.pk).update(reason_sealed=sealed)
        SignatureRequest.objects.filter(pk=signing.visit.item.pk).update(declined_at=now)
        _record(EventKind.DECLINED, signing, visitor, now)
        tell_declined(signing.visit.item, participant=participant, at=now)
        for other in _written_to(signing.visit.item).exclude(pk=participant.pk):
            mail_ended(participant=other.participant, language=other.language, reason="declined")


def tell_cancelled(item: Item, _at: datetime) -> None:
    """Tell everybody who was written to that a request was cancelled; once all have the sealed documents, nobody."""
    if SignatureRequest.objects.filter(pk=item.pk, declined_at=None).exclude(stage=Stage.COMPLETED).exists():
        for signer in _written_to(item):
            mail_ended(participant=signer.participant, language=signer.language, reason="cancelled")


def why_it_stays(item: Item) -> str:
    """Return why a request cannot be ended now: what everybody has signed is sealed first."""
    to_be_sealed = SignatureRequest.objects.filter(stage__in=[Stage.SIGNED_BY_ALL, Stage.SEALING])
    if not to_be_sealed.filter(pk=item.pk).exists():
        return ""
    return gettext("Everybody has signed, and the documents are being sealed. It can be deleted after that.")


def _written_to(item: Item) -> QuerySet[Signer]:
    """Return the signers who were asked to sign; who waits knows of nothing."""
    signers = Signer.objects.filter(request=item.pk, participant__is_waiting=False).order_by("place")
    return signers.select_related("participant__item__sender", "participant__item__organization")


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


def seal_answers(signer: Signer, answers: Answers, *, data_key: Secret) -> bytes:
    """Return answers sealed under a key that only those who may read the request have."""
    return seal(_answers_key(signer, data_key), write_answers(answers), place=_answers_place(signer))


def answers_of_signer(signer: Signer, *, papers_of: Preparation, data_key: Secret) -> Answers:
    """Return what a signer filled in; nothing where they have not begun.

    Raises:
        ContentDamaged: it does not open as it was kept.
    """
    if signer.answers_sealed is None:
        return Answers(signer.place)
    try:
        kept = unseal(_answers_key(signer, data_key), bytes(signer.answers_sealed), place=_answers_place(signer))
        return read_answers(kept, papers=papers_of.papers)
    except (SealBroken, KeyError, TypeError, ValueError, ZonesRefused):
        raise ContentDamaged from None


def _held(signing: Signing) -> datetime:
    """Hold the item's row, so that whoever cancels, declines or signs comes before or after; return now."""
    Item.objects.select_for_update(no_key=True).get(pk=signing.visit.item.pk)
    now = database_now()
    refuse_ended(signing.visit, at=now)
    return now


def _require_ready(signer: Signer, signers: Sequence[Signer], signing: Signing, reviewed: str) -> None:
    done = {one.place for one in signers if one.signed_at is not None}
    if signer.place not in whose_turn(signing.preparation.signers, done):
        raise NotYourTurn
    if signer.consented_at is None:
        raise ConsentMissing
    answers = answers_of_signer(signer, papers_of=signing.preparation, data_key=signing.data_key)
    if not is_complete(signing.preparation.zones, answers):
        raise AnswersMissing
    if not hmac.compare_digest(_digest(signer, answers, signing.data_key).encode(), reviewed.encode()):
        raise AnswersChanged


def _go_on(request: SignatureRequest, signers: Sequence[Signer], signing: Signing, now: datetime) -> None:
    """Write to those whose turn it is now; once all have signed, leave the request to the worker."""
    done = {one.place for one in signers if one.signed_at is not None}
    turn = whose_turn(signing.preparation.signers, done)
    for signer in signers:
        if signer.place in turn and signer.participant.is_waiting:
            made, _secret = hand_out_link(signer.participant, data_key=signing.data_key, at=now)
            mail_turn(made=made, language=signer.language)
    if turn:
        return
    request.stage, request.signed_by_all_at, request.next_try_at = Stage.SIGNED_BY_ALL, now, now
    request.save(update_fields=["stage", "signed_by_all_at", "next_try_at"])
    keep_open(signing.visit.item, at=now)


def keep_open(item: Item, *, at: datetime) -> None:
    """Let an item that all have signed live as long as its sealed documents, and its links for a month of it.

    Its log is kept for as long as the documents are known again.

    Args:
        at: aware instant of the last signature, or of the sealing.
    """
    ends_at = min(at + timedelta(days=SEALED_KEPT_DAYS), item.longest_until)
    Item.objects.filter(pk=item.pk).update(expires_at=ends_at, log_kept_until=at + timedelta(days=SEALED_KNOWN_DAYS))
    item.participants.update(expires_at=links_end(at, ends_at))


def links_end(at: datetime, ends_at: datetime) -> datetime:
    """Return until when a link to sealed documents opens that is sent at an aware instant.

    Args:
        ends_at: of the item.
    """
    return min(at + timedelta(days=SEALED_LINKS_DAYS), ends_at)


def _record(kind: EventKind, signing: Signing, visitor: Visitor, now: datetime, **facts: object) -> None:
    visit = signing.visit
    facts = {"link": visit.link.number, "proof": visit.policy.proof, **facts}
    actor = outsider(visit.participant, visitor)
    record(kind=kind, item=visit.item, participant=visit.participant, facts=facts, at=now, **actor)


def _answers_key(signer: Signer, data_key: Secret) -> bytes:
    return derive_key(data_key.reveal(), purpose="signer answers", context=signer.participant.holder_id.bytes)


def _digest(signer: Signer, answers: Answers, data_key: Secret) -> str:
    return keyed_hash(_answers_key(signer, data_key), "reviewed", write_answers(answers)).hex()


def _answers_place(signer: Signer) -> str:
    return f"signatures_signer:answers:{signer.participant.holder_id}"


def _reason_place(participant: Participant) -> str:
    return REASON_PLACE.format(holder=participant.holder_id)
