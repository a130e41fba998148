"""Send a signature request: one transaction takes the month's message, writes the item, and leaves the first mails.

Source: docs/decisions/0067-signing.md
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from accounts.visitors import Visitor
from core.crypto.secret import Secret
from core.db import database_now
from licenses.access import Held
from licenses.errors import LicenseMissing
from licenses.models import Feature, License
from messaging.items.manifests import FileEntry, Manifest
from messaging.items.services.creating import Made, Person, Terms, create_item
from messaging.items.services.storing import require_room
from messaging.quota.services.counting import take_message
from messaging.quota.services.hours import take_send
from signatures.choices import KIND
from signatures.letters import mail_turn
from signatures.limits import (
    REQUEST_LIFE_MOST_DAYS,
    REQUEST_OPENINGS,
    SEALED_KEPT_DAYS,
)
from signatures.models import SignatureRequest, Signer
from signatures.preparation import PlannedSigner, Preparation, require_sendable
from signatures.request_errors import LifeTooLong
from signatures.sealers import seal_at
from signatures.turns import whose_turn


@dataclass(frozen=True, slots=True)
class Asked:
    """What is sent.

    Args:
        title: of the request, for its owner and its signers.
        files: of the documents, checked and sealed under the data key for the whole already.
        life: until when it can be signed, counted from the sending.
        is_owner_proof_asked: of the requester, before they open what was signed.
    """

    title: str
    preparation: Preparation
    files: Sequence[FileEntry]
    life: timedelta
    data_key: Secret
    whole_id: uuid.UUID
    is_owner_proof_asked: bool = False


def send_request(
    *, held: Held, requester: User, asked: Asked, form_key: uuid.UUID, language: str, visitor: Visitor, at: datetime
) -> Made:
    """Send a request, in the caller's transaction: who comes first gets a link, the others wait.

    Args:
        held: the requester's license, as `held_by` returned it.
        form_key: of the draft or form; sent again, it sends nothing.
        at: aware instant.

    Raises:
        AlreadySent: the form was sent before.
        LicenseMissing, LicenseExpired, FeatureNotInPlan: the license does not allow it.
        PreparationRefused, LifeTooLong: it cannot be sent as it is.
        SealingUnavailable: documents are not sealed here now, so nobody is asked to sign.
        TooManyRequests, QuotaExceeded, StorageFull: as for every item.
    """
    license, preparation = _license_of(held, requester), asked.preparation
    require_sendable(preparation, signers_most=license.plan.signers_per_request)
    if not timedelta() < asked.life <= timedelta(days=REQUEST_LIFE_MOST_DAYS):
        raise LifeTooLong(REQUEST_LIFE_MOST_DAYS)
    seal_at(database_now())
    take_send(plan=license.plan, sender=requester, people=len(preparation.signers), at=at)
    take_message(license=license, at=at)
    ends_at = at + asked.life
    made = create_item(
        kind=KIND,
        sender=requester,
        license=license,
        manifest=Manifest(asked.title, preparation.message, asked.files, preparation.as_product()),
        people=_people(preparation),
        terms=_terms(ends_at),
        form_key=form_key,
        language=language,
        at=at,
        data_key=asked.data_key,
        whole_id=asked.whole_id,
        is_copy_kept=True,
        visitor=visitor,
    )
    _keep_signers(made, asked, ends_at)
    _mail_first(made, preparation)
    require_room(owner=requester, written_bytes=made.item.size_bytes)
    return made


def _license_of(held: Held, requester: User) -> License:
    held.entitlement.require(Feature.SIGNATURE_REQUESTS)
    if held.license is None:
        raise LicenseMissing
    held.license.holder = requester
    return held.license


def _terms(ends_at: datetime) -> Terms:
    # Once all have signed, the sealed documents are kept; a day more for the sealing.
    longest_until = ends_at + timedelta(days=SEALED_KEPT_DAYS + 1)
    return Terms(expires_at=ends_at, longest_until=longest_until, openings=REQUEST_OPENINGS)


def _people(preparation: Preparation) -> list[Person]:
    """Return the signers in their order; those whose turn it is not wait."""
    first = whose_turn(preparation.signers, frozenset())
    return [_person(signer, is_waiting=place not in first) for place, signer in enumerate(preparation.signers)]


def _person(signer: PlannedSigner, *, is_waiting: bool) -> Person:
    return Person(
        email=signer.email,
        name=signer.name,
        number=signer.number,
        proof=signer.proof,
        is_waiting=is_waiting,
    )


def _keep_signers(made: Made, asked: Asked, ends_at: datetime) -> None:
    request = SignatureRequest.objects.create(
        item=made.item, is_owner_proof_asked=asked.is_owner_proof_asked, ends_at=ends_at
    )
    participants = made.item.participants.order_by("position")
    Signer.objects.bulk_create(
        Signer(participant=participant, request=request, place=place, turn=planned.turn, language=planned.language)
        for place, (participant, planned) in enumerate(zip(participants, asked.preparation.signers, strict=True))
    )


def _mail_first(made: Made, preparation: Preparation) -> None:
    for link in made.links:
        place = link.link.participant.position - 1
        mail_turn(made=link, language=preparation.signers[place].language)
