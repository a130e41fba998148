"""Format dates, times, numbers and sizes for a person: the one place of the portal that does.

Every culture is written in the Gregorian calendar and in the digits 0 to 9, in dates and numbers alike.
The only unbreakable space is U+00A0: the thin ones of CLDR are missing from many fonts of PDFs and mails.

Source: docs/decisions/0009-cultures.md
"""

from datetime import date, datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from babel import Locale
from babel.dates import DateTimeFormat, DateTimePattern, parse_pattern, tokenize_pattern, untokenize_pattern
from babel.numbers import format_decimal, get_decimal_symbol

from core.cultures.habits import Habits, current
from core.cultures.naming import locale_of
from core.cultures.places import zone_info

NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
_THIN_SPACES = {0x202F: NO_BREAK_SPACE, 0x2009: NO_BREAK_SPACE}
_ALL_SPACES = {**_THIN_SPACES, 0x20: NO_BREAK_SPACE}
_ISO_SETTING = "{1}, {0}"
_ISO_MONTH_CHARACTERS = len("2026-11")
_SIZE_STEP = 1000
_GROUPED_FROM = 1000
_SIZE_UNITS = MappingProxyType({"en": ("KB", "MB", "GB", "TB"), "fr": ("ko", "Mo", "Go", "To")})
_BYTE_WORDS = MappingProxyType({"en": ("byte", "bytes"), "fr": ("octet", "octets")})
_Token = tuple[str, str | tuple[str, int]]


class Ways(NamedTuple):
    """Hold how a culture writes a date, and how it sets the time beside it ("{1}, {0}")."""

    date: DateTimePattern
    setting: str


class Fields(DateTimeFormat):
    """Fill a pattern of CLDR, with the first day of a French month as "1er"."""

    def __getitem__(self, name: str) -> str:
        if name == "d" and isinstance(self.value, date):
            return day_of_month(self.value.day, self.locale)
        return super().__getitem__(name)


def format_instant(at: datetime, *, habits: Habits | None = None, seconds: bool = False, offset: bool = False) -> str:
    """Write an instant as a date and a time of day: "21 novembre 2026, 10 h 30".

    Args:
        at: aware instant; it is shown in the zone of the habits.
        habits: those of the active person unless given.
        seconds: only proofs show them.
        offset: say how far the clock is from UTC, as every reader needs who may be in another zone.

    Raises:
        ValueError: the instant is naive.
    """
    habits = habits or current()
    there = local(at, habits)
    setting = _ISO_SETTING if habits.iso_dates else ways(locale_of(habits.culture)).setting
    written = setting.format(_time(there, habits, seconds=seconds), _date(there, habits))
    return f"{written} ({format_offset(at, habits=habits)})" if offset else written


def format_date(on: date | datetime, *, habits: Habits | None = None) -> str:
    """Write a calendar day with its month in letters; an instant is the day it has in the zone of the habits.

    Raises:
        ValueError: the instant is naive.
    """
    habits = habits or current()
    return _date(local(on, habits) if isinstance(on, datetime) else on, habits)


def format_month(on: date, *, habits: Habits | None = None) -> str:
    """Write the month of a calendar day, in letters, with its year: "November 2026", "novembre 2026".

    Args:
        on: any day of the month.
    """
    habits = habits or current()
    return on.isoformat()[:_ISO_MONTH_CHARACTERS] if habits.iso_dates else _written_month(on, habits.culture)


def format_time(at: datetime, *, habits: Habits | None = None, seconds: bool = False, offset: bool = False) -> str:
    """Write the time of day of an instant in the zone and on the clock of the habits.

    Args:
        offset: say how far the clock is from UTC, as every reader needs who may be in another zone.

    Raises:
        ValueError: the instant is naive.
    """
    habits = habits or current()
    written = _time(local(at, habits), habits, seconds=seconds)
    return f"{written} ({format_offset(at, habits=habits)})" if offset else written


def is_same_day(at: datetime, other: datetime, *, habits: Habits | None = None) -> bool:
    """Tell whether two instants are on one calendar day in the zone of the habits.

    Raises:
        ValueError: an instant is naive.
    """
    habits = habits or current()
    return local(at, habits).date() == local(other, habits).date()


def format_offset(at: datetime, *, habits: Habits | None = None) -> str:
    """Write how far the zone of the habits is from UTC at an instant: "UTC−05:00"."""
    return offset_text(offset_minutes(at, zone_info((habits or current()).zone)))


def format_number(n: int | float | Decimal, *, habits: Habits | None = None) -> str:
    """Write a number with the separators of the culture, at most three decimals."""
    if type(n) is int and 0 <= n < _GROUPED_FROM:  # looks alike everywhere
        return str(n)
    locale = locale_of((habits or current()).culture)
    return format_decimal(n, locale=locale).translate(_THIN_SPACES)


def decimal_symbol(*, habits: Habits | None = None) -> str:
    """Return what the culture writes between units and tenths: for numbers that are typed again, without groups.

    It is a comma or a point; the few cultures with another mark get the point, which their keyboards have too.
    """
    mark = get_decimal_symbol(locale_of((habits or current()).culture))
    return "," if mark == "," else "."


def list_separator(*, habits: Habits | None = None) -> str:
    """Return what spreadsheets of the culture expect between cells: a semicolon where a comma separates the tenths."""
    return ";" if decimal_symbol(habits=habits) == "," else ","


def format_size(size_bytes: int, *, language: str, habits: Habits | None = None) -> str:
    """Write a size in the largest unit it fills, at most one decimal: "2,5 Go", "999 bytes".

    Args:
        size_bytes: 1 MB is 1,000,000.
        language: of the unit; the number follows the culture of the habits.
    """
    spoken = "fr" if language.startswith("fr") else "en"
    amount, unit = _scaled(size_bytes, spoken)
    return f"{format_number(amount, habits=habits)}{NO_BREAK_SPACE}{unit}"


def local(at: datetime, habits: Habits) -> datetime:
    """Return an instant as the clocks of a person's zone show it.

    Raises:
        ValueError: the instant is naive, so nobody knows when it was.
    """
    if at.tzinfo is None:
        raise ValueError("an instant must carry its time zone")
    return at.astimezone(zone_info(habits.zone))


def offset_minutes(at: datetime, zone: tzinfo) -> int:
    """Return how many minutes a zone is ahead of UTC at an instant."""
    offset = at.astimezone(zone).utcoffset() or timedelta()
    return round(offset.total_seconds() / 60)


def offset_text(minutes: int) -> str:
    """Write an offset with a true minus sign: "UTC−03:30"."""
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{MINUS if minutes < 0 else '+'}{hours:02}:{rest:02}"


def day_of_month(day: int, locale: Locale) -> str:
    """Write a day; French alone says "1er", as an ordinal that CLDR cannot express."""
    return "1er" if day == 1 and locale.language == "fr" else str(day)


def write_date(pattern: DateTimePattern, fields: DateTimeFormat) -> str:
    """Fill a date pattern of a locale."""
    return (pattern % fields).translate(_THIN_SPACES)


def write_time(pattern: DateTimePattern, fields: DateTimeFormat) -> str:
    """Fill a time pattern of a locale, so that a line never breaks inside it."""
    return (pattern % fields).translate(_ALL_SPACES)


def ways(locale: Locale) -> Ways:
    """Return how a locale writes a date, and how it sets the time beside it."""
    setting = str(locale.datetime_formats["long"]).replace("'", "").translate(_THIN_SPACES)
    return Ways(date=locale.date_formats["long"], setting=setting)


def time_pattern(locale: Locale, *, clock: str = "culture", seconds: bool = False) -> DateTimePattern:
    """Return the pattern of a time of day on the culture's own clock, or on the 12- or 24-hour one."""
    own = str(locale.time_formats["medium" if seconds else "short"])
    if clock in ("12", "24") and clock != _clock_of(own):
        skeleton = ("hm" if clock == "12" else "Hm") + ("s" if seconds else "")
        return parse_pattern(_mended(str(locale.datetime_skeletons[skeleton]), locale))
    return parse_pattern(_mended(own, locale))


def _date(value: date, habits: Habits) -> str:
    day = value.date() if isinstance(value, datetime) else value
    return day.isoformat() if habits.iso_dates else _written_day(day, habits.culture)


def _time(there: datetime, habits: Habits, *, seconds: bool) -> str:
    at = there.time().replace(second=there.second if seconds else 0, microsecond=0)
    return _written_time(at, habits.culture, habits.hour_clock, habits.iso_dates, seconds)


# A list writes the same days and minutes again and again, each at the price of a query.
@lru_cache(maxsize=4096)
def _written_day(day: date, culture: str) -> str:
    locale = locale_of(culture)
    return write_date(ways(locale).date, Fields(day, locale))


@lru_cache(maxsize=512)
def _written_month(on: date, culture: str) -> str:
    locale = locale_of(culture)
    return write_date(locale.datetime_skeletons["yMMMM"], DateTimeFormat(on, locale))


@lru_cache(maxsize=8192)
def _written_time(at: time, culture: str, clock: str, iso: bool, seconds: bool) -> str:
    return write_time(_habitual_time(culture, clock, iso, seconds), Fields(at, locale_of(culture)))


@lru_cache(maxsize=256)
def _habitual_time(culture: str, clock: str, iso: bool, seconds: bool) -> DateTimePattern:
    """Return the time pattern of a person; beside ISO dates a 24-hour time is written 14:05 as well."""
    pattern = time_pattern(locale_of(culture), clock=clock, seconds=seconds)
    if iso and _clock_of(pattern.pattern) == "24":
        return parse_pattern("HH:mm:ss" if seconds else "HH:mm")
    return pattern


def _clock_of(pattern: str) -> str:
    return "12" if {"h", "K"} & {field[0] for field in _fields(tokenize_pattern(pattern))} else "24"


def _fields(tokens: list[_Token]) -> list[tuple[str, int]]:
    return [value for kind, value in tokens if kind == "field" and isinstance(value, tuple)]


def _mended(pattern: str, locale: Locale) -> str:
    """Correct the few time patterns of CLDR that a reader could misread.

    Minutes always have two digits (Yoruba of CLDR has one), a 12-hour time always says which half of the day it is
    (French of Cameroon, Latin Balochi, Argentine Spanish with seconds), a stray "#" goes (Toki Pona), and Canadian
    French writes 9 h 05, not 09 h 05.

    Source: CLDR 47; Office québécois de la langue française, "Écriture des heures"
    """
    without_zero = str(locale) == "fr_CA"
    tokens = [_mended_token(token, without_zero=without_zero) for token in tokenize_pattern(pattern)]
    if _clock_of(pattern) == "12" and not {"a", "b", "B"} & {field[0] for field in _fields(tokens)}:
        tokens += [("chars", NO_BREAK_SPACE), ("field", ("a", 1))]
    return untokenize_pattern(tokens)


def _mended_token(token: _Token, *, without_zero: bool) -> _Token:
    match token:
        case ("chars", str(text)):
            return "chars", text.replace("#", "")
        case ("field", ("m", 1)):
            return "field", ("m", 2)
        case ("field", ("H", 2)) if without_zero:
            return "field", ("H", 1)
        case _:
            return token


def _scaled(size_bytes: int, spoken: str) -> tuple[Decimal, str]:
    """Return the amount and the unit of a size; rounding up to a full thousand moves to the next unit."""
    if abs(size_bytes) < _SIZE_STEP:
        return Decimal(size_bytes), _byte_word(size_bytes, spoken)
    *units, largest = _SIZE_UNITS[spoken]
    amount = Decimal(size_bytes)
    for unit in units:
        amount /= _SIZE_STEP
        if abs(_tenths(amount)) < _SIZE_STEP:
            return _tenths(amount), unit
    return _tenths(amount / _SIZE_STEP), largest


def _byte_word(count: int, spoken: str) -> str:
    """Return the word for so many bytes; in French zero is singular."""
    one, many = _BYTE_WORDS[spoken]
    return one if count == 1 or (count == 0 and spoken == "fr") else many


def _tenths(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
