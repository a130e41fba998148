"""A message as the beginning of another one like it."""

from core.sms.numbers import international
from messaging.items.choices import Role
from messaging.items.errors import CopyMissing
from messaging.items.manifests import Manifest
from messaging.items.models import Item, Participant
from messaging.items.policies import Policy
from messaging.items.services.controlling import copied_manifest
from messaging.messages.choices import SendKind
from messaging.messages.replies import ReplyTerms
from messaging.messages.typed import TICKED, Fields, Row, row_fields


def fields_again(item: Item, copy: Manifest | None) -> Fields:
    """Return what a composer shows to write a message again: everybody, and the texts where a copy was kept."""
    people = list(item.participants.order_by("position"))
    rows = [
        Row(person.email, international(person.number) if person.number else "", Role(person.role).value)
        for person in people
    ]
    return row_fields(rows) | _texts(copy) | _terms(item, people)


def copy_of(item: Item) -> Manifest | None:
    """Return the sender's copy, or None where none is kept."""
    try:
        return copied_manifest(item)
    except CopyMissing:
        return None


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
    newest = people[0].links.order_by("-number").first()
    is_reply_proven = newest is not None and bool(Policy.from_text(newest.policy).reply_proofs)
    boxes = {
        "is_subject_shown": item.message.is_subject_shown,
        "is_copy_kept": item.copy_box is not None,
        "is_read_receipt_asked": item.message.is_read_receipt_asked,
        "reply_sms": is_reply_proven,
        "reply_owner": item.message.is_owner_proof_asked,
    }
    texts = {
        "kind": SendKind.MESSAGE.value,
        "language": item.language,
        "proof": people[0].proof,
        "openings": str(people[0].openings_allowed),
    }
    return {name: [value] for name, value in texts.items()} | {name: [TICKED] for name, on in boxes.items() if on}
