"""What the sender does with an item afterwards: delete it, prolong or shorten its life, send somebody a new link."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import F

from accounts.models import User
from accounts.visitors import Visitor
from core import keys, throttle
from core.crypto.canonical import canonical_json
from core.crypto.links import amendment_tag
from core.crypto.sealing import SealBroken
from core.crypto.secret import Secret
from core.db import database_now
from core.errors import TooManyRequests
from messaging.items.choices import LinkEnd, Proof
from messaging.items.errors import (
    ContentDamaged,
    CopyMissing,
    ItemStays,
    LinkDone,
    LinkExpired,
    LinkRevoked,
    NewerLink,
    TooManyLinks,
)
from messaging.items.events.actors import owner
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.kinds import kind_of
from messaging.items.limits import NEW_LINKS_OF_PERSON, NEW_LINKS_OF_SENDER
from messaging.items.manifests import Manifest, open_manifest
from messaging.items.models import Content, Gate, Item, Link, Participant
from messaging.items.policies import Policy, hash_of
from messaging.items.services.account_keys import account_key_of, open_for
from messaging.items.services.gates import GateSecret, make_gate, new_opening_code
from messaging.items.services.links import (
    NewLink,
    agreed_terms,
    bound_end,
    make_link,
    move_gate_key,
    name_of,
    policy_of,
    unseal_gate_key,
    written_end,
)
from messaging.items.services.shredding import end_links, shred_item
from messaging.items.services.week_moving import move_copies


def copied_key(item: Item, *, at: datetime) -> Secret:
    """Return the data key of the copy that was kept for the sender.

    Args:
        at: aware instant, of the database's clock, against which the item's end is judged.

    Raises:
        CopyMissing: none was kept, or it is gone, or the item has ended.
        ContentDamaged: it does not open.
    """
    if not item.has_copy_at(at):
        raise CopyMissing
    try:
        key, box = account_key_of(item.sender), bytes(item.copy_box or b"")
        return open_for(key, box, whole_id=item.whole_id, week_on=item.week_on)
    except SealBroken:
        raise ContentDamaged from None


def copied_manifest(item: Item, *, at: datetime) -> Manifest:
    """Return the texts and the names of the files of the sender's copy at an aware instant.

    Raises:
        CopyMissing, ContentDamaged: as `copied_key`.
    """
    key = copied_key(item, at=at)
    content = Content.objects.filter(whole_id=item.whole_id).first()
    if content is None:
        raise CopyMissing
    try:
        return open_manifest(bytes(content.sealed), data_key=key, whole_id=item.whole_id)
    except SealBroken:
        raise ContentDamaged from None


def read_copy(*, item: Item, by: User, visitor: Visitor, at: datetime) -> Manifest:
    """Return the texts and the names of the files of the sender's copy, and write down that it was read.

    Raises:
        CopyMissing, ContentDamaged: as `copied_key`.
    """
    manifest = copied_manifest(item, at=at)
    record(kind=EventKind.COPY_READ, item=item, at=at, **owner(by, visitor))
    return manifest


def revoke_item(*, item: Item, by: User, visitor: Visitor, at: datetime) -> bool:
    """End an item for everybody and destroy its content; tell whether this call did it.

    Raises:
        LinkExpired: it has ended by itself.
        ItemStays: its product does not let it end now.
    """
    with transaction.atomic():
        item = Item.objects.select_for_update(no_key=True).get(pk=item.pk)
        if item.revoked_at is not None:
            return False
        _refuse_ended(item, at)
        _refuse_staying(item)
        Item.objects.filter(pk=item.pk).update(revoked_at=at)
        item.participants.filter(revoked_at=None).update(revoked_at=at)
        _end(item, at, by, visitor)
    return True


def revoke_participant(*, participant: Participant, by: User, visitor: Visitor, at: datetime) -> bool:
    """End an item for one person; with the last one the content goes too. Tell whether this call did it.

    Raises:
        LinkExpired: it has ended by itself.
        ItemStays: its product does not let it end now.
    """
    with transaction.atomic():
        item = Item.objects.select_for_update().get(pk=participant.item_id)
        if item.revoked_at is not None:
            return False
        _refuse_ended(item, at)
        _refuse_staying(item)
        if not Participant.objects.filter(pk=participant.pk, revoked_at=None).update(revoked_at=at):
            return False
        number = Link.objects.filter(participant=participant).count()
        end_links(Link.objects.filter(participant=participant), at=at, why=LinkEnd.REVOKED)
        facts, actor = {"link": number}, owner(by, visitor)
        record(kind=EventKind.LINK_DELETED, item=item, participant=participant, facts=facts, at=at, **actor)
        if not item.participants.filter(revoked_at=None).exists():
            Item.objects.filter(pk=item.pk).update(revoked_at=at)
            _end(item, at, by, visitor)
    return True


def change_end(*, item: Item, ends_at: datetime, by: User, visitor: Visitor) -> None:
    """Give an item another end, for everybody who is not deleted; their links stay the same.

    An earlier end is kept beside the links and always honoured. A later one is an amendment of each link, which needs
    the sender's copy. Either moves gate keys, copy and label under the key of the week of the new end.

    Raises:
        LinkRevoked, LinkExpired: it has ended already.
        LinkDone: everybody did what was asked.
        CopyMissing, ContentDamaged: later, without a copy that opens.
        ValueError: in the past, or beyond what the plan allowed when it was sent.
    """
    with transaction.atomic():
        item = Item.objects.select_for_update().get(pk=item.pk)
        now = database_now()
        _refuse_ended(item, now)
        if not now < ends_at <= item.longest_until:
            raise ValueError("The end is not within the life the item may have.")
        if not item.participants.filter(revoked_at=None, done_at=None).exists():
            raise LinkDone
        links = Link.objects.select_for_update().filter(participant__item=item, ended_at=None)
        living = [*links.select_related("participant__item")]
        _amend(living, item=item, ends_at=ends_at, at=now)
        _move_gate_keys(living, ends_at=ends_at)
        move_copies(item, ends_at=ends_at)
        item.participants.filter(revoked_at=None).update(expires_at=ends_at)
        Item.objects.filter(pk=item.pk).update(expires_at=ends_at, unread_warned_at=None)
        record(kind=EventKind.EXTENDED, item=item, facts={"expires_at": ends_at}, at=now, **owner(by, visitor))


def renew_link(
    *,
    participant: Participant,
    by: User,
    visitor: Visitor,
    at: datetime,
    replaces: int | None = None,
    is_number_new: bool = False,
    is_end_new: bool = False,
) -> tuple[NewLink, GateSecret]:
    """Make a new link for a person; the old one stops, and it has all its openings again.

    Its terms are those of the old one, whatever stands in the database meanwhile.

    Args:
        replaces: number of the link that the form was drawn for; None where no form asks, or one of a version before.
        is_number_new: the caller has just given the person another number.
        is_end_new: the caller has just given the person another end.

    Returns:
        The link, and the opening code where the proof is one (an empty secret otherwise).

    Raises:
        LinkRevoked, LinkExpired: the item, or this person's part of it, has ended.
        LinkDone: the person did what was asked, and has nothing to open.
        NewerLink: another one was made since the form was drawn, by a repeat of it or in another window.
        TooManyLinks: six in an hour for this person, or sixty by this sender, were made.
        CopyMissing: no copy was kept.
        ContentDamaged: the copy does not open, or the terms are not those that were agreed.
    """
    with transaction.atomic():
        item = Item.objects.select_for_update().get(pk=participant.item_id)
        participant = Participant.objects.select_related("item__sender", "item__organization").get(pk=participant.pk)
        _refuse_ended(item, at)
        if participant.revoked_at is not None:
            raise LinkRevoked
        before = _link_to_replace(participant, replaces)
        _count_new_link(participant, by)
        data_key = copied_key(item, at=at)
        policy = _same_terms(before, item, participant, data_key, is_number_new=is_number_new, is_end_new=is_end_new)
        end_links(Link.objects.filter(pk=before.pk), at=at, why=LinkEnd.REPLACED)
        _begin_openings_anew(participant, at)
        made = make_link(participant=participant, policy=policy, data_key=data_key, at=at)
        secret = _renewed_gate(made.link, before.gate, policy.proof)
        facts = {"link": made.link.number, "proof": participant.proof_kind}
        actor = owner(by, visitor)
        record(kind=EventKind.LINK_RENEWED, item=item, participant=participant, facts=facts, at=at, **actor)
        return made, secret


def _link_to_replace(participant: Participant, number: int | None) -> Link:
    """Return a person's link that is alive, if it is the one of the form; None asks for whichever it is."""
    link = Link.objects.select_related("gate").filter(participant=participant, ended_at=None).first()
    if link is None:
        raise LinkDone
    if number not in (None, link.number):
        raise NewerLink
    return link


def _count_new_link(participant: Participant, by: User) -> None:
    person, sender = f"participant:{participant.pk}", f"user:{by.pk}"
    try:
        throttle.take_all([(NEW_LINKS_OF_PERSON, person), (NEW_LINKS_OF_SENDER, sender)])
    except TooManyRequests as refusal:
        raise TooManyLinks(refusal.until) from None


def _begin_openings_anew(participant: Participant, at: datetime) -> None:
    """Give a person all openings again, of a link that is not handed over yet; what was opened stays counted."""
    Participant.objects.filter(pk=participant.pk).update(
        openings_before=F("openings_before") + F("openings_used"),
        openings_used=0,
        handed_over_at=None if participant.email else at,
        failed_at=None,
        failure="",
    )
    participant.refresh_from_db()


def _end(item: Item, at: datetime, by: User, visitor: Visitor) -> None:
    """Destroy the content of an item that has just ended for everybody, and let its product tell whom it concerns."""
    kind_of(item.kind).on_revoking(item, at)
    shred_item(item, at=at, why=LinkEnd.REVOKED)
    record(kind=EventKind.DELETED, item=item, at=at, **owner(by, visitor))


def _same_terms(
    before: Link, item: Item, participant: Participant, data_key: Secret, *, is_number_new: bool, is_end_new: bool
) -> Policy:
    """Return the terms of a person's next link, which are those of the one before.

    Raises:
        ContentDamaged: rows say something else than what was sealed: somebody wrote into the database.
    """
    before.participant = participant
    try:
        agreed, ends_at = agreed_terms(before), bound_end(before, data_key)
    except SealBroken:
        raise ContentDamaged from None
    policy = policy_of(item, participant, reply_proofs=agreed.reply_proofs)
    number = agreed.number if is_number_new else policy.number
    latest = agreed.longest_until if is_end_new else ends_at
    if replace(policy, ends_at=agreed.ends_at, number=number) != agreed or policy.ends_at > latest:
        raise ContentDamaged
    return policy


def _renewed_gate(link: Link, before: Gate, proof: Proof) -> GateSecret:
    """Ask the same proof at the new link: a fresh code, or the password that was agreed."""
    secret = new_opening_code() if proof is Proof.OPENING_CODE else GateSecret(hint=before.hint)
    if proof is Proof.ITEM_PASSWORD:
        Gate.objects.create(link=link, password_hash=before.password_hash, hint=before.hint)
    else:
        make_gate(link=link, proof=proof, secret=secret)
    return secret


def _refuse_ended(item: Item, at: datetime) -> None:
    if item.revoked_at is not None:
        raise LinkRevoked
    if item.expires_at <= at or item.shredded_at is not None:
        raise LinkExpired


def _refuse_staying(item: Item) -> None:
    why = kind_of(item.kind).why_it_stays(item)
    if why:
        raise ItemStays(why)


def _amend(links: Sequence[Link], *, item: Item, ends_at: datetime, at: datetime) -> None:
    """Write a later end into the links whose own terms end before it."""
    too_early = [link for link in links if written_end(link) < ends_at]
    if not too_early:
        return
    data_key = copied_key(item, at=at)
    for link in too_early:
        _refuse_damaged(link)
        terms = {"ends_at": ends_at.astimezone(UTC).isoformat()}
        link.amendment = canonical_json(terms).decode()
        link.amendment_tag = amendment_tag(data_key, name=name_of(link), policy=hash_of(link.policy), terms=terms)
        link.save(update_fields=["amendment", "amendment_tag"])


def _refuse_damaged(link: Link) -> None:
    try:
        unseal_gate_key(link)
    except SealBroken:
        raise ContentDamaged from None


def _move_gate_keys(links: Sequence[Link], *, ends_at: datetime) -> None:
    """Put gate keys under the key of the week of a new end; one that is damaged opens nothing under any."""
    for link in links:
        with suppress(SealBroken):
            move_gate_key(link, week_on=keys.monday_of(ends_at))
            link.save(update_fields=["week_on", "gate_key_sealed"])
