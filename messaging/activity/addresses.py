"""The address of a log: its filters, its length and its place, and nothing else that somebody wrote into it."""

from collections.abc import Mapping
from functools import cache
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from messaging.activity.forms import LogFilterForm
from messaging.activity.limits import ROWS_OFFERED, ROWS_SHOWN_FIRST
from messaging.activity.places import Place, Turn

ROWS, OLDER, NEWER = "rows", "older", "newer"
# Within one item's events, whose address carries the place in the log too.
BEFORE, AFTER = "before", "after"
_FILTERS = tuple(LogFilterForm.base_fields)


def rows_asked(asked: QueryDict) -> int:
    """Return how many rows a page is asked to have; what is not offered counts as nothing."""
    text = asked.get(ROWS, "")
    return next((rows for rows in ROWS_OFFERED if str(rows) == text), ROWS_SHOWN_FIRST)


def turn_asked(asked: QueryDict) -> Turn:
    """Return which way the pages were turned; what is no place leads to the first page."""
    return Turn(Place.from_text(asked.get(OLDER, "")), Place.from_text(asked.get(NEWER, "")))


def events_turn_asked(asked: QueryDict) -> Turn:
    """Return which way the pages of one item's events were turned."""
    return Turn(Place.from_text(asked.get(BEFORE, "")), Place.from_text(asked.get(AFTER, "")))


def filters_in(asked: QueryDict) -> str:
    """Return the filters of an address as its query."""
    return _query(asked, _FILTERS)


def query_of(asked: QueryDict, **changes: str) -> str:
    """Return the query that leads to the same log, with other values of some names.

    Args:
        changes: an empty value leaves a name out.
    """
    return _query(asked, (*_FILTERS, ROWS, OLDER, NEWER), changes)


def log_url(query: str = "") -> str:
    """Return the address of the log."""
    return _log() + (f"?{query}" if query else "")


@cache
def _log() -> str:
    return reverse("activity:log")


def _query(asked: QueryDict, names: tuple[str, ...], changes: Mapping[str, str] | None = None) -> str:
    kept = {name: asked.get(name, "") for name in names if name in asked}
    for name, value in (changes or {}).items():
        kept.pop(name, None)
        if value:
            kept[name] = value
    return urlencode(kept)
