"""Mails to the sender about how people outside get on; they hold no content and no secret."""

import uuid
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.visitors import Visitor
from core import jobs, throttle
from core.mail import send_mail
from messaging.items import limits
from messaging.items.choices import CodePurpose, Proof
from messaging.items.events.actors import outsider
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.inbox import inbox_link
from messaging.items.models import Item, Link, Participant, Return
from messaging.items.references import shown_reference

WRONG_SECRETS_KIND = "items-wrong-secrets"


def tell_sender(item: Item, template: str, **context: object) -> None:
    """Write to who sent an item, in their language.

    Args:
        template: folder below templates.
    """
    sender: User = item.sender
    send_mail(
        to=sender.email,
        template=template,
        context={"person_name": sender.get_full_name(), "reference": shown_reference(item.reference), **context},
        language=sender.language,
        habits=sender.habits,
    )


def tell_returned(returned: Return, template: str) -> None:
    """Tell the sender that something came back and waits for them, in the caller's transaction.

    Args:
        template: as for `tell_sender`; says who sent what.
    """
    context = {"participant": returned.participant, "returned": returned, "link": inbox_link()}
    tell_sender(returned.item, template, **context)


def tell_stopped(*, participant: Participant) -> None:
    """Tell the sender that a person's link takes no password any more: too many wrong ones were tried."""
    tell_sender(participant.item, "items/emails/link_stopped", participant=participant)


def tell_wrong_secrets(*, locator: bytes | None) -> None:
    """Have the sender told that somebody without the secret tries a link again and again; once a day for each link.

    Whether there is such a link is looked up by the worker: asked for one that nobody made, this costs the same.
    """
    named = (locator or b"").hex()
    if throttle.count(limits.TOLD_OF_WRONG_SECRETS, f"locator:{named}"):
        jobs.enqueue(kind=WRONG_SECRETS_KIND, payload={"locator": named})


@jobs.handler(WRONG_SECRETS_KIND)
def tell_if_there_is_one(
    payload: jobs.Payload, *, attempt: int, job_key: uuid.UUID, unknown_since: datetime | None
) -> None:
    """Tell the sender of a link whose secret somebody tries to guess; nobody, where there is no such link."""
    links = Link.objects.select_related("participant__item__sender")
    link = links.filter(locator=bytes.fromhex(str(payload["locator"]))).first()
    if link is not None:
        tell_sender(link.participant.item, "items/emails/wrong_secrets", participant=link.participant)


def tell_space_full(*, participant: Participant) -> None:
    """Tell the sender that something of a person outside was not taken, since there is no room; once a day in all."""
    item = participant.item
    if throttle.count(limits.TOLD_OF_FULL_SPACE, f"user:{item.sender_id}"):
        tell_sender(item, "items/emails/space_full", participant=participant)


def tell_code_missing(*, link: Link, proof: Proof, purpose: CodePurpose, visitor: Visitor) -> None:
    """Tell the sender that a person cannot receive their code, and which one, by mail and in the log.

    Once a day for each person, for reading and for replying: said again it is not told again.
    """
    participant = link.participant
    if not throttle.count(limits.TOLD_OF_MISSING_CODE, f"{purpose.value}:participant:{participant.pk}"):
        return
    is_reply = purpose is CodePurpose.REPLYING
    template, facts = "items/emails/code_missing", {"link": link.number, "proof": proof, "purpose": purpose}
    actor = outsider(participant, visitor)
    with transaction.atomic():
        record(kind=EventKind.CODE_MISSING, item=participant.item, participant=participant, facts=facts, **actor)
        told = {"participant": participant, "proof": proof.value, "proof_label": proof.label, "is_reply": is_reply}
        tell_sender(participant.item, template, **told)
