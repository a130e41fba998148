"""Mails to people outside; above all the one that carries a link, and what became of it.

The job's body holds the link, so it is sealed under the key of its day. Over SMTP nobody knows that a mail was read or
even arrived: the portal says handed to the mail server, or refused. Source: docs/decisions/0004-jobs.md
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType

from django.db import transaction
from django.db.models import QuerySet

from core import jobs
from core.db import database_now
from core.mail import deliver_mail, send_mail
from core.steps import take_each
from messaging.items.events.actors import outsider
from messaging.items.events.kinds import EventKind, MailFailure
from messaging.items.events.recording import record
from messaging.items.habits import outside_habits
from messaging.items.limits import DELIVERY_GIVEN_UP_SECONDS, DELIVERY_UNCERTAIN_SECONDS
from messaging.items.models import Item, Link, Participant

MAIL_KIND = "items-mail"


def mail_outside(
    *,
    participant: Participant,
    template: str,
    context: dict[str, object],
    language: str = "",
    kind: str = "mail",
    beside: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Write a mail to a person outside, in the caller's transaction; an answer to it goes to the sender of the item.

    Args:
        participant: with item and sender.
        template, kind, beside: as for `send_mail`.
        language: in which they read; empty for the item's.
    """
    item, language = participant.item, language or participant.item.language
    send_mail(
        to=participant.email,
        template=template,
        context=context,
        language=language,
        habits=outside_habits(item.sender, language),
        reply_to=item.sender.email,
        kind=kind,
        beside=beside,
    )


def send_link_mail(*, link: Link, template: str, context: dict[str, object], language: str = "") -> None:
    """Write the mail that carries a person's link, in the caller's transaction.

    Args:
        template: folder below templates, as for `send_mail`.
        context: with the address of the link; it is written nowhere but into the sealed job.
        language: in which they read; empty for the item's.
    """
    mail_outside(
        participant=link.participant,
        template=template,
        context=context,
        language=language,
        kind=MAIL_KIND,
        beside={"link": link.pk},
    )


@jobs.handler(MAIL_KIND)
def deliver_link_mail(
    payload: jobs.Payload, *, attempt: int, job_key: uuid.UUID, unknown_since: datetime | None
) -> None:
    """Hand the mail of a living link over, and note it on the person's row."""
    link = Link.objects.select_related("participant__item").filter(pk=int(str(payload["link"])), ended_at=None).first()
    if link is None:
        raise jobs.GiveUp("link ended")
    try:
        deliver_mail(payload, attempt=attempt, job_key=job_key, unknown_since=unknown_since)
    except jobs.GiveUp as refusal:
        note_failed(link, refusal.reason)
        raise
    note_handed_over(link)


def note_handed_over(link: Link, *, at: datetime | None = None) -> None:
    """Note on a person's row that the mail server took the mail with their link; nothing where that has ended.

    Args:
        link: with its person and item.
        at: aware instant; None for now.
    """
    participant, at = link.participant, at or database_now()
    with transaction.atomic():
        waiting = Participant.objects.filter(pk=participant.pk, handed_over_at=None)
        # A mail handed over twice, since the worker was killed in between, is one event.
        if _still_lives(link) and waiting.update(handed_over_at=at, failed_at=None, failure=""):
            _note(link, EventKind.MAIL_HANDED_OVER, at)


def note_failed(link: Link, reason: str, *, at: datetime | None = None) -> None:
    """Note on a person's row that the mail with their link will not go out; nothing where that has ended.

    Args:
        link: with its person and item.
        reason: a word of `MailFailure`.
        at: aware instant; None for now.
    """
    participant, at = link.participant, at or database_now()
    with transaction.atomic():
        waiting = Participant.objects.filter(pk=participant.pk, handed_over_at=None, failed_at=None)
        if _still_lives(link) and waiting.update(failed_at=at, failure=reason):
            _note(link, EventKind.MAIL_FAILED, at, reason=reason)


def _still_lives(link: Link) -> bool:
    """Hold the item, as a renewal does, and tell whether a link has not ended; the mail of another one is under way."""
    list(Item.objects.select_for_update(no_key=True).filter(pk=link.participant.item_id).values_list("pk"))
    return Link.objects.filter(pk=link.pk, ended_at=None).exists()


def _note(link: Link, kind: EventKind, at: datetime, **facts: object) -> None:
    participant = link.participant
    facts = {"link": link.number, **facts}
    record(kind=kind, item=participant.item, participant=participant, facts=facts, at=at, **outsider(participant))


def uncertain_since(item: Item, at: datetime) -> dict[int, datetime]:
    """Return to whom the mail with their link should long have gone out, by key, and since when it is tried; one query.

    It is looked up and written down nowhere: also where no worker runs, the sender sees it.

    Args:
        at: aware instant.
    """
    late = _under_way(at - timedelta(seconds=DELIVERY_UNCERTAIN_SECONDS)).filter(participant__item=item)
    return dict(late.filter(participant__revoked_at=None).values_list("participant_id", "made_at"))


def _under_way(made_before: datetime) -> QuerySet[Link]:
    late = Link.objects.filter(ended_at=None, made_at__lt=made_before, participant__handed_over_at=None)
    return late.filter(participant__failed_at=None)


def give_up_late_mails(now: datetime) -> None:
    """Note the people whose mail was not handed over within the time a mail is tried."""
    made_before = now - timedelta(seconds=DELIVERY_GIVEN_UP_SECONDS)
    found = _under_way(made_before).select_related("participant__item")
    take_each(partial(note_failed, reason=MailFailure.TOO_LATE, at=now), found)
