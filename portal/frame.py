"""What the frame of a signed-in page shows beside the person's own row, read by one fixed statement.

The menu asks what the license allows and what waits to be read; two queries of the ORM cost more than drawing it.
Source: docs/decisions/0014-account-page.md
"""

from django.db import connection
from django.http import HttpRequest

from accounts.people import signed_in
from core.db import NOW_OF, first_row, stored_instant
from licenses.access import is_entitlement_known, remember_entitlement
from licenses.entitlements import entitlement_in
from messaging.items.access import is_unread_known, remember_unread

STATEMENT = """
SELECT {now} AS read_at,
       p.code, p.attachments_bytes, p.open_envelopes, p.signers_per_request, p.has_signature_tracking,
       p.has_return_protection, l.expires_at, l.is_suspended,
       (SELECT COUNT(*) FROM items_return b
        WHERE b.owner_id = u.id AND b.read_at IS NULL AND b.shredded_at IS NULL) AS unread
FROM accounts_user u
LEFT JOIN licenses_license l ON l.holder_id = u.id
LEFT JOIN licenses_plan p ON p.id = l.plan_id
WHERE u.id = %s
"""
STATEMENTS = {vendor: STATEMENT.format(now=now) for vendor, now in NOW_OF.items()}


def read_frame(request: HttpRequest) -> None:
    """Let the request know what its menu will ask; nothing is read where the page's view has asked for either."""
    if is_entitlement_known(request) or is_unread_known(request):
        return
    row = first_row(STATEMENTS[connection.vendor], [signed_in(request).pk])
    if row is None:
        return
    row |= {name: stored_instant(row[name]) for name in ("read_at", "expires_at")}
    remember_entitlement(request, entitlement_in(row, at=row["read_at"]))
    remember_unread(request, row["unread"])
