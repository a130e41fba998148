"""The plans the portal ships with; afterwards they are rows that support staff edits."""

from typing import Any

MB, GB = 1_000_000, 1_000_000_000

_PRO: dict[str, Any] = {
    "attachments_bytes": 2_500 * MB,
    "has_signature_tracking": True,
    "has_return_protection": True,
}

SHIPPED_PLANS: list[dict[str, Any]] = [
    {
        "code": "eco",
        "rank": 10,
        "name_en": "Eco",
        "name_fr": "Éco",
        "messages_per_month": 200,
        "recipients_per_message": 25,
        "longest_life_days": 30,
        "stored_bytes": 500 * MB,
        "sends_per_hour": 30,
        "recipients_per_hour": 100,
    },
    {
        "code": "advanced",
        "rank": 20,
        "name_en": "Advanced",
        "name_fr": "Avancé",
        "messages_per_month": 1_000,
        "attachments_bytes": 100 * MB,
        "files_per_send": 50,
        "recipients_per_message": 100,
        "open_envelopes": 50,
        "signers_per_request": 1,
        "longest_life_days": 90,
        "stored_bytes": 5 * GB,
        "sends_per_hour": 60,
        "recipients_per_hour": 300,
    },
    _PRO
    | {
        "code": "pro",
        "rank": 30,
        "name_en": "Pro",
        "name_fr": "Pro",
        "messages_per_month": 5_000,
        "is_shown_as_unlimited": True,
        "files_per_send": 200,
        "recipients_per_message": 100,
        "open_envelopes": 500,
        "signers_per_request": 50,
        "longest_life_days": 365,
        "stored_bytes": 50 * GB,
        "sends_per_hour": 120,
        "recipients_per_hour": 1_000,
    },
    _PRO
    | {
        "code": "trial",
        "rank": 40,
        "name_en": "Trial",
        "name_fr": "Essai",
        "messages_per_month": 200,
        "files_per_send": 50,
        "recipients_per_message": 25,
        "open_envelopes": 10,
        "signers_per_request": 50,
        "longest_life_days": 30,
        "stored_bytes": 5 * GB,
        "sends_per_hour": 20,
        "recipients_per_hour": 50,
        "period_length": 30,
        "period_unit": "day",
        "is_renewed": False,
    },
]
