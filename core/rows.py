"""Make objects of models from the rows of fixed statements, at a quarter of the price of Django's `raw`.

Every request of a signed-in person reads three of them. Source: docs/decisions/0014-account-page.md
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


def columns_of(model: type[Model], table: str, *, prefix: str = "") -> str:
    """Return the columns of a model as a statement names them, in the order of the model's fields.

    Args:
        table: name or short name of the table within the statement.
        prefix: begins the names under which they come, where several tables have columns of one name.
    """
    names = [field.column for field in model._meta.concrete_fields]
    return ", ".join(f"{table}.{name} AS {prefix}_{name}" if prefix else f"{table}.{name}" for name in names)


def object_in(model: type[M], row: Sequence[Any]) -> M:
    """Return the object of a row.

    Args:
        row: values of the columns above, as the database gave them.
    """
    values = list(row)
    for place, converters, column in _conversions(model, connection.vendor):
        for convert in converters:
            values[place] = convert(values[place], column, connection)
    return model.from_db(DEFAULT_DB_ALIAS, (), values)


def first_fetched(statement: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
    """Return the first row of a fixed statement, or None."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


@cache
def _conversions(model: type[Model], vendor: str) -> tuple[tuple[int, list[Any], Any], ...]:
    """Tell which columns a database of this kind gives in another form than the model has them, and what to do."""
    found = []
    for place, field in enumerate(model._meta.concrete_fields):
        column = field.get_col(model._meta.db_table)
        converters = connection.ops.get_db_converters(column) + column.get_db_converters(connection)
        if converters:
            found.append((place, converters, column))
    return tuple(found)
