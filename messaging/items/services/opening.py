"""What a person outside does with a link: give its secret, prove who they are, open, and come back within the hour.

    secret given        an open session: the secret sealed under a key that only the browser's cookie gives
    proof given         one opening taken, by a conditional UPDATE; reloads and downloads in it cost nothing
    each request        the secret unsealed, the end looked at, the data key unwrapped; nothing is kept in between

Source: docs/decisions/0032-opening.md
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F

from accounts.visitors import Visitor
from core import throttle
from core.crypto.links import LinkName, recognizer
from core.crypto.sealing import SealBroken, derive_key, keyed_hash, seal, unseal
from core.crypto.secret import Secret
from core.db import database_now
from messaging.items import limits
from messaging.items.choices import CodePurpose, Proof
from messaging.items.errors import ContentDamaged, LinkDone, LinkUnknown, OpeningsUsedUp
from messaging.items.events.actors import outsider
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.kinds import kind_of
from messaging.items.manifests import Manifest, open_manifest
from messaging.items.models import Item, Link, OpenSession, Participant
from messaging.items.policies import Policy
from messaging.items.services.checking import note_opened
from messaging.items.services.ends import refuse_over, refuse_used_up
from messaging.items.services.gates import answer_code, answer_password
from messaging.items.services.links import LOCATOR_BYTES, data_key_of, is_right_secret
from messaging.items.services.misses import MISSES, note_miss
from messaging.items.services.proof_codes import claim_text_code
from messaging.items.services.telling import tell_wrong_secrets
from messaging.items.services.visit_rows import content_of, link_of, note_seen, session_of

COOKIE_BYTES = 32


@dataclass(frozen=True, slots=True)
class Visit:
    """A person outside in one browser, who gave the right secret of a link.

    Args:
        link: with its participant, item, sender and gate.
        secret: of the link, for the length of one request.
        session: the row behind the browser's cookie.
        at: aware instant at which the request found it open; None where it was made by the request itself.
    """

    link: Link
    secret: Secret
    session: OpenSession
    at: datetime | None = None

    @property
    def participant(self) -> Participant:
        return self.link.participant

    @property
    def item(self) -> Item:
        return self.link.participant.item

    @property
    def policy(self) -> Policy:
        """The terms that are bound into the link."""
        return Policy.from_text(self.link.policy)

    @property
    def openings_left(self) -> int:
        """How often the link may still be opened, this time included where it was not opened yet."""
        most = min(self.policy.openings, self.participant.openings_allowed)
        return max(0, most - self.participant.openings_used)

    @property
    def is_open(self) -> bool:
        """Tell whether the proof was given, so that content may be shown."""
        return self.session.opened_at is not None

    @property
    def is_done(self) -> bool:
        """Tell whether this person did what was asked: the link opens nothing more, and what they did may be shown."""
        return self.participant.done_at is not None


def give_secret(
    *, locator: bytes | None, secret: bytes | None, cookie: str, visitor: Visitor, at: datetime | None = None
) -> Visit:
    """Begin a visit for somebody who holds a link's secret.

    Args:
        locator: 16 bytes of the address, or None where it holds none.
        secret: 32 bytes, or None where what was given is none.
        cookie: the browser's own secret, at least 32 characters.
        at: aware instant; None for now.

    Raises:
        LinkUnknown: no such link, or the secret is wrong; after ten wrong ones a network waits an hour for that link.
        LinkReplaced, LinkRevoked, LinkExpired, OpeningsUsedUp: the secret is right and the link is over.
    """
    link = find_link(locator)
    subject = f"{(locator or b'').hex()}:{visitor.network}"
    is_paused = throttle.used_up_until(limits.WRONG_SECRETS_PER_NETWORK, subject) is not None
    # A link that does not exist costs the same work as a wrong secret, and both are answered alike.
    is_right = is_right_secret(link, Secret(secret or b"")) if link else _as_much_work(secret)
    if link is None or secret is None or is_paused or not is_right:
        throttle.count(limits.WRONG_SECRETS_PER_NETWORK, subject)
        if is_paused:
            tell_wrong_secrets(locator=locator)
        raise LinkUnknown
    at = at or database_now()
    refuse_over(link, at)
    visit = _begin(link, Secret(secret), cookie, at)
    if visit.is_open:
        note_opened(link=link, visitor=visitor)
    return visit


def visit_of(*, locator: bytes | None, cookie: str) -> Visit | None:
    """Return the visit of a browser to a link, or None where its secret has to be given first.

    Raises:
        LinkReplaced, LinkRevoked, LinkExpired, OpeningsUsedUp: the link is over since.
    """
    if locator is None or not cookie:
        return None
    found = session_of(_digest(cookie, locator))
    if found is None or found.session.ends_at <= found.at:
        return None
    session, now = found
    idle_since = now - timedelta(seconds=limits.OPENING_IDLE_SECONDS)
    if session.opened_at is not None and session.seen_at < idle_since:
        return None
    refuse_over(session.link, now)
    try:
        secret = Secret(unseal(_seal_key(cookie, locator), bytes(session.secret_sealed), place=_place(locator)))
    except SealBroken:
        return None
    if session.opened_at is None:
        refuse_used_up(session.link)
    note_seen(session, now)
    return Visit(session.link, secret, session, now)


def prove(*, visit: Visit, answer: str, visitor: Visitor, at: datetime | None = None) -> None:
    """Take a person's answer to what the link asks, and open; both are written down.

    Call it outside any transaction: what was missed stays counted.

    Args:
        at: aware instant; None for now.

    Raises:
        ProofWrong, ProofPaused, CodeWrong, CodeExpired, TooManyTries: the answer does not open; tries are counted.
        LinkRefused: the link is over, or its openings are.
    """
    if visit.is_open:
        return
    at = at or database_now()
    try:
        _compare(visit, answer)
    except MISSES as refusal:
        proof = visit.policy.proof
        note_miss(link=visit.link, proof=proof, purpose=CodePurpose.OPENING, refusal=refusal, visitor=visitor, at=at)
        raise
    _open(visit, visitor, at)


def data_key(visit: Visit, *, at: datetime | None = None) -> Secret:
    """Return the key of an opened item's content.

    Args:
        at: aware instant; None for now.

    Raises:
        LinkRefused: not opened, or over.
        ContentDamaged: something about the link was changed; nothing is released.
    """
    if visit.is_done:
        raise LinkDone
    if not visit.is_open:
        raise LinkUnknown
    try:
        return data_key_of(visit.link, visit.secret, at=at or database_now())
    except SealBroken:
        raise ContentDamaged from None


def manifest_of(visit: Visit, *, at: datetime | None = None) -> Manifest:
    """Return the texts and the names of the files of an opened item.

    Args:
        at: aware instant; None for now. A page that is drawn at once takes the one of its visit.

    Raises:
        ContentDamaged: what is kept does not open as it was sealed.
    """
    key = data_key(visit, at=at)
    sealed = content_of(visit.item)
    if sealed is None:
        raise ContentDamaged
    try:
        return open_manifest(sealed, data_key=key, whole_id=visit.item.whole_id)
    except SealBroken:
        raise ContentDamaged from None


def refuse_ended(visit: Visit, *, at: datetime | None = None) -> None:
    """Look at the link once more, after something that took long.

    Args:
        at: aware instant; None for now.

    Raises:
        LinkRefused: it is over meanwhile.
    """
    link = find_link(bytes(visit.link.locator))
    if link is None:
        raise LinkUnknown
    if link.participant.done_at is not None:
        raise LinkDone
    refuse_over(link, at or database_now())


def find_link(locator: bytes | None) -> Link | None:
    """Return the link of a locator with all that belongs to it, or None; one query."""
    if locator is None or len(locator) != LOCATOR_BYTES:
        return None
    return link_of(locator)


def new_cookie() -> str:
    """Return a fresh secret for a browser's cookie, 256 bits in hexadecimal."""
    return os.urandom(COOKIE_BYTES).hex()


def _compare(visit: Visit, answer: str) -> None:
    proof = visit.policy.proof
    if proof is Proof.OPENING_CODE:
        answer_code(gate=visit.link.gate, answer=answer)
    elif proof is Proof.ITEM_PASSWORD:
        answer_password(gate=visit.link.gate, answer=answer)
    elif proof is Proof.SMS_CODE:
        claim_text_code(participant=visit.participant, purpose=CodePurpose.OPENING, answer=answer)


def _begin(link: Link, secret: Secret, cookie: str, now: datetime) -> Visit:
    locator = bytes(link.locator)
    digest = _digest(cookie, locator)
    before = session_of(digest)
    if before is not None and _goes_on(before.session, now):
        return Visit(link, secret, before.session)
    refuse_used_up(link)
    session = OpenSession(
        digest=digest,
        link=link,
        secret_sealed=seal(_seal_key(cookie, locator), secret.reveal(), place=_place(locator)),
        began_at=now,
        seen_at=now,
        ends_at=now + timedelta(seconds=limits.SECRET_GIVEN_SECONDS),
    )
    with transaction.atomic():
        OpenSession.objects.filter(digest=digest).delete()
        # Two tabs at once: the key keeps one row, and both hold the same cookie and secret.
        OpenSession.objects.bulk_create([session], ignore_conflicts=True)
    return Visit(link, secret, session)


def _goes_on(session: OpenSession, now: datetime) -> bool:
    """Tell whether an opening of this browser is still the same one."""
    idle_since = now - timedelta(seconds=limits.OPENING_IDLE_SECONDS)
    return session.opened_at is not None and session.seen_at >= idle_since and session.ends_at > now


def _open(visit: Visit, visitor: Visitor, now: datetime) -> None:
    """Take one opening for this browser: once for a double click, never beyond what is allowed."""
    participant = visit.participant
    ends_at = now + timedelta(seconds=limits.OPENING_MOST_SECONDS)
    with transaction.atomic():
        # Whoever deletes the item or renews the link holds this row too: either they come first and this is refused.
        Item.objects.select_for_update(no_key=True).get(pk=visit.item.pk)
        own = OpenSession.objects.filter(digest=visit.session.digest, opened_at=None)
        if own.update(opened_at=now, seen_at=now, ends_at=ends_at) == 1:
            most = min(visit.policy.openings, participant.openings_allowed)
            lives = Exists(Link.objects.filter(pk=visit.link.pk, ended_at=None))
            left = Participant.objects.filter(lives, pk=participant.pk, revoked_at=None, expires_at__gt=now)
            if not left.filter(openings_used__lt=most).update(openings_used=F("openings_used") + 1):
                refuse_ended(visit, at=now)
                raise OpeningsUsedUp
            is_first = Participant.objects.filter(pk=participant.pk, first_opened_at=None).update(first_opened_at=now)
            opening = Participant.objects.values_list("openings_used", flat=True).get(pk=participant.pk)
            facts = {"link": visit.link.number, "proof": visit.policy.proof, "opening": opening}
            actor = outsider(participant, visitor)
            record(kind=EventKind.OPENED, item=visit.item, participant=participant, facts=facts, at=now, **actor)
            note_opened(link=visit.link, visitor=visitor)
            if is_first:
                kind_of(visit.item.kind).on_first_opening(participant, now)
    visit.session.refresh_from_db(fields=["opened_at", "seen_at", "ends_at"])


def _digest(cookie: str, locator: bytes) -> bytes:
    return keyed_hash(derive_key(_cookie_key(cookie), purpose="opener name"), locator)


def _seal_key(cookie: str, locator: bytes) -> bytes:
    return derive_key(_cookie_key(cookie), purpose="opener seal", context=locator)


def _cookie_key(cookie: str) -> bytes:
    return cookie.encode()


def _place(locator: bytes) -> str:
    return f"items_opensession:{locator.hex()}"


def _as_much_work(secret: bytes | None) -> bool:
    nobody = LinkName(locator=bytes(16), salt=bytes(32), holder=bytes(16), whole=bytes(16))
    return recognizer(Secret(secret or b""), nobody) == b""
