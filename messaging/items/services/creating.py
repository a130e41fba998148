"""Make an item with its people and their links, in the transaction of the product that sends it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.visitors import Visitor
from core import keys
from core.crypto.container import commitment_to_key
from core.crypto.secret import Secret
from licenses.models import License
from messaging.items.choices import Proof, Role
from messaging.items.errors import AlreadySent
from messaging.items.events.actors import owner
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.manifests import Manifest
from messaging.items.models import Item, Participant
from messaging.items.references import new_reference
from messaging.items.services.account_keys import Label, account_key_of, close_for, seal_label
from messaging.items.services.arriving import keep_manifest
from messaging.items.services.gates import GateSecret, make_gate
from messaging.items.services.links import NewLink, make_link, policy_of


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody outside for whom an item is made.

    Args:
        email: empty where the sender hands the link over.
        number: E.164; empty where no text is ever sent to them.
        proof: what they are asked before reading.
        secret: the code or password, where the proof is one.
        is_waiting: others come first; this person has no link before `hand_out_link` gives one.
    """

    email: str
    name: str = ""
    number: str = field(default="", repr=False)
    role: Role = Role.TO
    proof: Proof = Proof.NONE
    secret: GateSecret = field(default_factory=GateSecret, repr=False)
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """How long and how often an item may be opened, and what is asked before somebody replies.

    Args:
        expires_at: aware instant.
        longest_until: aware instant; no later end can be given afterwards.
        reply_proofs: names of the proofs of which one is asked before replying.
    """

    expires_at: datetime
    longest_until: datetime
    openings: int
    reply_proofs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """An item just made, for whom, and the links of those who do not wait, in the same order.

    The secrets of people and links only exist here and in the mails to come.
    """

    item: Item
    people: Sequence[Person]
    links: list[NewLink]


def create_item(
    *,
    kind: str,
    sender: User,
    license: License,
    manifest: Manifest,
    people: Sequence[Person],
    terms: Terms,
    form_key: uuid.UUID,
    language: str,
    at: datetime,
    data_key: Secret,
    whole_id: uuid.UUID,
    is_copy_kept: bool,
    visitor: Visitor | None = None,
) -> Made:
    """Write an item, its sealed content, its people and their links.

    Args:
        kind: word of a registered kind.
        form_key: of the form that was sent; the same form sent again makes nothing.
        data_key: seals the manifest and sealed the files already.
        whole_id: names the whole; files of it that were uploaded before become the item's.
        visitor: where the sender's request came from; None for what the portal does by itself.

    Raises:
        AlreadySent: an item of this form exists.
    """
    refuse_sent(sender, form_key)
    item = Item(
        whole_id=whole_id,
        reference=_free_reference(),
        kind=kind,
        organization=license.organization,
        sender=sender,
        license=license,
        form_key=form_key,
        language=language,
        sent_at=at,
        expires_at=terms.expires_at,
        longest_until=terms.longest_until,
        key_commitment=commitment_to_key(data_key, whole_id.bytes),
        file_count=len(manifest.files),
        size_bytes=manifest.plain_bytes,
    )
    _prepare_copies(item, manifest, data_key, is_copy_kept=is_copy_kept)
    _save_once(item)
    keep_manifest(manifest, whole_id=whole_id, data_key=data_key)
    added = [_add_person(item, position, person, terms, data_key) for position, person in enumerate(people, start=1)]
    _record_sent(item, len(people), visitor)
    links = [link for link in added if link is not None]
    return Made(item, people, links)


def refuse_sent(sender: User, form_key: uuid.UUID) -> None:
    """Refuse a form that has become an item.

    Raises:
        AlreadySent: with its reference.
    """
    sent = Item.objects.filter(sender=sender, form_key=form_key).first()
    if sent is not None:
        raise AlreadySent(sent.reference)


def _prepare_copies(item: Item, manifest: Manifest, data_key: Secret, *, is_copy_kept: bool) -> None:
    """Put on an item what its sender keeps of it: the key to read it again, and the words of the log.

    Everybody who sends has a key, whether a copy is kept or not: answers are closed for it.
    """
    account_key = account_key_of(item.sender)
    item.week_on = week_on = keys.monday_of(item.expires_at)
    if is_copy_kept:
        label = Label(manifest.subject, tuple(entry.name for entry in manifest.files))
        item.copy_box = close_for(account_key, data_key, whole_id=item.whole_id, week_on=week_on)
        item.label_sealed = seal_label(account_key, label, whole_id=item.whole_id, week_on=week_on)


def _record_sent(item: Item, people: int, visitor: Visitor | None) -> None:
    facts = {
        "people": people,
        "files": item.file_count,
        "size_bytes": item.size_bytes,
        "expires_at": item.expires_at,
    }
    record(kind=EventKind.SENT, item=item, facts=facts, at=item.sent_at, **owner(item.sender, visitor))


def _add_person(item: Item, position: int, person: Person, terms: Terms, data_key: Secret) -> NewLink | None:
    participant = Participant(
        item=item,
        position=position,
        role=person.role,
        name=person.name,
        email=person.email,
        proof=person.proof,
        expires_at=terms.expires_at,
        openings_allowed=terms.openings,
        handed_over_at=None if person.email or person.is_waiting else item.sent_at,
        is_waiting=person.is_waiting,
    )
    participant.keep_number(person.number)
    participant.save(force_insert=True)
    if person.is_waiting:
        return None
    policy = policy_of(item, participant, reply_proofs=terms.reply_proofs)
    made = make_link(participant=participant, policy=policy, data_key=data_key, at=item.sent_at)
    make_gate(link=made.link, proof=person.proof, secret=person.secret)
    return made


def _save_once(item: Item) -> None:
    """Insert the item; of two sendings of one form at once the second is told."""
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError:
        refuse_sent(item.sender, item.form_key)
        raise


def _free_reference() -> str:
    """Return a reference nobody has; among 23 to the 12th power, a second draw is hardly ever needed."""
    reference = new_reference()
    while Item.objects.filter(reference=reference).exists():
        reference = new_reference()
    return reference
