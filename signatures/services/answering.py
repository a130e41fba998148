"""What an opened link shows its signer, and what they fill in: kept sealed, so that another device shows the same.

Whatever a signer does begins with the item's row held; consenting, signing and declining are recorded in the same
transaction.
Source: docs/decisions/0067-signing.md
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.visitors import Visitor
from core.crypto.sealing import SealBroken, derive_key, keyed_hash, seal, unseal
from core.crypto.secret import Secret
from core.db import database_now
from messaging.items.errors import ContentDamaged
from messaging.items.events.actors import outsider
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.manifests import Manifest
from messaging.items.models import Item
from messaging.items.services.opening import data_key, manifest_of, refuse_ended
from messaging.items.services.visiting import Visit
from signatures.answers import Answers, read_answers, write_answers
from signatures.models import Signer
from signatures.preparation import Preparation
from signatures.presented import preparation_of
from signatures.request_errors import ZonesRefused


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
        return digest_of_answers(self.signer, self.answers, self.data_key)


def signing_of(visit: Visit) -> Signing:
    """Return what an opened link lets its signer see and do.

    Raises:
        LinkRefused: not opened, or over.
        ContentDamaged: what is kept does not open as it was sealed.
    """
    manifest = manifest_of(visit)
    signer = Signer.objects.select_related("request").get(pk=visit.participant.pk)
    return Signing(visit, signer, manifest, preparation_of(manifest), data_key(visit))


def keep_answers(signing: Signing, answers: Answers) -> None:
    """Keep what a signer filled in so far, whole or not; the last of two devices stays.

    Raises:
        LinkRefused: the request is over meanwhile.
    """
    with transaction.atomic():
        hold(signing)
        signer = signing.signer
        sealed = seal_answers(signer, answers, signing.data_key)
        Signer.objects.filter(pk=signer.pk, signed_at=None).update(answers_sealed=sealed)


def seal_answers(signer: Signer, answers: Answers, data_key: Secret) -> bytes:
    """Return answers as they are kept."""
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


def digest_of_answers(signer: Signer, answers: Answers, data_key: Secret) -> str:
    """Return by what answers are known again; only those who may read the request can make it."""
    return keyed_hash(_answers_key(signer, data_key), "reviewed", write_answers(answers)).hex()


def hold(signing: Signing) -> datetime:
    """Hold the item's row, so that whoever cancels, declines or signs comes before or after; return now."""
    Item.objects.select_for_update(no_key=True).get(pk=signing.visit.item.pk)
    now = database_now()
    refuse_ended(signing.visit, at=now)
    return now


def record_act(kind: EventKind, signing: Signing, visitor: Visitor, now: datetime, **facts: object) -> None:
    """Record what a signer did, in the caller's transaction.

    Args:
        now: aware instant of `hold`.
        facts: of this act, beside the link and the proof.
    """
    visit = signing.visit
    facts = {"link": visit.link.number, "proof": visit.policy.proof, **facts}
    actor = outsider(visit.participant, visitor)
    record(kind=kind, item=visit.item, participant=visit.participant, facts=facts, at=now, **actor)


def _answers_key(signer: Signer, data_key: Secret) -> bytes:
    return derive_key(data_key.reveal(), purpose="signer answers", context=signer.participant.holder_id.bytes)


def _answers_place(signer: Signer) -> str:
    return f"signatures_signer:answers:{signer.participant.holder_id}"
