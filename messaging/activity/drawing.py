"""Draw the rows of the log without templates: a hundred rows of fourteen cells cost more than all their queries.

Source: docs/decisions/0046-log.md
"""

from collections.abc import Sequence
from datetime import date, datetime
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from core import cultures
from core.cultures.formats import local
from core.markup import element, escaped, icon
from core.templatetags.cultures import machine_instant
from messaging.activity.access.log import Row
from messaging.activity.choices import NUMBER_COLUMNS, Column
from messaging.items.choices import Proof, State
from messaging.items.kinds import all_kinds
from messaging.items.models import Participant
from messaging.items.references import shown_reference

NOTHING = "–"
PILL_OF = {
    State.SENDING: "is-info",
    State.NOT_OPENED: "is-info",
    State.OPEN: "is-good",
    State.CLOSED: "is-good",
    State.USED_UP: "is-warn",
    State.FAILED: "is-danger",
}
_HEAD_OF = dict.fromkeys(NUMBER_COLUMNS, "n") | {Column.REFERENCE: "pin", Column.DELETE: "pin-end"}
# Cells that a phone shows by their place on the card, without a name.
_NAMED_BY_PLACE = frozenset({Column.STATUS, Column.SUBJECT, Column.SENDER, Column.FILES, Column.DELETE})
# A reference has a fixed form, so one address is a pattern for all.
_ANY = "REFERENCE000"


class LogTable:
    """Draws the rows of one page: the pattern of a row is drawn once, then filled in for each.

    Args:
        query: of the log's own address, kept on the way to an item and back.
    """

    def __init__(self, query: str) -> None:
        self.habits, self.days = cultures.current(), dict[date, str]()
        self.kinds = {kind.code: escaped(kind.label) for kind in all_kinds()}
        self.states = {state: pill(state) for state in State}
        self.proofs = {proof: escaped(proof.label) for proof in Proof}
        self.not_kept = element("span", {"class": "muted"}, gettext("not kept"))
        self.openings = gettext("%(used)d of %(allowed)d")
        address = f"?{query}" if query else ""
        self.pattern = _row_pattern(reverse("activity:item_detail", args=[_ANY]) + address)
        self.delete = _delete_pattern(reverse("activity:item_delete", args=[_ANY]) + address)

    def draw(self, rows: Sequence[Row]) -> SafeString:
        """Return the rows as the body of the table."""
        return element("tbody", {"role": "rowgroup"}, SafeString("".join(map(self._row, rows))))

    def _row(self, row: Row) -> str:
        item, names = row.item, {"stored": row.item.reference, "shown": shown_reference(row.item.reference)}
        return self.pattern.format(
            **names,
            date=self._instant(item.sent_at),
            latest_activity=self._instant(row.latest_at),
            expires_at=self._instant(item.expires_at),
            status=self.states[row.state],
            subject=_clipped(row.label.subject) if row.label else self.not_kept,
            sender=_clipped(item.sender.email),
            recipient=_clipped(recipients(row.people), _addresses(row.people)),
            code=", ".join(self.proofs[proof] for proof in row.proofs) or NOTHING,
            files=item.file_count,
            openings=self.openings % {"used": row.openings_used, "allowed": row.openings_allowed},
            activities=_events_in_words(row.events),
            kind=self.kinds.get(item.kind, item.kind),
            delete=self.delete.format(**names) if row.can_be_deleted else "",
        )

    def _instant(self, at: datetime | None) -> str:
        """Return the day, and below it the time; the days of a page are few, and each is written once."""
        if at is None:
            return NOTHING
        there = local(at, self.habits)
        day = self.days.get(there.date())
        if day is None:
            day = self.days[there.date()] = escaped(cultures.format_date(there.date(), habits=self.habits))
        time = escape(cultures.format_time(at, habits=self.habits))
        return f'<time datetime="{machine_instant(at)}">{day} <span class="sub">{time}</span></time>'


def log_head() -> SafeString:
    """Draw the names of the fourteen columns."""
    values = ({"role": "columnheader", "scope": "col", "class": _HEAD_OF.get(column, False)} for column in Column)
    names = (element("th", value, column.label) for value, column in zip(values, Column, strict=True))
    return element("thead", {"role": "rowgroup"}, element("tr", {"role": "row"}, *names))


def _row_pattern(item_url: str) -> str:
    """Draw a row with a name in braces for each value; no label and no address holds a brace."""
    address = item_url.replace(_ANY, "{stored}")

    def cell(column: Column, classes: str, content: object = "") -> SafeString:
        label = {} if column in _NAMED_BY_PLACE else {"data-label": column.label}
        return element("td", {"role": "cell", **label, "class": classes}, content or f"{{{column.value}}}")

    return element(
        "tr",
        {"role": "row", "class": "is-link"},
        element(
            "th",
            {"role": "rowheader", "scope": "row", "class": "pin first"},
            element("a", {"class": "mono nowrap", "href": address}, "{shown}"),
        ),
        cell(Column.DATE, "nowrap"),
        cell(Column.LATEST_ACTIVITY, "nowrap"),
        cell(Column.EXPIRES_AT, "nowrap"),
        cell(Column.STATUS, "second"),
        cell(Column.SUBJECT, "title"),
        cell(Column.SENDER, "desk-only"),
        cell(Column.RECIPIENT, "full"),
        cell(Column.CODE, "nowrap"),
        cell(Column.FILES, "n desk-only"),
        cell(Column.OPENINGS, "n nowrap"),
        cell(Column.ACTIVITIES, "nowrap", element("a", {"href": address}, "{activities}")),
        cell(Column.KIND, "nowrap"),
        cell(Column.DELETE, "pin-end act"),
    )


def _delete_pattern(delete_url: str) -> str:
    name = escaped(gettext("Delete %(reference)s") % {"reference": "{shown}"})
    address = delete_url.replace(_ANY, "{stored}")
    values = {"class": "btn btn-quiet btn-s is-danger", "href": address, "aria-label": SafeString(name)}
    return element("a", values, icon("trash", "s"), Column.DELETE.label)


def _events_in_words(count: int) -> str:
    return escape(ngettext("%(count)d event", "%(count)d events", count) % {"count": count})


def pill(state: State) -> SafeString:
    """Draw a state in one or two words."""
    return element("span", {"class": f"pill dot {PILL_OF.get(state, '')}".strip()}, str(state.label))


def recipients(people: Sequence[Participant]) -> str:
    """Name the first recipient, and say how many there are beside."""
    if not people:
        return NOTHING
    others = len(people) - 1
    if not others:
        return people[0].email
    words = ngettext("%(address)s and %(count)d other", "%(address)s and %(count)d others", others)
    return words % {"address": people[0].email, "count": others}


def protection(row: Row) -> str:
    """Say what its recipients are asked before reading."""
    return ", ".join(str(proof.label) for proof in row.proofs) or NOTHING


def openings(row: Row) -> str:
    """Say how often an item was opened, of how often it may be."""
    numbers = {"used": row.openings_used, "allowed": row.openings_allowed}
    return gettext("%(used)d of %(allowed)d") % numbers


def _addresses(people: Sequence[Participant]) -> str:
    return ", ".join(person.email for person in people)


def _clipped(text: str, title: str = "") -> str:
    shown = escape(text)
    return f'<span class="clip" title="{escape(title) if title else shown}">{shown}</span>'
