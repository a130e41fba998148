"""How a session finds its user."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest

from accounts.models import Organization, User
from core.db import stored_instant

# Asked by every request of a signed-in person: a fixed text costs a third of what building it anew does.
_OF_ORGANIZATION = {field.attname: f"organization__{field.attname}" for field in Organization._meta.concrete_fields}
STATEMENT = f"""
SELECT u.*, {", ".join(f"o.{column} AS {name}" for column, name in _OF_ORGANIZATION.items())}
FROM accounts_user u LEFT JOIN accounts_organization o ON o.id = u.organization_id
WHERE u.id = %s AND u.is_active
"""  # noqa: S608  # names of columns of ours


class PortalBackend(BaseBackend):
    """Loads the user and the organization in one query; checks no password (services/sign_in.py does)."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Sign nobody in."""

    def get_user(self, user_id: int) -> User | None:
        """Return an active user, or None."""
        user = next(iter(User.objects.raw(STATEMENT, [user_id])), None)
        if user is not None:
            user.organization = _organization_in(vars(user))
        return user


def _organization_in(row: dict[str, Any]) -> Organization | None:
    values = {column: row.pop(name) for column, name in _OF_ORGANIZATION.items()}
    if values["id"] is None:
        return None
    values["created_at"] = stored_instant(values["created_at"])
    return Organization.from_db(DEFAULT_DB_ALIAS, list(values), list(values.values()))
