"""Make a secret link, recognize its secret, and open with it what it was made for.

Source: docs/decisions/0029-links.md
"""

import base64
import binascii
import json
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hmac import compare_digest

from django.conf import settings

from core import keys
from core.crypto.container import commitment_to_key
from core.crypto.links import LinkName, check_amendment, new_secret, recognizer, unwrap_data_key, wrap_data_key
from core.crypto.sealing import SealBroken, opener, seal
from core.crypto.secret import Secret
from messaging.items.models import Item, Link, Participant
from messaging.items.policies import Policy, hash_of
from messaging.items.weeks import put_on, take_off

LOCATOR_BYTES = 16
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link just made: the only place where its secret exists outside the mail that carries it."""

    link: Link
    secret: Secret

    def url(self, prefix: str) -> str:
        """Return the address for a mail; the secret stands behind the `#`, which no server is sent."""
        return f"{settings.PUBLIC_URL}/{prefix}/{to_text(bytes(self.link.locator))}#{to_text(self.secret.reveal())}"


def make_link(*, participant: Participant, policy: Policy, data_key: Secret, at: datetime) -> NewLink:
    """Write a new link for a person and return it with its secret.

    Args:
        participant: saved, with its item; has no living link.
        policy: what the link asks and allows; bound into the wrap.
        data_key: of the item.
    """
    secret, gate_key, text = new_secret(), new_secret(), policy.to_text()
    number = Link.objects.filter(participant=participant).count() + 1
    link = Link(
        participant=participant,
        number=number,
        locator=os.urandom(LOCATOR_BYTES),
        salt=os.urandom(32),
        policy=text,
        week_on=keys.monday_of(policy.ends_at),
        made_at=at,
    )
    name = name_of(link)
    link.recognizer = recognizer(secret, name)
    link.wrap = wrap_data_key(data_key, secret=secret, gate_key=gate_key, name=name, policy=hash_of(text))
    link.gate_key_sealed = seal_gate_key(link, gate_key)
    link.save(force_insert=True)
    return NewLink(link, secret)


def is_right_secret(link: Link, secret: Secret) -> bool:
    """Tell whether a secret is the one of a link, in constant time."""
    return compare_digest(recognizer(secret, name_of(link)), bytes(link.recognizer))


def data_key_of(link: Link, secret: Secret, *, at: datetime) -> Secret:
    """Return the data key that a link's secret opens.

    Args:
        at: aware instant, judged against the end that is bound into the link.

    Raises:
        SealBroken: the secret is wrong, the link is over, or something about it was changed.
    """
    if link.wrap is None or link.gate_key_sealed is None:
        raise SealBroken
    name, policy = name_of(link), hash_of(link.policy)
    gate_key = unseal_gate_key(link)
    data_key = unwrap_data_key(bytes(link.wrap), secret=secret, gate_key=gate_key, name=name, policy=policy)
    item = link.participant.item
    if not compare_digest(commitment_to_key(data_key, item.whole_id.bytes), bytes(item.key_commitment)):
        raise SealBroken
    if bound_end(link, data_key) <= at:
        raise SealBroken
    return data_key


def bound_end(link: Link, data_key: Secret) -> datetime:
    """Return the end that the link's own terms, or a proven amendment of them, set.

    Raises:
        SealBroken: the amendment was not made by somebody who may read, or goes beyond what was agreed.
    """
    if link.amendment:
        terms, tag = json.loads(link.amendment), bytes(link.amendment_tag or b"")
        check_amendment(tag, data_key, name=name_of(link), policy=hash_of(link.policy), terms=terms)
    ends_at = written_end(link)
    if ends_at > Policy.from_text(link.policy).longest_until:
        raise SealBroken
    return ends_at


def written_end(link: Link) -> datetime:
    """Return the end that stands in a link's terms or their amendment, proven or not."""
    if link.amendment:
        return datetime.fromisoformat(json.loads(link.amendment)["ends_at"])
    return Policy.from_text(link.policy).ends_at


def name_of(link: Link) -> LinkName:
    """Return what a link is bound to."""
    return LinkName(
        locator=bytes(link.locator),
        salt=bytes(link.salt),
        holder=link.participant.holder_id.bytes,
        whole=link.participant.item.whole_id.bytes,
    )


def policy_of(
    item: Item, participant: Participant, *, reply_proofs: tuple[str, ...] = (), ends_at: datetime | None = None
) -> Policy:
    """Return the terms of a person's link as the item sets them."""
    return Policy(
        proof=participant.proof_kind,
        number=bytes(participant.number_digest or b"").hex(),
        ends_at=(ends_at or participant.expires_at).astimezone(UTC),
        longest_until=item.longest_until.astimezone(UTC),
        openings=participant.openings_allowed,
        reply_proofs=reply_proofs,
    )


def seal_gate_key(link: Link, gate_key: Secret) -> bytes:
    """Return a gate key sealed for a link's terms: under the root key, and the key of the week in which it ends."""
    inner = seal(keys.derived("gate keys"), gate_key.reveal(), place=_terms_place(link))
    return put_on(inner, week_on=link.week_on, place=_gate_place(link))


def unseal_gate_key(link: Link) -> Secret:
    """Return the gate key of a living link.

    Raises:
        SealBroken: the key of its week is gone, or the value or the link's terms were changed or moved.
    """
    place = _gate_place(link)
    inner = take_off(bytes(link.gate_key_sealed or b""), week_on=link.week_on, place=place)
    unseal_one = opener(keys.derived("gate keys"))
    try:
        return Secret(unseal_one(inner, _terms_place(link)))
    except SealBroken:
        # Earlier versions sealed it for the link alone; nothing sealed since opens this way.
        return Secret(unseal_one(inner, place))


def agreed_terms(link: Link) -> Policy:
    """Return the terms for which the gate key of a living link was sealed.

    Raises:
        SealBroken: others stand in the database, or as `unseal_gate_key`.
    """
    unseal_gate_key(link)
    return Policy.from_text(link.policy)


def move_gate_key(link: Link, *, week_on: date) -> None:
    """Put the gate key of a living link under the key of another week; the caller saves.

    Raises:
        SealBroken: as `unseal_gate_key`.
    """
    place = _gate_place(link)
    inner = take_off(bytes(link.gate_key_sealed or b""), week_on=link.week_on, place=place)
    link.week_on, link.gate_key_sealed = week_on, put_on(inner, week_on=week_on, place=place)


def _gate_place(link: Link) -> str:
    return f"items_link:gate_key:{to_text(bytes(link.locator))}"


def _terms_place(link: Link) -> str:
    return f"{_gate_place(link)}:{hash_of(link.policy).hex()}"


def to_text(value: bytes) -> str:
    """Return bytes as they stand in an address: base64url without padding (RFC 4648 section 5)."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def from_text(text: str, length: int) -> bytes | None:
    """Return the bytes of a part of an address, or None where it is not one of that length."""
    try:
        value = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return value if len(value) == length else None
