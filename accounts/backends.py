"""How a session finds its user."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from accounts.models import User


class PortalBackend(BaseBackend):
    """Loads the user and the organization in one query; checks no password (services/sign_in.py does)."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Sign nobody in."""

    def get_user(self, user_id: int) -> User | None:
        """Return an active user, or None."""
        # `first` would sort the one row, which costs a quarter of the query.
        return next(iter(User.objects.select_related("organization").filter(pk=user_id, is_active=True)), None)
