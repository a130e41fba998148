"""Say in time that a request ends, and that something waits too long for its seal. Called with the retention."""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F

from core import cultures
from core.mail import send_mail
from core.steps import take_each
from messaging.items.services.shredding import ITEMS_A_ROUND
from signatures.choices import Stage
from signatures.letters import mail_ends, tell_ends
from signatures.limits import END_WARNED_DAYS, SEALING_LATE_SECONDS
from signatures.models import SignatureRequest
from signatures.services.holding import held


def warn_of_ends(now: datetime) -> None:
    """Write to the requester and to those whose turn it is, three days before a request ends; once a request.

    One that was sent for so long, or for less, is not warned of.
    """
    days = timedelta(days=END_WARNED_DAYS)
    ending = SignatureRequest.objects.filter(
        stage=Stage.IN_PROGRESS,
        declined_at=None,
        end_warned_at=None,
        ends_at__gt=now,
        ends_at__lte=now + days,
        item__revoked_at=None,
        item__sent_at__lt=F("ends_at") - days,
    )
    found = ending.select_related("item__sender", "item__organization").order_by("ends_at")
    take_each(partial(_warn, now=now), found[:ITEMS_A_ROUND])


@transaction.atomic
def _warn(request: SignatureRequest, *, now: datetime) -> None:
    # Whoever sets the instant writes the mails: two workers warn once.
    if not SignatureRequest.objects.filter(pk=request.pk, end_warned_at=None).update(end_warned_at=now):
        return
    signers = request.signers.filter(signed_at=None).order_by("place")
    missing = list(signers.select_related("participant__item__sender", "participant__item__organization"))
    tell_ends(request.item, missing=[one.participant for one in missing])
    for signer in missing:
        if not signer.participant.is_waiting:
            mail_ends(participant=signer.participant, language=signer.language)


def warn_of_late_seals(now: datetime) -> None:
    """Write to support while something signed by all waits for its seal for more than ten minutes; once a day."""
    late = SignatureRequest.objects.filter(
        stage__in=[Stage.SIGNED_BY_ALL, Stage.SEALING],
        signed_by_all_at__lte=now - timedelta(seconds=SEALING_LATE_SECONDS),
        item__revoked_at=None,
    )
    count = late.count()
    if not count:
        return
    with transaction.atomic():
        send_mail(
            to=settings.SUPPORT_EMAIL,
            template="signatures/emails/seal_late",
            context={"at": now, "count": count, "held": held(late).count()},
            language=settings.LANGUAGE_CODE,
            habits=cultures.Habits(culture=settings.DEFAULT_CULTURE, zone=settings.DEFAULT_TIME_ZONE),
            dedupe_key=f"seal_late:{now.date()}",
        )
