"""What becomes of drafts in time; the worker asks through the setting RETENTION_STEPS."""

from datetime import datetime

from core.steps import take_all
from messaging.messages.services.drafting import drop_old_drafts, seal_keys_anew


def look_after_drafts(now: datetime) -> None:
    """Delete drafts nobody changed for long, and move the keys of the others under today's key."""
    take_all([drop_old_drafts, seal_keys_anew], now)
