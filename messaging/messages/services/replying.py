"""Take in what a recipient writes back, and tell the owner that something came."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from accounts.visitors import Visitor
from core.crypto.links import new_secret
from core.crypto.secret import Secret
from core.db import database_now
from core.uploads import SealedUpload
from messaging.items.choices import ReturnKind
from messaging.items.errors import AlreadySent, ReturnNotWanted, SentOtherwise
from messaging.items.manifests import Manifest
from messaging.items.models import Item, Participant, Return
from messaging.items.services.arriving import keep_uploads, return_bytes
from messaging.items.services.form_bodies import digest_of_body, is_same_body
from messaging.items.services.opening import refuse_ended
from messaging.items.services.reply_proofs import given_reply_proof, require_reply_proof
from messaging.items.services.returning import take_in
from messaging.items.services.storing import require_room_for_return
from messaging.items.services.telling import tell_returned
from messaging.items.services.visiting import Visit
from messaging.messages.choices import ReplyKind
from messaging.messages.limits import SAME_REPLY_SECONDS
from messaging.messages.models import Message
from messaging.messages.replies import ReplyTerms


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply that is being written: what may come, and what its files are sealed under.

    Args:
        subject: of the message it answers.
        room_bytes: how much may still be kept for the sender of the message, for the page; the act looks again.
    """

    visit: Visit
    terms: ReplyTerms
    subject: str
    room_bytes: int = 0
    data_key: Secret = field(default_factory=new_secret)
    whole_id: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def files_at_most(self) -> int:
        """How many files may come; none where the sender wants text alone, or has a plan without files."""
        plan = self.visit.item.license.plan
        return plan.files_per_send if self.terms.kind.takes_files and plan.attachments_bytes else 0

    @property
    def is_file_needed(self) -> bool:
        """Tell whether a text alone is not enough; a plan that lost its files asks for none."""
        return self.terms.kind is ReplyKind.FILE_NEEDED and self.files_at_most > 0

    @property
    def bytes_at_most(self) -> int:
        """How large the files may be together."""
        plan = self.visit.item.license.plan
        return min(plan.attachments_bytes, self.room_bytes) if self.files_at_most else 0

    @property
    def is_room_short(self) -> bool:
        """Tell whether the space of the message's sender, and not the size of a reply, is what ends."""
        return self.room_bytes < self.visit.item.license.plan.attachments_bytes


def send_reply(
    *,
    reply: Reply,
    text: str,
    uploads: Sequence[SealedUpload],
    form_key: uuid.UUID,
    visitor: Visitor,
    at: datetime | None = None,
) -> Return:
    """Keep a reply, closed for the sender of the message, and tell them by mail that it came.

    Args:
        at: aware instant; None for now.

    Raises:
        ReturnNotWanted: the sender wants none.
        ProofRequired: a proof of its own is asked and was not given.
        AlreadySent: the form was sent before, as it is.
        SentOtherwise: it was sent before with something else in it.
        OwnersStorageFull: more would be kept for the sender of the message than their plan keeps.
        LinkRefused: the link is over.
    """
    visit, participant = reply.visit, reply.visit.participant
    if reply.terms.kind is ReplyKind.NONE:
        raise ReturnNotWanted
    require_reply_proof(visit)
    with transaction.atomic():
        # Whoever deletes or prolongs the message holds this row too: either they come first and this is refused.
        Item.objects.select_for_update().get(pk=visit.item.pk)
        refuse_ended(visit, at=at)
        if same_sent_before(reply=reply, text=text, uploads=uploads, form_key=form_key) is not None:
            raise AlreadySent(visit.item.reference)
        require_room_for_return(visit.item, more_bytes=return_bytes(text, uploads))
        returned = take_in(
            participant=participant,
            kind=ReturnKind.REPLY,
            manifest=Manifest(reply.subject, text, keep_uploads(uploads, whole_id=reply.whole_id)),
            data_key=reply.data_key,
            whole_id=reply.whole_id,
            form_key=form_key,
            is_owner_proof_asked=Message.objects.get(pk=visit.item.pk).is_owner_proof_asked,
            visitor=visitor,
            at=at or database_now(),
            proof=given_reply_proof(visit),
            body_digest=_digest(reply, text, uploads, form_key),
        )
        tell_returned(returned, "messages/emails/reply_arrived")
    return returned


def same_sent_before(*, reply: Reply, text: str, uploads: Sequence[SealedUpload], form_key: uuid.UUID) -> Return | None:
    """Return what a form became when it was sent before as it is, or None where it was not sent yet.

    After *Back* the same text and files come under another key: within a few minutes they are the same reply.

    Raises:
        SentOtherwise: it was sent before with something else in it.
    """
    before = sent_before(reply.visit.participant, form_key)
    if before is not None and not is_same_body(before, _digest(reply, text, uploads, form_key)):
        raise SentOtherwise
    return before or _sent_lately(reply, text, uploads)


def sent_before(participant: Participant, form_key: uuid.UUID) -> Return | None:
    """Return what a form became, or None where it was not sent yet."""
    return Return.objects.filter(participant=participant, form_key=form_key).first()


def _sent_lately(reply: Reply, text: str, uploads: Sequence[SealedUpload]) -> Return | None:
    since = database_now() - timedelta(seconds=SAME_REPLY_SECONDS)
    lately = Return.objects.filter(
        participant=reply.visit.participant, arrived_at__gte=since, body_digest__isnull=False
    )
    return next((one for one in lately if is_same_body(one, _digest(reply, text, uploads, one.form_key))), None)


def _digest(reply: Reply, text: str, uploads: Sequence[SealedUpload], form_key: uuid.UUID) -> bytes:
    return digest_of_body(reply.visit, form_key=form_key, texts=[text], files=uploads)
