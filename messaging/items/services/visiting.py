"""Be let in at a link: give its secret, and come back within the hour with the browser's cookie.

The secret is kept sealed under a key that only the cookie gives, and unsealed for the length of each request.
Source: docs/decisions/0032-opening.md
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.visitors import Visitor
from core import throttle
from core.crypto.links import LinkName, recognizer
from core.crypto.sealing import SealBroken, derive_key, keyed_hash, seal, unseal
from core.crypto.secret import Secret
from core.db import database_now
from messaging.items import limits
from messaging.items.choices import Proof
from messaging.items.errors import LinkUnknown
from messaging.items.models import Item, Link, OpenSession, Participant
from messaging.items.policies import Policy
from messaging.items.services.checking import note_opened
from messaging.items.services.ends import refuse_over, refuse_used_up
from messaging.items.services.links import LOCATOR_BYTES, is_right_secret
from messaging.items.services.telling import tell_wrong_secrets
from messaging.items.services.visit_rows import link_of, note_seen, session_of

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
    def is_proof_asked(self) -> bool:
        """Tell whether the link asks for more than its secret."""
        return self.policy.proof is not Proof.NONE

    @property
    def is_done(self) -> bool:
        """Tell whether this person did by this link what was asked: it opens nothing more, and that may be shown."""
        return self.link.is_done


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


def find_link(locator: bytes | None) -> Link | None:
    """Return the link of a locator with all that belongs to it, or None; one query."""
    if locator is None or len(locator) != LOCATOR_BYTES:
        return None
    return link_of(locator)


def new_cookie() -> str:
    """Return a fresh secret for a browser's cookie, 256 bits in hexadecimal."""
    return os.urandom(COOKIE_BYTES).hex()


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
