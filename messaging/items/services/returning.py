"""Take in what comes back, closed for its owner, and let the owner read it.

Source: docs/decisions/0030-account-keys.md
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.visitors import Visitor
from core import keys
from core.crypto.container import commitment_to_key
from core.crypto.sealing import SealBroken
from core.crypto.secret import Secret
from messaging.items.choices import Proof, ReturnKind
from messaging.items.errors import AlreadySent, ContentDamaged, LinkExpired
from messaging.items.events.actors import outsider, owner
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.limits import RETURN_KEPT_DAYS
from messaging.items.manifests import Manifest, open_manifest
from messaging.items.models import Content, Participant, Return
from messaging.items.services.account_keys import account_key_of, close_for, open_for
from messaging.items.services.arriving import keep_manifest


def take_in(
    *,
    participant: Participant,
    kind: ReturnKind,
    manifest: Manifest,
    data_key: Secret,
    whole_id: uuid.UUID,
    form_key: uuid.UUID,
    is_owner_proof_asked: bool,
    visitor: Visitor | None,
    at: datetime,
    proof: Proof | None = None,
    body_digest: bytes | None = None,
    kept_days: int = RETURN_KEPT_DAYS,
) -> Return:
    """Write down what a person outside hands over, for the owner of the item alone.

    Args:
        participant: with its item and the item's sender.
        data_key: fresh for this return; seals the manifest and sealed the files already.
        form_key: of the form that was sent; the same form sent again takes nothing in.
        visitor: where the request came from; None for what the portal puts together by itself.
        proof: by which identity was proven for this return; None where no such proof was asked.
        body_digest: of the form, as `digest_of_body` makes it; None where nobody posted one.

    Raises:
        AlreadySent: a return of this form exists.
    """
    item, expires_at = participant.item, at + timedelta(days=kept_days)
    week_on = keys.monday_of(expires_at)
    returned = Return(
        item=item,
        participant=participant,
        owner=item.sender,
        whole_id=whole_id,
        kind=kind,
        form_key=form_key,
        body_digest=body_digest,
        arrived_at=at,
        expires_at=expires_at,
        week_on=week_on,
        key_commitment=commitment_to_key(data_key, whole_id.bytes),
        box=close_for(account_key_of(item.sender), data_key, whole_id=whole_id, week_on=week_on),
        file_count=len(manifest.files),
        size_bytes=manifest.plain_bytes,
        is_owner_proof_asked=is_owner_proof_asked,
    )
    _save_once(returned)
    keep_manifest(manifest, whole_id=whole_id, data_key=data_key)
    _record_arrived(returned, visitor, proof)
    return returned


def _record_arrived(returned: Return, visitor: Visitor | None, proof: Proof | None) -> None:
    item, participant = returned.item, returned.participant
    facts: dict[str, object] = {
        "return": returned.whole_id,
        "return_kind": returned.kind,
        "files": returned.file_count,
        "size_bytes": returned.size_bytes,
    }
    if proof is not None:
        facts["proof"] = proof
    actor = outsider(participant, visitor)
    record(
        kind=EventKind.RETURN_ARRIVED,
        item=item,
        participant=participant,
        facts=facts,
        at=returned.arrived_at,
        **actor,
    )


def _save_once(returned: Return) -> None:
    """Insert what came back; of two sendings of one form at once the second is told."""
    participant, form_key = returned.participant, returned.form_key
    try:
        with transaction.atomic():
            returned.save(force_insert=True)
    except IntegrityError:
        if not Return.objects.filter(participant=participant, form_key=form_key).exists():
            raise
        raise AlreadySent(returned.item.reference) from None


def returned_key(returned: Return, *, reader: User) -> Secret:
    """Return the data key of what came back to a person.

    Raises:
        LinkExpired: it was destroyed.
        ContentDamaged: it does not open for this person.
    """
    if returned.box is None:
        raise LinkExpired
    try:
        key, box = account_key_of(reader), bytes(returned.box)
        return open_for(key, box, whole_id=returned.whole_id, week_on=returned.week_on)
    except SealBroken:
        raise ContentDamaged from None


def returned_manifest(returned: Return, *, reader: User) -> Manifest:
    """Return the texts and the names of the files of what came back.

    Raises:
        LinkExpired, ContentDamaged: as `returned_key`.
    """
    key = returned_key(returned, reader=reader)
    content = Content.objects.filter(whole_id=returned.whole_id).first()
    if content is None:
        raise LinkExpired
    try:
        return open_manifest(bytes(content.sealed), data_key=key, whole_id=returned.whole_id)
    except SealBroken:
        raise ContentDamaged from None


def mark_read(returned: Return, *, visitor: Visitor, at: datetime) -> bool:
    """Note that the owner has read a return, and tell whether this was the first time."""
    with transaction.atomic():
        if not Return.objects.filter(pk=returned.pk, read_at=None).update(read_at=at):
            return False
        facts = {"return": returned.whole_id, "return_kind": returned.kind}
        actor = owner(returned.owner, visitor)
        item, participant = returned.item, returned.participant
        record(kind=EventKind.RETURN_READ, item=item, participant=participant, facts=facts, at=at, **actor)
    return True


def mark_done(returns: Sequence[int], *, reader: User, at: datetime) -> int:
    """Put returns of a person away, and tell how many."""
    return Return.objects.filter(pk__in=returns, owner=reader, done_at=None).update(done_at=at)


def mark_undone(returns: Sequence[int], *, reader: User) -> int:
    """Take returns of a person back from those put away, and tell how many."""
    return Return.objects.filter(pk__in=returns, owner=reader, done_at__isnull=False).update(done_at=None)
