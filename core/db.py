"""The database's clock, and long reads that block no writer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, overload

from django.db import connection, transaction
from django.db.models.functions import Now  # noqa: TID251

# SQLite keeps instants as texts and compares these: its clock has to write as Django does, with microseconds or, at a
# whole second, without a fraction. Django's own `Now` writes milliseconds there, and `10.123` sorts before `10.123000`.
SQLITE_NOW = "REPLACE(STRFTIME('%%%%Y-%%%%m-%%%%d %%%%H:%%%%M:%%%%f000', 'NOW'), '.000000', '')"


# The present instant within a fixed statement that has values, for `stored_instant`.
NOW_OF = {"postgresql": "clock_timestamp()", "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')"}


class DatabaseNow(Now):
    """The database's present instant within a statement, to be compared with instants that were stored."""

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        """Write the instant as stored ones are written."""
        return self.as_sql(compiler, connection, template=SQLITE_NOW, **extra_context)


def database_now() -> datetime:
    """Return the database's present instant, aware, in UTC.

    Codes, links and leases are judged by this clock, so that two web machines never disagree.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NOW_OF[connection.vendor]}", ())
        value: datetime | str = cursor.fetchone()[0]
    return stored_instant(value)


@overload
def stored_instant(value: datetime | str) -> datetime: ...
@overload
def stored_instant(value: None) -> None: ...
def stored_instant(value: datetime | str | None) -> datetime | None:
    """Return an instant that a statement of ours read, aware, in UTC; SQLite keeps instants as text."""
    if value is None:
        return None
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    # To read a text twice takes less than half the time of replacing the zone.
    return datetime.fromisoformat(f"{value}+00:00") if isinstance(value, str) else at.replace(tzinfo=UTC)


def first_row(statement: str, values: Sequence[Any]) -> dict[str, Any] | None:
    """Return the first row of a fixed statement by the names of its columns, or None."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
        return (
            None if row is None else {column[0]: value for column, value in zip(cursor.description, row, strict=True)}
        )


@contextmanager
def read_transaction() -> Iterator[None]:
    """Hold one consistent view without a write lock.

    SQLite begins DEFERRED instead of IMMEDIATE; PostgreSQL reads REPEATABLE READ, READ ONLY. Inside a transaction that
    has begun already, its view is the one that holds.
    Source: docs/decisions/0001-database.md
    """
    if connection.vendor != "sqlite":
        is_inner = connection.in_atomic_block
        with transaction.atomic(), connection.cursor() as cursor:
            if not is_inner:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]
