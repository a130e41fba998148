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


@dataclass(frozen=True, slots=True)
class Span:
    """Aware instants from one on to before another; without them, all that a portal knows.

    A list is always asked for with both ends. So PostgreSQL takes the index that sorts, also before it knows how many
    rows there are; with one end or none it may read all rows of a person and sort them.
    """

    begins_at: datetime = _EPOCH
    ends_at: datetime = datetime(9999, 1, 1, tzinfo=UTC)


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


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which rows of a list come next.

    Args:
        place: they lie behind it, or before it; None for the newest of all.
        is_upward: they are newer than the place, the nearest first; otherwise older, the newest first.
    """

    place: Place | None = None
    is_upward: bool = False

    def of(self, rows: QuerySet[M], instant: str, span: Span) -> QuerySet[M]:
        """Return the rows of a list as far as a span goes, in their order; each end is said once: an index seeks it."""
        if self.is_upward:
            return self._newer(rows, instant, span).order_by(instant, "pk")
        return self._older(rows, instant, span).order_by(f"-{instant}", "-pk")

    def in_sql(self, span: Span, *, instant: str, key: str) -> tuple[str, list[datetime | int]]:
        """Return the same as a condition with its order, for a fixed statement, and the values it names.

        Args:
            instant, key: columns of ours.
        """
        place = self.place
        order = f"ORDER BY {instant}, {key}" if self.is_upward else f"ORDER BY {instant} DESC, {key} DESC"
        if place is None or (place.at < span.begins_at if self.is_upward else place.at >= span.ends_at):
            return f"{instant} >= %s AND {instant} < %s {order}", [span.begins_at, span.ends_at]
        if self.is_upward:
            which = f"({instant} > %s OR {key} > %s) AND {instant} >= %s AND {instant} < %s {order}"
            return which, [place.at, place.key, place.at, span.ends_at]
        which = f"({instant} < %s OR {key} < %s) AND {instant} >= %s AND {instant} <= %s {order}"
        return which, [place.at, place.key, span.begins_at, place.at]

    def _older(self, rows: QuerySet[M], instant: str, span: Span) -> QuerySet[M]:
        place = self.place
        if place is None or place.at >= span.ends_at:
            return within(rows, instant, span)
        beyond = Q(**{f"{instant}__lt": place.at}) | Q(pk__lt=place.key)
        return rows.filter(beyond, **{f"{instant}__gte": span.begins_at, f"{instant}__lte": place.at})

    def _newer(self, rows: QuerySet[M], instant: str, span: Span) -> QuerySet[M]:
        place = self.place
        if place is None or place.at < span.begins_at:
            return within(rows, instant, span)
        beyond = Q(**{f"{instant}__gt": place.at}) | Q(pk__gt=place.key)
        return rows.filter(beyond, **{f"{instant}__gte": place.at, f"{instant}__lt": span.ends_at})


def page_of(
    rows: QuerySet[M],
    turn: Turn,
    *,
    instant: str,
    length: int,
    read: Callable[[QuerySet[M]], list[R]],
    span: Span = Span(),
) -> tuple[list[R], Turn]:
    """Return one page of rows, newest first, and the places at which the older and the newer page begin.

    Args:
        instant: name of the column that sorts the rows; the key decides between equal ones.
        length: most rows of a page. Where less than that is newer than a place, the first page is the answer.
        read: turns the rows chosen, in any order, into what the page shows; that keeps `instant` and `pk`.
        span: in which the instants of the rows lie that are asked for.
    """

    def read_next(stretch: Stretch, most: int) -> list[R]:
        found = read(stretch.of(rows, instant, span)[:most])
        return sorted(found, key=lambda row: (getattr(row, instant), row.pk), reverse=not stretch.is_upward)

    return turned(turn, instant=instant, length=length, read_next=read_next)


def turned(
    turn: Turn, *, instant: str, length: int, read_next: Callable[[Stretch, int], list[R]]
) -> tuple[list[R], Turn]:
    """Return one page of rows as `page_of` does, whoever reads them.

    Args:
        read_next: returns so many rows of a stretch at most, in its order.
    """

    def place(row: R) -> Place:
        return Place(getattr(row, instant), row.pk)

    if turn.newer_than is not None:
        found = read_next(Stretch(turn.newer_than, is_upward=True), length + 1)
        if len(found) > length:
            shown = found[:length][::-1]
            return shown, Turn(place(shown[-1]), place(shown[0]))
    found = read_next(Stretch(turn.older_than), length + 1)
    shown = found[:length]
    older_than = place(shown[-1]) if len(found) > length else None
    newer_than = place(shown[0]) if turn.older_than is not None and shown else None
    return shown, Turn(older_than, newer_than)


def within(rows: QuerySet[M], instant: str, span: Span) -> QuerySet[M]:
    """Return the rows whose instant lies in a span."""
    return rows.filter(**{f"{instant}__gte": span.begins_at, f"{instant}__lt": span.ends_at})
