"""How a session finds its user.

Source: docs/decisions/0003-sessions.md
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from accounts.models import Organization, User
from core.rows import columns_of, first_fetched, object_in

COLUMNS = f"{columns_of(User, 'u')}, {columns_of(Organization, 'o')}"
# A fixed text costs a third of what building it anew does.
STATEMENT = f"""
SELECT {COLUMNS}
FROM accounts_user u LEFT JOIN accounts_organization o ON o.id = u.organization_id
WHERE u.id = %s AND u.is_active
"""  # noqa: S608  # names of columns of ours
USER_COLUMNS = len(User._meta.concrete_fields)
# Who was read together with the session that a request is being asked for, only while it is asked.
_read_already: ContextVar[User | None] = ContextVar("_read_already", default=None)


@contextmanager
def already_read(user: User | None) -> Iterator[None]:
    """Spare the query for a person whom the statement of the session has read, as long as this lasts."""
    token = _read_already.set(user)
    try:
        yield
    finally:
        _read_already.reset(token)


def user_in(row: Sequence[Any]) -> User:
    """Return the user of a row of the columns above, with the organization."""
    user, organization = object_in(User, row[:USER_COLUMNS]), row[USER_COLUMNS:]
    user.organization = None if user.organization_id is None else object_in(Organization, organization)
    return user


class PortalBackend(BaseBackend):
    """Loads the user and the organization in one query; checks no password (services/sign_in.py does)."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Sign nobody in."""

    def get_user(self, user_id: int) -> User | None:
        """Return an active user, or None."""
        known = _read_already.get()
        if known is not None and known.pk == user_id:
            return known
        row = first_fetched(STATEMENT, [user_id])
        return None if row is None else user_in(row)
