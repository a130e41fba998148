"""Places in a list that is sorted by instant, newest first, as they stand in an address.

A place is the instant and the key of a row, never a count of rows: each page costs the same, wherever it lies.
Source: docs/decisions/0046-log.md
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from django.db.models import Model, Q, QuerySet

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# So many digits fit into an instant of Python and a key of both databases.
_FORM = re.compile(r"([0-9]{1,16})-([0-9]{1,18})", re.ASCII)


class Placed(Protocol):
    """Something with a key."""

    @property
    def pk(self) -> int: ...


M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=Placed)


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


def page_of(
    rows: QuerySet[M],
    turn: Turn,
    *,
    instant: str,
    length: int,
    read: Callable[[QuerySet[M]], list[R]],
) -> tuple[list[R], Turn]:
    """Return one page of rows, newest first, and the places at which the older and the newer page begin.

    Args:
        instant: name of the column that sorts the rows; the key decides between equal ones.
        length: most rows of a page. Where less than that is newer than a place, the first page is the answer.
        read: turns the rows chosen, in any order, into what the page shows; that keeps `instant` and `pk`.
    """

    def place(row: R) -> Place:
        return Place(getattr(row, instant), row.pk)

    def read_next(chosen: QuerySet[M]) -> list[R]:
        return sorted(read(chosen[: length + 1]), key=lambda row: (getattr(row, instant), row.pk))

    if turn.newer_than is not None:
        found = read_next(_beyond(rows, turn.newer_than, instant, "gt").order_by(instant, "pk"))
        if len(found) > length:
            shown = found[:length][::-1]
            return shown, Turn(place(shown[-1]), place(shown[0]))
    begun = rows if turn.older_than is None else _beyond(rows, turn.older_than, instant, "lt")
    found = read_next(begun.order_by(f"-{instant}", "-pk"))[::-1]
    shown = found[:length]
    older_than = place(shown[-1]) if len(found) > length else None
    newer_than = place(shown[0]) if turn.older_than is not None and shown else None
    return shown, Turn(older_than, newer_than)


def _beyond(rows: QuerySet[M], place: Place, instant: str, direction: str) -> QuerySet[M]:
    """Return the rows behind a place; the first condition is the one that an index seeks."""
    beyond = Q(**{f"{instant}__{direction}": place.at}) | Q(**{f"pk__{direction}": place.key})
    return rows.filter(beyond, **{f"{instant}__{direction}e": place.at})
