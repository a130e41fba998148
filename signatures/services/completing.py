"""Seal what everybody has signed; the worker asks through the setting WORKER_STEPS.

    claim       SIGNED_BY_ALL → SEALING under a lease, by one conditional UPDATE
    seal        from what was presented and what the signers gave; nothing half-made is ever kept
    look        each sealed file is judged as a stranger's would be
    complete    SEALING → COMPLETED with files, digests and links, in one transaction, by the holder of the claim

Source: docs/decisions/0068-completing.md
"""

import logging
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from core.crypto.secret import Secret
from core.db import database_now
from core.steps import take_step
from core.uploads import SealedUpload, seal_file
from messaging.items.choices import ReturnKind
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.events.sealing import ChainNotOurs, seal_events
from messaging.items.manifests import Manifest
from messaging.items.models import Item
from messaging.items.services.arriving import keep_uploads
from messaging.items.services.controlling import copied_key, copied_manifest
from messaging.items.services.handing import hand_out_link
from messaging.items.services.returning import take_in
from messaging.items.services.storing import count_room
from messaging.items.services.telling import tell_returned
from signatures.certifying import Completed, certificate_of
from signatures.choices import Stage
from signatures.errors import SealingUnavailable
from signatures.letters import mail_sealed
from signatures.limits import SEALED_KEPT_DAYS
from signatures.models import SignatureRequest, Signer
from signatures.papers import Paper
from signatures.pdf.reasons import PdfBusy
from signatures.pdf.stamping import Stamp
from signatures.pdf.time_stamps import TimeStampUnavailable
from signatures.pdf.verdicts import Outcome
from signatures.preparation import Preparation
from signatures.presented import paper_files, preparation_of, source_of
from signatures.sealers import Seal, seal_at, verify_file
from signatures.services.answering import answers_of_signer
from signatures.services.claiming import claim_next, try_again
from signatures.services.holding import has_waited, note_held
from signatures.services.recording import record_sealed
from signatures.services.sealing import set_seal
from signatures.services.signing import keep_open
from signatures.stamps import stamps_of, written_date

logger = logging.getLogger("portal.worker")
CONTENT_TYPE = "application/pdf"


class SealedWrongly(Exception):
    """A file that was just sealed is not found whole by who looks at it; it is not given to anybody."""


@dataclass(frozen=True, slots=True)
class Work:
    """A request that one worker seals.

    Args:
        request: with its item and the item's sender.
        claim: of this worker; whoever holds another one wins.
        signers: with their participants, by place.
    """

    request: SignatureRequest
    claim: uuid.UUID
    signers: Sequence[Signer]
    manifest: Manifest
    preparation: Preparation
    data_key: Secret
    at: datetime

    @property
    def is_time_stamped(self) -> bool:
        """Tell whether the seal has to have a time stamp, where a server is set: it is held, or still waited for."""
        return settings.TSA_HOLDS or not has_waited(self.request, self.at)


@dataclass(frozen=True, slots=True)
class Stamped:
    """A document with what is put on it: what the signers gave, and the certificate behind it."""

    source: bytes
    stamps: Sequence[Stamp]
    certificate: bytes


@dataclass(frozen=True, slots=True)
class SealedPaper:
    """A sealed document, kept under the request's key for the whole that its owner gets."""

    upload: SealedUpload
    presented: bytes
    is_time_stamped: bool


def complete_what_waits() -> bool:
    """Seal one request that everybody has signed, and tell whether there may be another one.

    A fault in one keeps no other from being sealed: it is tried again later.
    """
    claimed = claim_next()
    if claimed is None:
        return False
    take_step("complete_what_waits", lambda: complete(*claimed), row=claimed[0])
    return True


def complete(pk: int, claim: uuid.UUID) -> bool:
    """Seal a claimed request and give it to everybody; tell whether this call did it.

    What is not possible now, since the seal, the time-stamp server or the reader of documents is away, is tried again.

    Raises:
        SealedWrongly, ContentDamaged, CopyMissing, FileUnreadable: it cannot be sealed as it is.
    """
    try:
        return _complete(pk, claim)
    except (SealingUnavailable, TimeStampUnavailable, PdfBusy) as away:
        logger.warning("sealing.waits", extra={"row": str(pk), "reason": type(away).__name__})
        try_again(pk, claim)
        if settings.TSA_HOLDS and isinstance(away, TimeStampUnavailable):
            note_held(pk)
        return False


def _complete(pk: int, claim: uuid.UUID) -> bool:
    work, whole_id = _work(pk, claim), uuid.uuid4()
    papers, item, seal = work.preparation.papers, work.request.item, seal_at(work.at)
    # The end of the event log stands on the certificate, with everything that happened to this request before it.
    seal_events(organization_id=item.organization_id)
    certificate, stamps = certificate_of(_completed(work, is_demo=seal.is_demo)), _stamps(work)
    kept: list[SealedPaper] = []
    try:
        for place, file in enumerate(paper_files(work.manifest, papers, item=item, data_key=work.data_key)):
            stamped = Stamped(source_of(file, papers[place]), stamps.get(place, []), certificate)
            kept.append(_seal_paper(work, papers[place], stamped, seal, whole_id))
        return _give_to_all(work, kept, whole_id, is_demo=seal.is_demo)
    finally:
        for one in kept:
            one.upload.close()


def _work(pk: int, claim: uuid.UUID) -> Work:
    request = SignatureRequest.objects.select_related("item__sender", "item__organization").get(pk=pk)
    signers = list(request.signers.select_related("participant__item").order_by("place"))
    now = database_now()
    data_key, manifest = copied_key(request.item, at=now), copied_manifest(request.item, at=now)
    return Work(request, claim, signers, manifest, preparation_of(manifest), data_key, now)


def _completed(work: Work, *, is_demo: bool) -> Completed:
    return Completed(
        item=work.request.item,
        title=work.manifest.subject,
        preparation=work.preparation,
        signers=work.signers,
        at=work.at,
        is_demo=is_demo,
        is_time_stamped=bool(settings.TSA_URL) and work.is_time_stamped,
    )


def _seal_paper(work: Work, paper: Paper, stamped: Stamped, seal: Seal, whole_id: uuid.UUID) -> SealedPaper:
    """Seal one document, look at it as a stranger would, and keep it for the whole that its owner gets."""
    sealed = set_seal(
        stamped.source,
        by=seal,
        stamps=stamped.stamps,
        last_pages=stamped.certificate,
        reason=work.request.item.reference,
        at=work.at,
        is_time_stamped=work.is_time_stamped,
    )
    verdict = verify_file(sealed)
    if verdict.outcome != Outcome.SEALED or verdict.seal is None or verdict.seal.presented_sha256 != paper.sha256:
        raise SealedWrongly
    upload = seal_file(
        [sealed], name=paper.name, content_type=CONTENT_TYPE, data_key=work.data_key, whole=whole_id.bytes
    )
    return SealedPaper(upload, bytes.fromhex(paper.sha256), verdict.is_time_stamped)


def _stamps(work: Work) -> dict[int, list[Stamp]]:
    preparation = work.preparation
    answers = [answers_of_signer(one, papers_of=preparation, data_key=work.data_key) for one in work.signers]
    dates = {
        one.place: written_date(one.signed_at, preparation.habits) for one in work.signers if one.signed_at is not None
    }
    names = {place: signer.name for place, signer in enumerate(preparation.signers)}
    return stamps_of(preparation.zones, answers, dates=dates, names=names)


def _give_to_all(work: Work, kept: Sequence[SealedPaper], whole_id: uuid.UUID, *, is_demo: bool) -> bool:
    """Complete the request in one transaction: the owner's files, the digests, the events, everybody's link."""
    request, item = work.request, work.request.item
    with transaction.atomic():
        item = Item.objects.select_for_update(no_key=True).select_related("sender").get(pk=item.pk)
        now = database_now()
        own = SignatureRequest.objects.filter(pk=request.pk, stage=Stage.SEALING, claim=work.claim)
        if item.revoked_at is not None or not own.update(
            stage=Stage.COMPLETED, completed_at=now, claim=None, next_try_at=None, sealed_whole_id=whole_id
        ):
            return False
        keep_open(item, at=now)
        returned = take_in(
            participant=max(work.signers, key=lambda one: (one.signed_at or now, one.place)).participant,
            kind=ReturnKind.SIGNED,
            manifest=Manifest(work.manifest.subject, "", keep_uploads([one.upload for one in kept], whole_id=whole_id)),
            data_key=work.data_key,
            whole_id=whole_id,
            form_key=uuid.uuid4(),
            is_owner_proof_asked=request.is_owner_proof_asked,
            visitor=None,
            at=now,
            kept_days=SEALED_KEPT_DAYS,
        )
        _note(work, kept, whole_id, now, is_demo=is_demo)
        for signer in work.signers:
            made, _secret = hand_out_link(signer.participant, data_key=work.data_key, at=now)
            mail_sealed(made=made, language=signer.language)
        tell_returned(returned, "signatures/emails/completed")
        count_room(owner=item.sender, written_bytes=returned.size_bytes)
    # Of a chain that is not ours the operator reads in the log, each round; the request is completed all the same.
    with suppress(ChainNotOurs):
        seal_events(organization_id=item.organization_id)
    return True


def _note(work: Work, kept: Sequence[SealedPaper], whole_id: uuid.UUID, now: datetime, *, is_demo: bool) -> None:
    item = work.request.item
    facts = {
        "return": whole_id,
        "files": len(kept),
        "digests": [one.upload.sha256 for one in kept],
        "is_time_stamped": all(one.is_time_stamped for one in kept),
    }
    record(kind=EventKind.SEALED, item=item, facts=facts, at=now)
    for number, one in enumerate(kept, start=1):
        record_sealed(
            reference=item.reference,
            number=number,
            presented_sha256=one.presented,
            sealed_sha256=one.upload.sha256,
            sealed_at=work.at,
            is_time_stamped=one.is_time_stamped,
            is_demo=is_demo,
        )
