"""The database's clock, and long reads that block no writer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import connection, transaction


def database_now() -> datetime:
    """Return the database's present instant, aware, in UTC.

    Codes, links and leases are judged by this clock, so that two web machines never disagree.
    """
    if connection.vendor == "postgresql":
        statement = "SELECT clock_timestamp()"
    else:
        statement = "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')"
    with connection.cursor() as cursor:
        cursor.execute(statement)
        value: datetime | str = cursor.fetchone()[0]
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC)


@contextmanager
def read_transaction() -> Iterator[None]:
    """Hold one consistent view without a write lock.

    SQLite begins DEFERRED instead of IMMEDIATE; PostgreSQL reads REPEATABLE READ, READ ONLY.
    Source: docs/decisions/0001-database.md
    """
    if connection.vendor != "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]
