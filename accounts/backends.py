"""How a session finds its user."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from accounts.models import Organization, User
from core.rows import columns_of, first_fetched, object_in

# Asked by every request of a signed-in person: a fixed text costs a third of what building it anew does.
STATEMENT = f"""
SELECT {columns_of(User, "u")}, {columns_of(Organization, "o")}
FROM accounts_user u LEFT JOIN accounts_organization o ON o.id = u.organization_id
WHERE u.id = %s AND u.is_active
"""  # noqa: S608  # names of columns of ours
USER_COLUMNS = len(User._meta.concrete_fields)


class PortalBackend(BaseBackend):
    """Loads the user and the organization in one query; checks no password (services/sign_in.py does)."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Sign nobody in."""

    def get_user(self, user_id: int) -> User | None:
        """Return an active user, or None."""
        row = first_fetched(STATEMENT, [user_id])
        if row is None:
            return None
        user, organization = object_in(User, row[:USER_COLUMNS]), row[USER_COLUMNS:]
        user.organization = None if user.organization_id is None else object_in(Organization, organization)
        return user
