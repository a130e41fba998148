"""What the account page shows beyond the person's own row, read by one fixed statement.

Four queries of the ORM cost more than the rest of the page. Source: docs/decisions/0014-account-page.md
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import PendingChange, User
from accounts.services.pending_wishes import Pending, pending_of
from core.db import NOW_OF, first_row, stored_instant
from licenses.entitlements import Entitlement, entitlement_in
from messaging.items.storage import Space, fuller, shared_space
from messaging.quota.access import count_in
from messaging.quota.services.counting import Standing, standing

STATEMENT = """
SELECT {now} AS read_at,
       p.code, p.name_en, p.name_fr, p.messages_per_month, p.is_shown_as_unlimited, p.is_renewed, p.price_cents,
       p.attachments_bytes, p.open_envelopes, p.signers_per_request, p.has_signature_tracking, p.has_return_protection,
       p.stored_bytes, g.kept_bytes AS kept_together,
       l.expires_at, l.is_suspended,
       r.sms, r.microsoft, r.owner,
       c.id AS change_id, c.number_sealed, c.number_at, c.settings, c.settings_at, c.created_at AS changed_at,
       m.used, m.starts_at AS month_starts_at, m.resets_at, m.month_on,
       (SELECT MAX(x.last_taken_at) FROM quota_monthlycount x WHERE x.license_id = l.id) AS last_sent_at,
       (SELECT COUNT(*) FROM items_return b
        WHERE b.owner_id = u.id AND b.read_at IS NULL AND b.shredded_at IS NULL) AS unread,
       COALESCE((SELECT SUM(s.size_bytes) FROM items_item s WHERE s.sender_id = u.id AND s.shredded_at IS NULL), 0)
       + COALESCE((SELECT SUM(k.size_bytes) FROM items_return k WHERE k.owner_id = u.id AND k.shredded_at IS NULL), 0)
       + COALESCE((SELECT SUM(f.plain_bytes) FROM items_blob f
                   JOIN items_draft d ON d.whole_id = f.whole_id WHERE d.owner_id = u.id), 0) AS kept_bytes
FROM accounts_user u
LEFT JOIN licenses_license l ON l.holder_id = u.id
LEFT JOIN licenses_plan p ON p.id = l.plan_id
LEFT JOIN licenses_returnprotection r ON r.user_id = u.id
LEFT JOIN items_organizationspace g ON g.organization_id = u.organization_id
LEFT JOIN accounts_pendingchange c ON c.user_id = u.id
LEFT JOIN quota_monthlycount m ON m.id = (
    SELECT n.id FROM quota_monthlycount n WHERE n.license_id = l.id ORDER BY n.starts_at DESC LIMIT 1
)
WHERE u.id = %s
"""
STATEMENTS = {vendor: STATEMENT.format(now=now) for vendor, now in NOW_OF.items()}
INSTANTS = ("read_at", "expires_at", "number_at", "changed_at", "month_starts_at", "resets_at", "last_sent_at")


@dataclass(frozen=True, slots=True)
class Reading:
    """One person's license, month, return protection and waiting change at one aware instant."""

    at: datetime
    plan_code: str
    plan_names: dict[str, str]
    expires_at: datetime | None
    is_renewed: bool
    is_suspended: bool
    is_shown_as_unlimited: bool
    entitlement: Entitlement
    month: Standing
    last_sent_at: datetime | None
    return_protection: dict[str, bool]
    pending: Pending | None
    is_change_dropped: bool
    unread: int
    space: Space
    shared_space: Space

    @property
    def has_license(self) -> bool:
        """Tell whether a license is held, also one whose period is over."""
        return bool(self.plan_code)

    @property
    def fuller_space(self) -> Space:
        """Space of which a greater share is used: the person's own or the one of their organization."""
        return fuller(self.space, self.shared_space)


def read_account(*, user: User, at: datetime | None = None) -> Reading:
    """Return what the page shows about a person; one query.

    Args:
        at: aware instant; None for now, by the database's clock.
    """
    row = _row(user.pk)
    at = at or row["read_at"]
    pending = pending_of(row=_pending_row(row, user.pk), user=user, at=at)
    return Reading(
        at=at,
        plan_code=row["code"] or "",
        plan_names={"en": row["name_en"] or "", "fr": row["name_fr"] or ""},
        expires_at=row["expires_at"],
        is_renewed=bool(row["is_renewed"]) and not row["price_cents"] and not row["is_suspended"],
        is_suspended=bool(row["is_suspended"]),
        is_shown_as_unlimited=bool(row["is_shown_as_unlimited"]),
        entitlement=entitlement_in(row, at=at),
        month=standing(limit=row["messages_per_month"] or 0, zone=user.time_zone, at=at, newest=count_in(row)),
        last_sent_at=row["last_sent_at"],
        return_protection={part: bool(row[part]) for part in ("sms", "microsoft", "owner")},
        pending=pending,
        is_change_dropped=row["change_id"] is not None and (pending is None or pending.is_partly_dropped),
        unread=row["unread"],
        space=Space(int(row["kept_bytes"] or 0), row["stored_bytes"] or 0),
        shared_space=shared_space(row["kept_together"] or 0),
    )


def _row(user_id: int) -> dict[str, Any]:
    row = first_row(STATEMENTS[connection.vendor], [user_id]) or {}
    return row | {name: stored_instant(row[name]) for name in INSTANTS}


def _pending_row(row: dict[str, Any], user_id: int) -> PendingChange | None:
    if row["change_id"] is None:
        return None
    return PendingChange(
        user_id=user_id,
        number_sealed=row["number_sealed"],
        number_at=row["number_at"],
        settings=_read_json(row["settings"]),
        settings_at=_read_json(row["settings_at"]),
        created_at=row["changed_at"],
    )


def _read_json(value: Any) -> Any:
    """Return what a column of JSON holds; SQLite gives it as text."""
    return json.loads(value) if isinstance(value, str) else value
