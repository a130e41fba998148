"""Make an envelope: one transaction takes the month's message, writes the item and leaves the mail.

Source: docs/decisions/0050-envelopes.md
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts.models import User
from accounts.visitors import Visitor
from core.crypto.links import new_secret
from core.db import database_now
from licenses.access import held_by
from licenses.errors import LicenseMissing
from licenses.models import Feature, License
from messaging.envelopes.choices import KIND, LINK_PREFIX, Way
from messaging.envelopes.errors import LifeBeyondPlan, TooManyOpenEnvelopes
from messaging.envelopes.letters import mail_link
from messaging.envelopes.limits import OPENINGS
from messaging.envelopes.models import Envelope
from messaging.items.choices import Proof
from messaging.items.manifests import Manifest
from messaging.items.models import Item, Participant
from messaging.items.services.controlling import change_end, renew_link
from messaging.items.services.creating import Made, Person, Terms, create_item
from messaging.items.services.gates import GateSecret, agreed_password, new_opening_code
from messaging.items.services.storing import require_room
from messaging.quota.services.counting import take_message
from messaging.quota.services.hours import take_send


@dataclass(frozen=True, slots=True)
class Asking:
    """What the owner of an envelope decided.

    Args:
        email: of the person outside; empty where the link is copied.
        password: agreed with them; empty where another proof is asked.
        hint: shown beside the field of the password.
        is_owner_proof_asked: of the owner, before they open what came.
        is_text_only: no files are asked for, and none are taken.
    """

    email: str
    title: str
    instructions: str
    language: str
    life: timedelta
    proof: Proof
    password: str = field(default="", repr=False)
    hint: str = ""
    is_owner_proof_asked: bool = False
    is_text_only: bool = False

    @property
    def way(self) -> Way:
        """How the link reaches the person outside."""
        return Way.ADDRESSED if self.email else Way.COPIED


@dataclass(frozen=True, slots=True)
class Handed:
    """An envelope with the link and the code that exist only now, where the owner passes them on.

    Args:
        url: empty where the link was mailed.
        code: empty where it was mailed, or none is asked.
    """

    item: Item
    url: str = field(default="", repr=False)
    code: str = field(default="", repr=False)


def open_envelopes(license: License, at: datetime) -> int:
    """Return how many envelopes of a license still take something at an aware instant."""
    rows = Envelope.objects.filter(item__license=license, item__revoked_at=None, item__expires_at__gt=at)
    return rows.filter(uses__lt=F("uses_allowed")).count()


def make_envelope(*, owner: User, asking: Asking, form_key: uuid.UUID, visitor: Visitor) -> Handed:
    """Make an envelope for one person outside; the link is mailed, or handed to the owner.

    Raises:
        AlreadySent, LicenseMissing, LicenseExpired, FeatureNotInPlan, TooManyOpenEnvelopes, LifeBeyondPlan,
            TooManyRequests, QuotaExceeded, StorageFull, HashingBusy: as `send_envelope`.
    """
    made = send_envelope(owner=owner, asking=asking, form_key=form_key, visitor=visitor)
    if asking.way is Way.ADDRESSED:
        return Handed(made.item)
    return Handed(made.item, made.links[0].url(LINK_PREFIX), _code(asking, made.people[0].secret))


def send_envelope(
    *, owner: User, asking: Asking, form_key: uuid.UUID, visitor: Visitor, at: datetime | None = None
) -> Made:
    """Make an envelope and mail its link, where it has somebody to be mailed to.

    Args:
        at: aware instant; None for now.

    Returns:
        The envelope with the link and its secret, which exist only now.

    Raises:
        AlreadySent: the form was sent before.
        LicenseMissing, LicenseExpired, FeatureNotInPlan, TooManyOpenEnvelopes, LifeBeyondPlan: the license does not
            allow it.
        TooManyRequests: more sends in an hour than the plan allows.
        QuotaExceeded: no message is left this month.
        StorageFull: more would be kept for the owner than the plan keeps, or for all of their organization.
        HashingBusy: too many passwords are hashed at this moment.
    """
    # Before the transaction: hashing is slow on purpose, and nothing waits for a lock meanwhile.
    secret = _secret(asking)
    with transaction.atomic():
        license, now = _license_of(owner, at), at or database_now()
        made = create_item(
            kind=KIND,
            sender=owner,
            license=license,
            manifest=Manifest(asking.title, asking.instructions),
            people=[Person(email=asking.email, proof=asking.proof, secret=secret)],
            terms=_terms(asking, license, now),
            form_key=form_key,
            language=asking.language,
            at=now,
            data_key=new_secret(),
            whole_id=uuid.uuid4(),
            is_copy_kept=True,
            visitor=visitor,
        )
        _refuse_too_many(license, now)
        take_send(plan=license.plan, sender=owner, people=1, at=now)
        take_message(license=license, at=now)
        _write(made.item, asking)
        require_room(owner=owner, written_bytes=made.item.size_bytes)
        if asking.way is Way.ADDRESSED:
            mail_link(made=made.links[0], code=_code(asking, secret))
    return made


def make_new_link(*, item: Item, by: User, visitor: Visitor, replaces: int | None = None) -> Handed:
    """Make a new link for an envelope; the old one stops. It costs no message.

    Args:
        replaces: as in `renew_link`.

    Raises:
        LinkRevoked, LinkExpired, LinkDone, CopyMissing, ContentDamaged, NewerLink, TooManyLinks: as `renew_link`.
    """
    with transaction.atomic():
        participant = Participant.objects.get(item=item)
        made, secret = renew_link(participant=participant, by=by, visitor=visitor, at=database_now(), replaces=replaces)
        code = secret.value if participant.proof_kind is Proof.OPENING_CODE else ""
        if not participant.email:
            return Handed(item, made.url(LINK_PREFIX), code)
        mail_link(made=made, code=code, is_new_link=True)
        return Handed(item)


def prolong(*, item: Item, life: timedelta, by: User, visitor: Visitor) -> None:
    """Let an envelope end at another time, counted from now; the link stays the same.

    Raises:
        LinkRevoked, LinkExpired, LinkDone, CopyMissing, ContentDamaged: as `change_end`.
    """
    ends_at = min(database_now() + life, item.longest_until)
    change_end(item=item, ends_at=ends_at, by=by, visitor=visitor)


def _license_of(owner: User, at: datetime | None) -> License:
    """Return the owner's license at an aware instant; None for now.

    Raises:
        LicenseMissing, LicenseExpired, FeatureNotInPlan: envelopes cannot be made with it.
    """
    held = held_by(owner, at=at)
    held.entitlement.require(Feature.ENVELOPES)
    if held.license is None:
        raise LicenseMissing
    held.license.holder = owner
    return held.license


def _terms(asking: Asking, license: License, now: datetime) -> Terms:
    """Return how long an envelope takes something.

    Raises:
        LifeBeyondPlan: longer than the plan allows.
    """
    most = timedelta(days=license.plan.longest_life_days)
    if not timedelta() < asking.life <= most:
        raise LifeBeyondPlan
    return Terms(expires_at=now + asking.life, longest_until=now + most, openings=OPENINGS)


def _refuse_too_many(license: License, at: datetime) -> None:
    """Count the open envelopes with the license's row held, so that two made at once count each other.

    The row is held as late as possible: what is slow has been done, and only the end of the transaction follows.
    """
    License.objects.select_for_update(no_key=True).get(pk=license.pk)
    if open_envelopes(license, at) >= license.plan.open_envelopes:
        raise TooManyOpenEnvelopes(license.plan.open_envelopes)


def _write(item: Item, asking: Asking) -> None:
    Envelope.objects.create(
        item=item,
        way=asking.way,
        is_owner_proof_asked=asking.is_owner_proof_asked,
        is_text_only=asking.is_text_only,
    )


def _secret(asking: Asking) -> GateSecret:
    if asking.proof is Proof.OPENING_CODE:
        return new_opening_code()
    return agreed_password(asking.password, hint=asking.hint) if asking.password else GateSecret()


def _code(asking: Asking, secret: GateSecret) -> str:
    return secret.value if asking.proof is Proof.OPENING_CODE else ""
