"""Several things to do in a row, of which none may keep the others from being done.

Source: docs/decisions/0004-jobs.md
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import NamedTuple, TypeVar

from django.db import DatabaseError, OperationalError, connection

T = TypeVar("T")
logger = logging.getLogger("portal.worker")


class SomeFailed(Exception):
    """Of several things in one step at least one ended badly; each of those is written down already."""


class Outcome(NamedTuple):
    """How a step ended, and what it answered if it ended well."""

    is_well: bool
    answer: object = None


def take_step(step: str, act: Callable[[], object], *, row: object = None) -> Outcome:
    """Do something; a fault is written down, without its text, which may hold a value that no log may.

    Args:
        step: name under which a fault is written down.
        row: key of what it is done with; None where that is nothing in particular.

    Raises:
        OperationalError: the database is away, which is no fault of the step.
    """
    try:
        return Outcome(True, act())
    except SomeFailed:
        return Outcome(False)
    except Exception as fault:
        if isinstance(fault, OperationalError) and _is_database_away():
            raise
        of_row = {} if row is None else {"row": str(row)}
        logger.error("worker.fault", extra={"step": step, "fault": type(fault).__name__, **of_row})
        return Outcome(False)


def take_all(steps: Iterable[Callable[[datetime], object]], now: datetime) -> None:
    """Take steps that are due at an instant; a fault in one keeps none of the others from being taken.

    Raises:
        SomeFailed: at the end, where one of them ended badly.
        OperationalError: the database is away.
    """
    _require_well([take_step(_name_of(step), partial(step, now)) for step in steps])


def take_each(act: Callable[[T], object], things: Iterable[T]) -> None:
    """Do the same with each of several things; a fault with one keeps none of the others from it.

    Args:
        act: in a transaction of its own, if it writes more than once.
        things: rows, or keys of rows.

    Raises:
        SomeFailed: at the end, where it ended badly with one of them.
        OperationalError: the database is away.
    """
    step = _name_of(act)
    _require_well([take_step(step, partial(act, thing), row=getattr(thing, "pk", thing)) for thing in things])


def _require_well(outcomes: Iterable[Outcome]) -> None:
    if not all(outcome.is_well for outcome in outcomes):
        raise SomeFailed


def _name_of(act: Callable[..., object]) -> str:
    function = act.func if isinstance(act, partial) else act
    return f"{function.__module__}.{function.__name__}"


def _is_database_away() -> bool:
    """Tell whether the connection is gone: a lock that was not given, or a deadlock, is a fault of one step alone."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return True
    return False
