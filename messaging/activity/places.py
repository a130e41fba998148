"""Places in a list that is sorted by instant, newest first, as they stand in an address.

A place is the instant and the key of a row, never a count of rows: each page costs the same, wherever it lies.
Source: docs/decisions/0046-log.md
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# So many digits fit into an instant of Python and a key of both databases.
_FORM = re.compile(r"([0-9]{1,16})-([0-9]{1,18})", re.ASCII)

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Place:
    """One row's place."""

    at: datetime
    key: int

    def to_text(self) -> str:
        """Return the place as it stands in an address."""
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.key}"

    @classmethod
    def from_text(cls, text: str) -> "Place | None":
        """Return the place of a text, or None where it holds none."""
        found = _FORM.fullmatch(text)
        return cls(_EPOCH + int(found[1]) * _MICROSECOND, int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Turn:
    """Which way somebody turned the pages: to what is older than a place, or newer; neither is the first page."""

    older_than: Place | None = None
    newer_than: Place | None = None


def page_of(rows: "QuerySet[M]", turn: Turn, *, instant: str, length: int) -> "tuple[list[M], Turn]":
    """Return one page of rows, newest first, and the places at which the older and the newer page begin.

    Args:
        instant: name of the column that sorts the rows; the key decides between equal ones.
        length: most rows of a page. Where less than that is newer than a place, the first page is the answer.
    """
    if turn.newer_than is not None:
        found = list(_beyond(rows, turn.newer_than, instant, "gt").order_by(instant, "pk")[: length + 1])
        if len(found) > length:
            shown = found[:length][::-1]
            return shown, Turn(_place(shown[-1], instant), _place(shown[0], instant))
    begun = rows if turn.older_than is None else _beyond(rows, turn.older_than, instant, "lt")
    found = list(begun.order_by(f"-{instant}", "-pk")[: length + 1])
    shown = found[:length]
    older_than = _place(shown[-1], instant) if len(found) > length else None
    newer_than = _place(shown[0], instant) if turn.older_than is not None and shown else None
    return shown, Turn(older_than, newer_than)


def _place(row: Model, instant: str) -> Place:
    return Place(getattr(row, instant), row.pk)


def _beyond(rows: "QuerySet[M]", place: Place, instant: str, direction: str) -> "QuerySet[M]":
    """Return the rows behind a place; the first condition is the one that an index seeks."""
    beyond = Q(**{f"{instant}__{direction}": place.at}) | Q(**{f"pk__{direction}": place.key})
    return rows.filter(beyond, **{f"{instant}__{direction}e": place.at})
