"""The numbers of plans and licenses, each once, with its unit in its name."""

from collections.abc import Mapping
from types import MappingProxyType

GB = 1_000_000_000

NAME_MOST_CHARACTERS = 60
# Counted from the day a license began.
LICENSE_MOST_YEARS = 50

# How long one period may be, by its unit.
PERIOD_MOST: Mapping[str, int] = MappingProxyType({"day": 366, "month": 120, "year": 10})

# What each number of a plan may be, both ends included. An item lives no longer than keys are made ahead
# (`core/limits.py`); every number fits the column that holds it on each database.
PLAN_RANGES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "rank": (1, 1_000),
        "period_length": (1, 366),
        "price_cents": (0, 100_000_000),
        "messages_per_month": (1, 1_000_000),
        "attachments_bytes": (0, 100 * GB),
        "files_per_send": (0, 1_000),
        "recipients_per_message": (1, 1_000),
        "open_envelopes": (0, 100_000),
        "signers_per_request": (0, 1_000),
        "longest_life_days": (1, 365),
        "stored_bytes": (0, 100_000 * GB),
        "sends_per_hour": (1, 100_000),
        "recipients_per_hour": (1, 1_000_000),
    }
)
