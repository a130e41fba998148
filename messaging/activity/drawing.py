"""Draw the rows of the log without templates: a hundred rows of fourteen cells cost more than all their queries.

Source: docs/decisions/0046-log.md
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from core import cultures
from core.cultures.places import zone_info
from core.markup import element, escaped, icon
from core.options import LANGUAGES_KEPT, drawn_once
from core.templatetags.cultures import machine_instant
from messaging.activity.access.log_rows import LoggedPerson, Row
from messaging.activity.choices import NUMBER_COLUMNS, Column
from messaging.items.access import asked_before_replying
from messaging.items.choices import Proof, State
from messaging.items.kinds import all_kinds
from messaging.items.models import Item
from messaging.items.references import shown_reference

NOTHING = "–"
PILL_OF = {
    State.SENDING: "is-info",
    State.NOT_OPENED: "is-info",
    State.OPEN: "is-good",
    State.WAITING: "is-info",
    State.DECLINED: "is-danger",
    State.CLOSED: "is-good",
    State.USED_UP: "is-warn",
    State.FAILED: "is-danger",
}
_HEAD_OF = dict.fromkeys(NUMBER_COLUMNS, "n") | {Column.REFERENCE: "pin", Column.DELETE: "pin-end"}
# Cells that a phone shows by their place on the card, without a name.
_NAMED_BY_PLACE = frozenset({Column.STATUS, Column.SUBJECT, Column.SENDER, Column.FILES, Column.DELETE})
# A reference has a fixed form, so one address is a pattern for all.
_ANY = "REFERENCE000"
_PLACE = re.compile(r"\{(\w+)\}")


class Pattern:
    """A piece of HTML with places for values; to fill one in takes a fifth of the time of `str.format`.

    Args:
        text: with a name in braces for each value.
    """

    def __init__(self, text: str) -> None:
        self._parts = _PLACE.split(text)
        self._names = self._parts[1::2]

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the piece with its values, which are HTML already."""
        parts = self._parts.copy()
        parts[1::2] = [values[name] for name in self._names]
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Words:
    """What the rows of every log in one language have in common.

    Args:
        row, delete: with the values of a row.
    """

    kinds: dict[str, str]
    states: dict[tuple[str, State, bool], str]
    proofs: dict[Proof, str]
    not_kept: str
    openings: str
    row: Pattern
    delete: Pattern


class LogTable:
    """Draws the rows of one page, each by the pattern of its language.

    Args:
        query: of the log's own address, kept on the way to an item and back.
        sender: address of whom the log belongs to.
    """

    def __init__(self, query: str, *, sender: str) -> None:
        self.habits, self.words = cultures.current(), _words(get_language() or "")
        self.zone = zone_info(self.habits.zone)
        self.days, self.times = dict[date, str](), dict[tuple[int, int], str]()
        self.activities = dict[int, str]()
        self.sender, self.query = _clipped(sender), escaped(f"?{query}") if query else ""

    def draw(self, rows: Sequence[Row]) -> SafeString:
        """Return the rows as the body of the table."""
        return element("tbody", {"role": "rowgroup"}, SafeString("".join(map(self._row, rows))))

    def _row(self, row: Row) -> str:
        words, label = self.words, row.label
        values = {
            "stored": row.reference,
            "shown": shown_reference(row.reference),
            "query": self.query,
            "date": self._instant(row.sent_at),
            "latest_activity": self._instant(row.latest_at),
            "expires_at": self._instant(row.expires_at),
            "status": words.states[row.kind, row.state, row.is_undone],
            "subject": _clipped(label.subject) if label else words.not_kept,
            "sender": self.sender,
            "recipient": _recipients_cell(row.people),
            "code": ", ".join([words.proofs[proof] for proof in row.proofs]) or NOTHING,
            "files": str(row.file_count),
            "openings": _openings(row, words.openings),
            "activities": self._activities(row.events),
            "kind": words.kinds.get(row.kind, row.kind),
        }
        values["delete"] = words.delete.filled(values) if row.can_be_deleted else ""
        return words.row.filled(values)

    def _activities(self, count: int) -> str:
        written = self.activities.get(count)
        if written is None:
            written = escaped(ngettext("%(count)d event", "%(count)d events", count) % {"count": count})
            self.activities[count] = written
        return written

    def _instant(self, at: datetime | None) -> str:
        """Return the day, and below it the time; a page has few days and minutes, and each is written once."""
        if at is None:
            return NOTHING
        there = at.astimezone(self.zone)
        on, minute = there.date(), (there.hour, there.minute)
        day, time = self.days.get(on), self.times.get(minute)
        if day is None:
            day = self.days[on] = escaped(cultures.format_date(on, habits=self.habits))
        if time is None:
            time = self.times[minute] = escaped(cultures.format_time(there, habits=self.habits))
        return f'<time datetime="{machine_instant(at)}">{day} <span class="sub">{time}</span></time>'


def log_head() -> SafeString:
    """Draw the names of the fourteen columns."""
    return _head(get_language() or "")


@drawn_once(maxsize=LANGUAGES_KEPT)
def _head(language: str) -> SafeString:
    values = ({"role": "columnheader", "scope": "col", "class": _HEAD_OF.get(column, False)} for column in Column)
    names = (element("th", value, column.label) for value, column in zip(values, Column, strict=True))
    return element("thead", {"role": "rowgroup"}, element("tr", {"role": "row"}, *names))


@drawn_once(maxsize=LANGUAGES_KEPT)
def _words(language: str) -> Words:
    return Words(
        kinds={kind.code: escaped(kind.label) for kind in all_kinds()},
        states={
            (kind.code, state, is_undone): pill(state, kind.state_word(state, is_undone=is_undone))
            for kind in all_kinds()
            for state in State
            for is_undone in (False, True)
        },
        proofs={proof: escaped(proof.label) for proof in Proof},
        not_kept=element("span", {"class": "muted"}, gettext("not kept")),
        openings=gettext("%(used)s of %(allowed)s"),
        row=Pattern(_row_pattern(reverse("activity:item_detail", args=[_ANY]))),
        delete=Pattern(_delete_pattern(reverse("activity:item_delete", args=[_ANY]))),
    )


def _row_pattern(item_url: str) -> str:
    """Draw a row with a name in braces for each value; no label and no address holds a brace."""
    address = SafeString(item_url.replace(_ANY, "{stored}") + "{query}")

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
    address = SafeString(delete_url.replace(_ANY, "{stored}") + "{query}")
    values = {"class": "btn btn-quiet btn-s is-danger", "href": address, "aria-label": SafeString(name)}
    return element("a", values, icon("trash", "s"), Column.DELETE.label)


def pill(state: State, word: str) -> SafeString:
    """Draw a state in the one or two words that its kind has for it."""
    return element("span", {"class": f"pill dot {PILL_OF.get(state, '')}".strip()}, word)


def recipients(people: Sequence[LoggedPerson]) -> str:
    """Name the first recipient, and say how many there are beside."""
    if not people:
        return NOTHING
    others = len(people) - 1
    if not others:
        return people[0].email or NOTHING
    words = ngettext("%(address)s and %(count)d other", "%(address)s and %(count)d others", others)
    return words % {"address": people[0].email, "count": others}


def protection(row: Row) -> str:
    """Say what its recipients are asked before reading."""
    return ", ".join(str(proof.label) for proof in row.proofs) or NOTHING


def reply_protection(item: Item) -> str:
    """Say what its recipients are asked before replying, nothing where they are asked nothing; one query."""
    return ", ".join([str(proof.label) for proof in asked_before_replying(item)])


def openings(row: Row) -> str:
    """Say how often an item was opened, and where there is a limit, of how often it may be."""
    return _openings(row, gettext("%(used)s of %(allowed)s"))


def _openings(row: Row, limited: str) -> str:
    """Write the numbers as their reader does."""
    used, allowed = cultures.format_number(row.openings_used), row.openings_allowed
    return used if allowed is None else limited % {"used": used, "allowed": cultures.format_number(allowed)}


def _recipients_cell(people: Sequence[LoggedPerson]) -> str:
    if len(people) == 1:
        return _clipped(people[0].email or NOTHING)
    return _clipped(recipients(people), ", ".join([person.email for person in people]))


def _clipped(text: str, title: str = "") -> str:
    shown = escaped(text)
    return f'<span class="clip" title="{escaped(title) if title else shown}">{shown}</span>'
