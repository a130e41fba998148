"""What the database holds, to compare before and after something that must change nothing."""

from collections.abc import Collection, Mapping
from typing import Any

from django.apps import apps

Rows = Mapping[str, list[dict[str, Any]]]


def all_rows(*, without: Collection[str] = ()) -> Rows:
    """Return every row of every table, by the table's name.

    Args:
        without: names of tables, or of columns as `table.column`, that are left out.
    """
    found = {}
    for model in apps.get_models():
        table = model._meta.db_table
        if table not in without:
            columns = [column.attname for column in model._meta.concrete_fields]
            told = [name for name in columns if f"{table}.{name}" not in without]
            found[table] = [
                {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}
                for row in model._default_manager.order_by("pk").values(*told)
            ]
    return found


def changed_tables(before: Rows, after: Rows) -> set[str]:
    """Return the tables in which a row came, went or changed."""
    return {table for table in before if before[table] != after[table]}


def tables_that_lost(before: Rows, after: Rows) -> set[str]:
    """Return the tables in which a row that was there went or changed; rows that came are no loss."""
    return {table for table in before if any(row not in after[table] for row in before[table])}
