"""A log as a file: exactly the filtered rows, times of the viewer's zone and of UTC, cells separated as they expect."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from core import cultures
from core.cultures.places import zone_info
from core.db import database_now, read_transaction
from core.tables import Cell, csv_lines
from messaging.activity.access.log import Wanted, log_rows
from messaging.activity.access.log_rows import Row
from messaging.activity.choices import Column
from messaging.activity.drawing import protection
from messaging.items.kinds import all_kinds, kind_of
from messaging.items.references import shown_reference

_INSTANTS = (Column.DATE, Column.LATEST_ACTIVITY, Column.EXPIRES_AT)


def export_name(user: User) -> str:
    """Return the name of the file: of the day it is made on, in the viewer's zone."""
    return f"log-{database_now().astimezone(zone_info(user.time_zone)).date().isoformat()}.csv"


def exported_log(*, owner: User, wanted: Wanted, language: str) -> Iterator[bytes]:
    """Yield the lines of a log's file out of one consistent view that blocks no writer.

    Args:
        language: of the words; when the lines are drawn, the request that asked for them is over.
    """
    separator = cultures.list_separator(habits=owner.habits)
    with translation.override(language), read_transaction():
        rows = log_rows(owner=owner, wanted=wanted, at=database_now())
        yield from csv_lines(_head(), _lines(owner, rows), separator)


def _head() -> list[Cell]:
    """Return the names of the columns; each instant stands twice."""
    head: list[Cell] = []
    for column in Column:
        if column in _INSTANTS:
            head += [_("%(column)s (local)") % {"column": column.label}, f"{column.label} (UTC)"]
        elif column is Column.FILES:
            head += [str(column.label), _("Names of the files")]
        elif column is not Column.DELETE:
            head.append(str(column.label))
    return [*head, _("Time zone")]


def _lines(owner: User, rows: Iterable[Row]) -> Iterator[list[Cell]]:
    zone = zone_info(owner.time_zone)
    kinds = {kind.code: str(kind.label) for kind in all_kinds()}
    for row in rows:
        label = row.label
        yield [
            shown_reference(row.reference),
            *_twice(row.sent_at, zone),
            *_twice(row.latest_at, zone),
            *_twice(row.expires_at, zone),
            kind_of(row.kind).state_word(row.state, is_undone=row.is_undone),
            label.subject if label else _("not kept"),
            owner.email,
            "; ".join(f"{person.name} <{person.email}>" if person.name else person.email for person in row.people),
            protection(row),
            row.file_count,
            "; ".join(label.files) if label else _("not kept"),
            _openings(row),
            row.events,
            kinds.get(row.kind, row.kind),
            owner.time_zone,
        ]


def _openings(row: Row) -> str:
    used, allowed = row.openings_used, row.openings_allowed
    return str(used) if allowed is None else f"{used} / {allowed}"


def _twice(at: datetime | None, zone: tzinfo) -> tuple[str, str]:
    """Return an instant with its distance from UTC in a zone, and in UTC."""
    if at is None:
        return "", ""
    return at.astimezone(zone).isoformat(" ", "seconds"), at.astimezone(UTC).replace(tzinfo=None).isoformat(
        " ", "seconds"
    )
