"""Send a secure message: one transaction takes the month's message, writes the item and leaves the mails.

Source: docs/decisions/0041-sending.md
"""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from accounts.visitors import Visitor
from core.db import database_now
from licenses.access import Held, held_by
from licenses.errors import LicenseExpired, LicenseMissing
from licenses.models import Feature, License, Plan
from messaging.items.choices import Proof
from messaging.items.manifests import Manifest
from messaging.items.models import Item, Participant
from messaging.items.services.controlling import copied_manifest, renew_link
from messaging.items.services.creating import Made, Person, Terms, create_item
from messaging.items.services.gates import GateSecret, agreed_password, new_opening_code
from messaging.items.services.storing import require_room
from messaging.messages.choices import KIND
from messaging.messages.composition import Composition, Recipient
from messaging.messages.errors import BeyondPlan
from messaging.messages.letters import write_link_mail
from messaging.messages.models import Message
from messaging.messages.services.drafting import MessageDraft, take_draft
from messaging.quota.services.counting import take_message
from messaging.quota.services.hours import take_send


def send_message(
    *,
    sender: User,
    form_key: uuid.UUID,
    version: int,
    composition: Composition,
    visitor: Visitor,
    at: datetime | None = None,
) -> Made:
    """Send what a draft has become.

    Args:
        form_key: of the draft, whose files go with the message; sent again, it sends nothing.
        version: of the draft that the window knows.
        at: aware instant; None for now.

    Raises:
        AlreadySent: the form was sent before.
        DraftChanged, DraftMissing: the draft is not what the window shows.
        LicenseMissing, LicenseExpired, FeatureNotInPlan, BeyondPlan: the license does not allow it.
        TooManyRequests: more sends or recipients in an hour than the plan allows.
        QuotaExceeded: no message is left this month.
        StorageFull: more would be kept for the sender than the plan keeps, or for all of their organization.
        HashingBusy: too many passwords are hashed at this moment.
    """
    # Before the transaction: hashing is slow on purpose, and nothing waits for a lock meanwhile.
    agreed = agreed_password(composition.password, hint=composition.hint) if composition.password else GateSecret()
    with transaction.atomic():
        draft = take_draft(owner=sender, form_key=form_key, version=version)
        held = held_by(sender, at=at)
        license, plan = _require_license(held)
        _require_features(held, composition, draft)
        _refuse_beyond_plan(plan, composition, draft)
        now = at or database_now()
        take_send(plan=plan, sender=sender, people=len(composition.recipients), at=now)
        take_message(license=_with_holder(license, sender), at=now)
        made = _create(sender, license, plan, draft, composition, agreed, visitor, now)
        Message.objects.create(
            item=made.item,
            reply_kind=composition.reply.kind,
            is_subject_shown=composition.is_subject_shown,
            is_read_receipt_asked=composition.is_read_receipt_asked,
            is_owner_proof_asked=composition.is_owner_proof_asked,
        )
        require_room(owner=sender, written_bytes=made.item.size_bytes)
    return made


def send_new_link(*, participant: Participant, by: User, visitor: Visitor, replaces: int | None = None) -> None:
    """Make a new link for a recipient and mail it; the old one stops.

    Args:
        replaces: as in `renew_link`.

    Raises:
        LinkRevoked, LinkExpired, CopyMissing, ContentDamaged, NewerLink, TooManyLinks: as `renew_link`.
    """
    with transaction.atomic():
        item = Item.objects.select_related("sender", "message").get(pk=participant.item_id)
        now = database_now()
        made, secret = renew_link(participant=participant, by=by, visitor=visitor, at=now, replaces=replaces)
        subject = copied_manifest(item, at=now).subject if item.message.is_subject_shown else ""
        write_link_mail(made=made, subject=subject, code=secret.value, is_new_link=True)


def _create(
    sender: User,
    license: License,
    plan: Plan,
    draft: MessageDraft,
    composition: Composition,
    agreed: GateSecret,
    visitor: Visitor,
    now: datetime,
) -> Made:
    made = create_item(
        kind=KIND,
        sender=sender,
        license=license,
        manifest=Manifest(composition.subject, composition.body, draft.files, composition.reply.as_product()),
        people=[_person(recipient, agreed) for recipient in composition.recipients],
        terms=Terms(
            expires_at=now + composition.life,
            longest_until=now + timedelta(days=plan.longest_life_days),
            openings=composition.openings,
            reply_proofs=composition.reply_proofs,
        ),
        form_key=draft.row.form_key,
        language=composition.language,
        at=now,
        data_key=draft.data_key,
        whole_id=draft.row.whole_id,
        is_copy_kept=composition.is_copy_kept,
        visitor=visitor,
    )
    shown = composition.subject if composition.is_subject_shown else ""
    for person, link in zip(made.people, made.links, strict=True):
        write_link_mail(made=link, subject=shown, code=person.secret.value)
    return made


def _person(recipient: Recipient, agreed: GateSecret) -> Person:
    return Person(
        email=recipient.email,
        number=recipient.number,
        role=recipient.role,
        proof=recipient.proof,
        secret=_secret(recipient.proof, agreed),
    )


def _secret(proof: Proof, agreed: GateSecret) -> GateSecret:
    """Return what somebody must know: a code of their own, or the password of all who are asked one."""
    if proof is Proof.OPENING_CODE:
        return new_opening_code()
    return agreed if proof is Proof.ITEM_PASSWORD else GateSecret()


def _require_license(held: Held) -> tuple[License, Plan]:
    if held.license is None:
        raise LicenseMissing
    if not held.entitlement.is_live:
        raise LicenseExpired
    return held.license, held.license.plan


def _require_features(held: Held, composition: Composition, draft: MessageDraft) -> None:
    if draft.files:
        held.entitlement.require(Feature.ATTACHMENTS)
    if composition.reply_proofs or composition.is_owner_proof_asked:
        held.entitlement.require(Feature.RETURN_PROTECTION)


def _refuse_beyond_plan(plan: Plan, composition: Composition, draft: MessageDraft) -> None:
    """Hold the limits of the plan also against a form that was not drawn by us, or a draft of a higher plan."""
    size_bytes = sum(entry.plain_bytes for entry in draft.files)
    is_beyond = (
        not 0 < len(composition.recipients) <= plan.recipients_per_message
        or len(draft.files) > plan.files_per_send
        or size_bytes > plan.attachments_bytes
        or not timedelta() < composition.life <= timedelta(days=plan.longest_life_days)
    )
    if is_beyond:
        raise BeyondPlan


def _with_holder(license: License, holder: User) -> License:
    """Spare the count a question whose answer is known."""
    license.holder = holder
    return license
