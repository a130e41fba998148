"""Take in what a person outside hands over, closed for the owner of the envelope, and give a receipt.

Source: docs/decisions/0050-envelopes.md, docs/decisions/0051-receipts.md
"""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts.visitors import Visitor
from core import keys
from core.crypto.links import new_secret
from core.crypto.sealing import SealBroken
from core.crypto.secret import Secret
from core.db import database_now
from core.uploads import SealedUpload
from licenses.models import Plan
from messaging.envelopes.letters import mail_receipt
from messaging.envelopes.limits import RECEIPT_KEPT_DAYS
from messaging.envelopes.models import Envelope, Receipt
from messaging.envelopes.receipts import ReceiptText, open_receipt, seal_receipt
from messaging.items.choices import ReturnKind
from messaging.items.errors import LinkDone
from messaging.items.events.sealing import ChainNotOurs, seal_events
from messaging.items.manifests import FileEntry, Manifest
from messaging.items.models import Item, Return
from messaging.items.services.arriving import keep_uploads, return_bytes
from messaging.items.services.finishing import finish_part
from messaging.items.services.opening import refuse_ended
from messaging.items.services.returning import take_in
from messaging.items.services.storing import require_room_for_return
from messaging.items.services.telling import tell_returned
from messaging.items.services.visiting import Visit


@dataclass(frozen=True, slots=True)
class Filling:
    """An envelope that is being filled: what was asked, and what the files are sealed under.

    Args:
        asked: title and instructions.
        room_bytes: how much may still be kept for the owner, for the page; the act looks again.
        data_key: fresh for each form; nobody outside can open with it what they sent before.
    """

    visit: Visit
    asked: Manifest
    room_bytes: int
    data_key: Secret = field(default_factory=new_secret)
    whole_id: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def is_address_asked(self) -> bool:
        """Tell whether the portal has to ask who fills it: nobody was written to."""
        return not self.visit.participant.email

    @property
    def files_at_most(self) -> int:
        """How many files may come; none where the owner asks for text only."""
        return 0 if self.visit.item.envelope.is_text_only else filling_plan(self.visit.item).files_per_send

    @property
    def bytes_at_most(self) -> int:
        """How large the files may be together."""
        return min(filling_plan(self.visit.item).attachments_bytes, self.room_bytes)

    @property
    def is_room_short(self) -> bool:
        """Tell whether the owner's space, and not the size of a delivery, is what ends."""
        return self.room_bytes < filling_plan(self.visit.item).attachments_bytes


@dataclass(frozen=True, slots=True)
class Given:
    """What a person outside hands over.

    Args:
        name, email: as they call themselves; the address the mail went to where there is one.
        language: in which they read the page.
    """

    name: str
    email: str
    text: str
    uploads: Sequence[SealedUpload]
    language: str


def fill_envelope(
    *,
    filling: Filling,
    given: Given,
    form_key: uuid.UUID,
    visitor: Visitor,
    body_digest: bytes | None = None,
    at: datetime | None = None,
) -> Return:
    """Keep a delivery for the owner alone, close the envelope, mail the receipt, and tell the owner.

    What the receipt rests on is sealed before anybody is shown one.

    Args:
        body_digest: of the form, so that the same one is known when it comes again; None where nobody posted one.
        at: aware instant; None for now.

    Raises:
        LinkDone: it was filled before, by this form or another one.
        LinkRefused: the owner ended it meanwhile, or its time is over.
        OwnersStorageFull: more would be kept for the owner than their plan keeps.
    """
    visit = filling.visit
    with transaction.atomic():
        # Whoever deletes or prolongs the envelope holds this row too: either they come first and this is refused.
        Item.objects.select_for_update().get(pk=visit.item.pk)
        refuse_ended(visit, at=at)
        if not Envelope.objects.filter(pk=visit.item.pk, uses__lt=F("uses_allowed")).update(uses=F("uses") + 1):
            raise LinkDone
        require_room_for_return(visit.item, more_bytes=return_bytes(given.text, given.uploads))
        now, participant = at or database_now(), visit.participant
        participant.name, participant.email = given.name, given.email
        participant.save(update_fields=["name", "name_key", "email", "email_key"])
        files = keep_uploads(given.uploads, whole_id=filling.whole_id)
        envelope = Envelope.objects.get(pk=visit.item.pk)
        returned = take_in(
            participant=participant,
            kind=ReturnKind.SUBMISSION,
            manifest=Manifest(filling.asked.subject, given.text, files),
            data_key=filling.data_key,
            whole_id=filling.whole_id,
            form_key=form_key,
            is_owner_proof_asked=envelope.is_owner_proof_asked,
            visitor=visitor,
            at=now,
            body_digest=body_digest,
        )
        receipt = _keep_receipt(filling, given, returned, files)
        if envelope.uses >= envelope.uses_allowed:
            finish_part(participant, at=now)
        mail_receipt(participant=participant, receipt=receipt, at=now, language=given.language)
        tell_returned(returned, "envelopes/emails/delivery_arrived")
    # Of a chain that is not ours the operator reads in the log, each round; the delivery has arrived all the same.
    with suppress(ChainNotOurs):
        seal_events(organization_id=visit.item.organization_id)
    return returned


def filling_plan(item: Item) -> Plan:
    """Return the plan by which an envelope takes files: its owner's.

    Where that has envelopes no more, it is the lowest that has them, with files: what is open is finished.
    """
    plan = item.license.plan
    if plan.open_envelopes:
        return plan
    return Plan.objects.filter(open_envelopes__gt=0, attachments_bytes__gt=0).order_by("rank").first() or plan


def delivery_of(visit: Visit) -> Return | None:
    """Return what was handed over by a link, or None."""
    return Return.objects.filter(participant=visit.participant).order_by("-pk").first()


def receipt_of(visit: Visit, returned: Return) -> ReceiptText | None:
    """Return what the receipt of a delivery says, or None where it is kept no more."""
    receipt = Receipt.objects.filter(pk=returned.pk).first()
    if receipt is None:
        return None
    try:
        return open_receipt(
            bytes(receipt.sealed), secret=visit.secret, locator=bytes(visit.link.locator), week_on=receipt.week_on
        )
    except SealBroken:
        return None


def _keep_receipt(filling: Filling, given: Given, returned: Return, files: Sequence[FileEntry]) -> ReceiptText:
    visit, expires_at = filling.visit, returned.arrived_at + timedelta(days=RECEIPT_KEPT_DAYS)
    text = ReceiptText(
        owner=visit.item.sender.get_full_name(),
        organization=visit.item.organization.name,
        title=filling.asked.subject,
        name=given.name,
        email=given.email,
        text_characters=len(given.text),
        files=files,
    )
    week_on, locator = keys.monday_of(expires_at), bytes(visit.link.locator)
    sealed = seal_receipt(text, secret=visit.secret, locator=locator, week_on=week_on)
    Receipt.objects.create(returned=returned, sealed=sealed, week_on=week_on, expires_at=expires_at)
    return text
