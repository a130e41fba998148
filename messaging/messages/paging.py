"""Pages of a list by the place where the last one ended: as fast on the thousandth page as on the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PLACE_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind the row of an instant and a key."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.pk}"


def place_of(text: str) -> Place | None:
    """Return the place that an address names, or None for anything that is none: the list then begins at its top."""
    instant, _, pk = text.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) < PLACE_DIGITS for part in (instant, pk)):
        return None
    try:
        return Place(EPOCH + timedelta(microseconds=int(instant)), int(pk))
    except OverflowError:
        return None


def page_behind(
    rows: QuerySet[Any], place: Place | None, *, instant: str, length: int
) -> tuple[Sequence[Any], Place | None]:
    """Return one page of rows, newest first, and the place behind which the next one begins; None at the end.

    Args:
        instant: name of the column that orders the list, before the key.
    """
    if place is not None:
        earlier = Q(**{f"{instant}__lt": place.at}) | Q(**{instant: place.at, "pk__lt": place.pk})
        # The first condition alone lets the index do it; the second one is for rows of the same instant.
        rows = rows.filter(**{f"{instant}__lte": place.at}).filter(earlier)
    found: list[Model] = list(rows.order_by(f"-{instant}", "-pk")[: length + 1])
    if len(found) <= length:
        return found, None
    last = found[length - 1]
    return found[:length], Place(getattr(last, instant), last.pk)
