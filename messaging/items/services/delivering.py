"""The mail that carries a link, and what became of it.

The job's body holds the link, so it is sealed under the key of its day. Over SMTP nobody knows that a mail was read or
even arrived: the portal says handed to the mail server, or refused. Source: docs/decisions/0004-jobs.md
"""

import uuid
from datetime import datetime, timedelta

from core import jobs
from core.cultures import Habits
from core.db import database_now
from core.mail import deliver_mail, send_mail
from messaging.items.limits import DELIVERY_GIVEN_UP_SECONDS
from messaging.items.models import Link, Participant

MAIL_KIND = "items-mail"
TOO_LATE = "too late"


def send_link_mail(*, link: Link, template: str, context: dict[str, object], language: str, habits: Habits) -> None:
    """Write the mail that carries a person's link, in the caller's transaction.

    Args:
        template: folder below templates, as for `send_mail`.
        context: with the address of the link; it is written nowhere but into the sealed job.
    """
    send_mail(
        to=link.participant.email,
        template=template,
        context=context,
        language=language,
        habits=habits,
        kind=MAIL_KIND,
        beside={"link": link.pk},
    )


@jobs.handler(MAIL_KIND)
def deliver_link_mail(
    payload: jobs.Payload, *, attempt: int, job_key: uuid.UUID, unknown_since: datetime | None
) -> None:
    """Hand the mail of a living link over, and note it on the person's row."""
    link = Link.objects.select_related("participant").filter(pk=int(str(payload["link"])), ended_at=None).first()
    if link is None:
        raise jobs.GiveUp("link ended")
    try:
        deliver_mail(payload, attempt=attempt, job_key=job_key, unknown_since=unknown_since)
    except jobs.GiveUp as refusal:
        note_failed(link.participant, refusal.reason)
        raise
    note_handed_over(link.participant)


def note_handed_over(participant: Participant) -> None:
    """Note the first handing over to the mail server."""
    Participant.objects.filter(pk=participant.pk, handed_over_at=None).update(
        handed_over_at=database_now(), failed_at=None, failure=""
    )


def note_failed(participant: Participant, reason: str) -> None:
    """Note that the mail was given up."""
    waiting = Participant.objects.filter(pk=participant.pk, handed_over_at=None, failed_at=None)
    waiting.update(failed_at=database_now(), failure=reason[:60])


def give_up_late_mails(now: datetime) -> None:
    """Note the people whose mail was not handed over within the time a mail is tried."""
    made_before = now - timedelta(seconds=DELIVERY_GIVEN_UP_SECONDS)
    late = Link.objects.filter(ended_at=None, made_at__lt=made_before).values("participant")
    waiting = Participant.objects.filter(pk__in=late, handed_over_at=None, failed_at=None)
    waiting.update(failed_at=now, failure=TOO_LATE)
