"""What envelopes forget, and when; the worker asks through the setting RETENTION_STEPS."""

from datetime import datetime

from messaging.envelopes.limits import RECEIPTS_A_ROUND
from messaging.envelopes.models import Receipt


def forget_what_is_over(now: datetime) -> None:
    """Delete the receipts whose time is over."""
    over = Receipt.objects.filter(expires_at__lte=now).order_by("expires_at").values_list("pk", flat=True)
    Receipt.objects.filter(pk__in=list(over[:RECEIPTS_A_ROUND])).delete()
