"""A message as the beginning of another one like it."""

from collections import Counter
from datetime import datetime

from core.sms.numbers import international
from messaging.items.access import asked_before_replying
from messaging.items.choices import Proof, Role
from messaging.items.errors import CopyMissing
from messaging.items.manifests import Manifest
from messaging.items.models import Item, Participant
from messaging.items.services.controlling import copied_manifest
from messaging.messages.choices import SendKind
from messaging.messages.replies import ReplyTerms
from messaging.messages.typed import TICKED, Fields, Row, row_fields


def fields_again(item: Item, copy: Manifest | None) -> Fields:
    """Return what a composer shows to write a message again: everybody, and the texts where a copy was kept."""
    people = list(item.participants.order_by("position"))
    # What most were asked stands for all; it may have been chosen for each of them.
    for_all = Counter(person.proof for person in people).most_common(1)[0][0]
    rows = [_row(person, for_all) for person in people]
    return row_fields(rows) | _texts(copy) | _terms(item, people) | {"proof": [for_all]}


def _row(person: Participant, for_all: str) -> Row:
    return Row(
        email=person.email,
        cell_number=international(person.number) if person.number else "",
        role=Role(person.role).value,
        proof=person.proof if person.proof != for_all else "",
    )


def copy_of(item: Item, *, at: datetime) -> Manifest | None:
    """Return the sender's copy, or None where none is kept at an aware instant."""
    try:
        return copied_manifest(item, at=at)
    except CopyMissing:
        return None


def was_copy_kept(item: Item) -> bool:
    """Tell whether a copy was kept for the sender; where it ended nobody knows any more, and it usually was."""
    return item.copy_box is not None or item.shredded_at is not None


def _texts(copy: Manifest | None) -> Fields:
    if copy is None:
        return {}
    reply = ReplyTerms.of_product(copy.product)
    return {
        "subject": [copy.subject],
        "body": [copy.body],
        "reply_kind": [reply.kind.value],
        "instructions": [reply.instructions],
    }


def _terms(item: Item, people: list[Participant]) -> Fields:
    boxes = {
        "is_subject_shown": item.message.is_subject_shown,
        "is_copy_kept": was_copy_kept(item),
        "is_read_receipt_asked": item.message.is_read_receipt_asked,
        "reply_sms": Proof.SMS_CODE in asked_before_replying(item),
        "reply_owner": item.message.is_owner_proof_asked,
    }
    texts = {
        "kind": SendKind.MESSAGE.value,
        "language": item.language,
        "openings": str(people[0].openings_allowed),
    }
    return {name: [value] for name, value in texts.items()} | {name: [TICKED] for name, on in boxes.items() if on}
