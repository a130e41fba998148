"""Show instants, days, numbers and sizes in pages and mails, as the active person is used to."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core import cultures
from core.db import database_now

register = template.Library()

_EMPTY = SafeString("")
# Of an instant for machines, before what it says of its zone.
MACHINE_CHARACTERS = len("2026-11-21T15:30:00")


@register.simple_tag
def instant(value: datetime | str | None, *, seconds: bool = False, offset: bool = False) -> SafeString:
    """Show an instant as date and time inside `<time>`; nothing shows nothing.

    Args:
        offset: say how far its clock is from UTC, where the reader may be in another zone.
    """
    if not isinstance(value, datetime):
        return _nothing(value)
    shown = cultures.format_instant(value, seconds=seconds, offset=offset)
    return _time_element(machine_instant(value), shown)


@register.simple_tag
def clock(value: datetime | str | None, *, seconds: bool = False, offset: bool = False) -> SafeString:
    """Show the time of day of an instant inside `<time>`; nothing shows nothing.

    Args:
        offset: say how far its clock is from UTC, where the reader may be in another zone.
    """
    if not isinstance(value, datetime):
        return _nothing(value)
    return _time_element(machine_instant(value), cultures.format_time(value, seconds=seconds, offset=offset))


@register.simple_tag
def day(value: date | str | None) -> SafeString:
    """Show a calendar day, or the day of an instant, inside `<time>`; nothing shows nothing."""
    if not isinstance(value, date):
        return _nothing(value)
    machine = machine_instant(value) if isinstance(value, datetime) else value.isoformat()
    return _time_element(machine, cultures.format_date(value))


@register.filter
def is_today(value: datetime) -> bool:
    """Tell whether an instant is on the day that the database's clock has now, in the person's zone; one query."""
    return cultures.is_same_day(value, database_now())


@register.filter
def instant_text(value: datetime | str | None) -> str:
    """Show an instant as plain text, with how far its clock is from UTC; nothing shows nothing."""
    if not isinstance(value, datetime):
        return _nothing(value)
    return cultures.format_instant(value, offset=True)


@register.filter
def number(value: int | float | Decimal | str | None) -> str:
    """Show a number with the separators of the culture; nothing shows nothing."""
    if not isinstance(value, int | float | Decimal):
        return _nothing(value)
    return cultures.format_number(value)


@register.filter
def filesize_in_words(value: int | str | None) -> str:
    """Show a size in bytes as "2.5 GB", in the language of the page; nothing shows nothing."""
    if not isinstance(value, int):
        return _nothing(value)
    return cultures.format_size(value, language=get_language() or "en")


def machine_instant(at: datetime) -> str:
    """Write an instant for machines, in UTC and whole seconds: "2026-11-21T15:30:00Z"."""
    return at.astimezone(UTC).isoformat()[:MACHINE_CHARACTERS] + "Z"


def _time_element(machine: str, shown: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', machine, shown)


def _nothing(value: object) -> SafeString:
    """Accept only an absent value here.

    Raises:
        TypeError: something of the wrong kind was passed; showing nothing would hide the mistake.
    """
    if value not in (None, ""):
        raise TypeError(f"cannot show a value of type {type(value).__name__}")
    return _EMPTY
