"""What electronic signature does in time; the worker asks through the setting RETENTION_STEPS."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from core import cultures
from core.crypto.seal_keys import SealChain
from core.mail import send_mail
from signatures.errors import SealNotConfigured
from signatures.limits import SEAL_END_WARNED_DAYS
from signatures.models import SealedDocument
from signatures.sealers import current_chain


def warn_of_seal_end(now: datetime) -> None:
    """Write to support that the certificate of the seal ends: 60, 30 and 7 days ahead, and once it is over.

    Once each, for each certificate: the key of the job keeps a second mail from being written.
    """
    try:
        chain = current_chain()
    except SealNotConfigured:
        return
    passed = [days for days in (*SEAL_END_WARNED_DAYS, 0) if chain.not_after - now <= timedelta(days=days)]
    if passed:
        with transaction.atomic():
            _warn(chain, min(passed), now)


def forget_sealed_documents(now: datetime) -> None:
    """Delete by what sealed documents are known, once that is no longer promised."""
    SealedDocument.objects.filter(forget_at__lte=now).delete()


def _warn(chain: SealChain, days: int, now: datetime) -> None:
    send_mail(
        to=settings.SUPPORT_EMAIL,
        template="signatures/emails/seal_ends",
        context={"at": now, "ends_at": chain.not_after, "is_over": days == 0},
        language=settings.LANGUAGE_CODE,
        habits=cultures.Habits(culture=settings.DEFAULT_CULTURE, zone=settings.DEFAULT_TIME_ZONE),
        dedupe_key=f"seal_ends:{chain.fingerprint}:{days}",
    )
