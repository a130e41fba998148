"""Draw the rows of the log without templates: a hundred rows of fourteen cells cost more than all their queries.

Source: docs/decisions/0046-log.md
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from core import cultures
from core.cultures.formats import local
from core.markup import element, icon
from core.templatetags.cultures import machine_instant
from messaging.activity.access.log import Row
from messaging.activity.choices import Column
from messaging.items.choices import State
from messaging.items.kinds import all_kinds
from messaging.items.models import Participant
from messaging.items.references import shown_reference

NOTHING = "–"
PILL_OF = {
    State.SENDING: "is-info",
    State.NOT_OPENED: "is-info",
    State.OPEN: "is-good",
    State.FAILED: "is-danger",
}
# A reference has a fixed form, so one address is a pattern for all.
_ANY = "REFERENCE000"


class LogTable:
    """Draws the rows of one page; what is the same in each of them is said once.

    Args:
        query: of the log's own address, kept on the way to an item and back.
    """

    def __init__(self, query: str) -> None:
        self.query = f"?{query}" if query else ""
        self.item_url, self.delete_url = (
            reverse(name, args=[_ANY]) for name in ("activity:item_detail", "activity:item_delete")
        )
        self.habits, self.days = cultures.current(), dict[date, str]()
        self.labels = {column: str(column.label) for column in Column}
        self.kinds = {kind.code: str(kind.label) for kind in all_kinds()}
        self.states = {state: pill(state) for state in State}
        self.not_kept = element("span", {"class": "muted"}, gettext("not kept"))
        self.trash = icon("trash", "s")

    def draw(self, rows: Sequence[Row]) -> SafeString:
        """Return the rows as HTML, without the body of the table around them."""
        return SafeString("".join(map(self._row, rows)))

    def _row(self, row: Row) -> SafeString:
        item, shown = row.item, shown_reference(row.item.reference)
        people = recipients(row.people)
        return element(
            "tr",
            {"role": "row", "class": "is-link"},
            element(
                "th",
                {"role": "rowheader", "scope": "row", "class": "pin first"},
                element("a", {"class": "mono nowrap", "href": self._address(self.item_url, item.reference)}, shown),
            ),
            self._cell(Column.DATE, self._instant(item.sent_at), "nowrap"),
            self._cell(Column.LATEST_ACTIVITY, self._instant(row.latest_at), "nowrap"),
            self._cell(Column.EXPIRES_AT, self._instant(item.expires_at), "nowrap"),
            element("td", {"role": "cell", "class": "second"}, self.states[row.state]),
            element("td", {"role": "cell", "class": "title"}, self._subject(row)),
            element("td", {"role": "cell", "class": "desk-only"}, _clipped(item.sender.email)),
            self._cell(Column.RECIPIENT, _clipped(people, _addresses(row.people)), "full"),
            self._cell(Column.CODE, protection(row), "nowrap"),
            element("td", {"role": "cell", "class": "n desk-only"}, cultures.format_number(item.file_count)),
            self._cell(Column.OPENINGS, openings(row), "n nowrap"),
            self._cell(Column.ACTIVITIES, self._events(row), "nowrap"),
            self._cell(Column.KIND, self.kinds.get(item.kind, item.kind), "nowrap"),
            element("td", {"role": "cell", "class": "pin-end act"}, self._delete(row, shown)),
        )

    def _cell(self, column: Column, content: object, classes: str) -> SafeString:
        return element("td", {"role": "cell", "data-label": self.labels[column], "class": classes}, content)

    def _instant(self, at: datetime | None) -> SafeString | str:
        """Return the day, and below it the time; the days of a page are few, and each is written once."""
        if at is None:
            return NOTHING
        there = local(at, self.habits)
        day = self.days.get(there.date())
        if day is None:
            day = self.days[there.date()] = cultures.format_date(there.date(), habits=self.habits)
        time = element("span", {"class": "sub"}, cultures.format_time(at, habits=self.habits))
        return element("time", {"datetime": machine_instant(at)}, day, " ", time)

    def _subject(self, row: Row) -> SafeString:
        return _clipped(row.label.subject) if row.label else self.not_kept

    def _events(self, row: Row) -> SafeString:
        words = ngettext("%(count)d event", "%(count)d events", row.events) % {"count": row.events}
        return element("a", {"href": self._address(self.item_url, row.item.reference)}, words)

    def _delete(self, row: Row, shown: str) -> SafeString | str:
        if not row.can_be_deleted:
            return ""
        name = gettext("Delete %(reference)s") % {"reference": shown}
        address = self._address(self.delete_url, row.item.reference)
        link = partial(element, "a", {"class": "btn btn-quiet btn-s is-danger", "href": address, "aria-label": name})
        return link(self.trash, self.labels[Column.DELETE])

    def _address(self, pattern: str, reference: str) -> str:
        return pattern.replace(_ANY, reference) + self.query


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


def _clipped(text: str, title: str = "") -> SafeString:
    return element("span", {"class": "clip", "title": title or text}, text)
