"""Sessions in a table of ours: the digest of the key, the user, the browser, the factor, and when it was last used.

Deleting a row signs its browser out at the next request. Source: docs/decisions/0003-sessions.md
"""

import hashlib
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts import limits
from accounts.backends import COLUMNS, already_read, user_in
from accounts.models import Session, User
from core.db import NOW_OF, DatabaseNow, database_now, stored_instant
from core.rows import columns_of, first_fetched, object_in

STAFF = "is_staff_session"
FACTOR = "factor"
KNOWN_BROWSER = "known_browser"
PROVEN_AT = "proven_at"


def digest_of(session_key: str) -> str:
    """Return the form of a session key that is stored."""
    return hashlib.sha256(session_key.encode()).hexdigest()


# Asked by every request: a fixed text costs a quarter of what building it anew does, and a second one for the person
# another turn to the database and back. The present instant comes with the row, since it is the database's clock that
# ends a session.
STATEMENTS = {
    vendor: f"""
    SELECT {now}, {columns_of(Session, "s")}, {COLUMNS}
    FROM accounts_session s
    LEFT JOIN accounts_user u ON u.id = s.user_id AND u.is_active
    LEFT JOIN accounts_organization o ON o.id = u.organization_id
    WHERE s.key_digest = %s
    """  # noqa: S608  # names of columns of ours
    for vendor, now in NOW_OF.items()
}
SESSION_COLUMNS = len(Session._meta.concrete_fields)


class SessionStore(SessionBase):
    """Django's session interface over `accounts.models.Session`.

    Args:
        reader: who is signed in, active, as the session's row was read; None until then.
    """

    row: Session | None = None
    reader: User | None = None

    def load(self) -> dict[str, Any]:
        """Return the session's data; a session that is over is deleted and empty."""
        found = _read(self.session_key) if self.session_key else None
        if found is None:
            self._session_key = self.reader = None
            return {}
        row, now, self.reader = found
        if _is_over(row, now):
            row.delete()
            self._session_key = self.reader = None
            return {}
        data = self.decode(row.data)
        self.row = row
        if data.get(SESSION_KEY) and row.seen_at < now - timedelta(seconds=limits.LAST_USE_STAMP_SECONDS):
            Session.objects.filter(pk=row.pk).update(seen_at=now)
        return data

    def exists(self, session_key: str) -> bool:
        """Tell whether a key is in use."""
        return Session.objects.filter(key_digest=digest_of(session_key)).exists()

    def create(self) -> None:
        """Begin an empty session under a new key."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Write the session down."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        started_at = database_now() if must_create or self.row is None else self.row.started_at
        key_digest, columns = digest_of(self.session_key), self._columns(data, started_at)
        try:
            with transaction.atomic():
                if must_create:
                    columns |= {"started_at": started_at, "seen_at": started_at}
                    self.row = Session.objects.create(key_digest=key_digest, **columns)
                elif not Session.objects.filter(pk=key_digest).update(**columns):
                    raise UpdateError
        except IntegrityError:
            # An existing session can only have lost its browser, which was forgotten meanwhile: it is over.
            raise (CreateError if must_create else UpdateError) from None

    def cycle_key(self) -> None:
        """Move to a new key; a session that somebody is signed in to keeps its row.

        So it ends in time, and one that was ended meanwhile does not come back: saving it finds no row.
        """
        if SESSION_KEY not in self or self.row is None:
            super().cycle_key()
            return
        key: str = self._get_new_session_key()  # type: ignore[attr-defined]
        Session.objects.filter(pk=self.row.pk).update(key_digest=digest_of(key))
        self.row.key_digest, self._session_key, self.modified = digest_of(key), key, True

    def delete(self, session_key: str | None = None) -> None:
        """End a session."""
        key = session_key or self.session_key
        if key:
            Session.objects.filter(key_digest=digest_of(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Delete the sessions whose time is over."""
        Session.objects.filter(expires_at__lt=DatabaseNow()).delete()

    def _columns(self, data: dict[str, Any], started_at: datetime) -> dict[str, Any]:
        absolute = limits.STAFF_ABSOLUTE_SECONDS if data.get(STAFF) else limits.SESSION_ABSOLUTE_SECONDS
        return {
            "user_id": data.get(SESSION_KEY),
            "data": self.encode(data),
            "factor": data.get(FACTOR, ""),
            "known_browser_id": data.get(KNOWN_BROWSER),
            "expires_at": started_at + timedelta(seconds=absolute),
        }


class SessionUserMiddleware(AuthenticationMiddleware):
    """Django's way from a session to its user, all its checks included, without a query of its own."""

    def process_request(self, request: HttpRequest) -> None:
        """Let the request know its user once somebody asks."""
        super().process_request(request)
        request.user = SimpleLazyObject(partial(_user_of, request))  # type: ignore[assignment]


def _user_of(request: HttpRequest) -> User | AnonymousUser:
    session = cast(SessionStore, request.session)
    session.get(SESSION_KEY)  # reads it
    # Once alone: who asks a second time, after an act, wants what the act has left.
    reader, session.reader = session.reader, None
    with already_read(reader):
        return get_user(request)


def _read(session_key: str) -> tuple[Session, datetime, User | None] | None:
    """Return the row of a key, the instant at which the database read it, and its active person."""
    row = first_fetched(STATEMENTS[connection.vendor], [digest_of(session_key)])
    if row is None:
        return None
    session, person = row[1 : 1 + SESSION_COLUMNS], row[1 + SESSION_COLUMNS :]
    return object_in(Session, session), stored_instant(row[0]), None if person[0] is None else user_in(person)


def _is_over(row: Session, now: datetime) -> bool:
    idle = limits.SESSION_IDLE_SECONDS
    if row.expires_at - row.started_at <= timedelta(seconds=limits.STAFF_ABSOLUTE_SECONDS):
        idle = limits.STAFF_IDLE_SECONDS
    # The stamp of last use may be some minutes old: an idle session ends at its limit or a little before, never after.
    return row.expires_at <= now or row.seen_at + timedelta(seconds=idle) <= now
