"""Draw the list of cultures, each with a live sample of how it writes a date and a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from itertools import groupby

from babel import Locale, localedata
from babel.dates import DateTimeFormat

from core.cultures.formats import Fields, day_of_month, local, time_pattern, ways, write_date, write_time
from core.cultures.habits import current
from core.cultures.naming import (
    alphabetical,
    culture_exists,
    culture_ids,
    culture_label,
    described,
    naming_locale,
    tag_of,
)
from core.cultures.places import WORLD
from core.options import LANGUAGES_KEPT, Drawn, Group, Option, drawn_once

_LISTS_KEPT = 8
# An hour of the afternoon, so that the sample shows which clock a culture uses.
_SAMPLE_TIME = datetime(2026, 11, 12, 14, 5, tzinfo=UTC)
_MONTHS = range(1, 13)
# Isolate a text that runs from right to left, else the label before it would reorder its parts.
_ISOLATE_RTL, _END_ISOLATE = "\u2067", "\u2069"


@dataclass(frozen=True, slots=True)
class Sketch:
    """Keep what a sample needs of a locale, without the locale, whose data is a hundred times larger.

    Args:
        months: for each month, the text of an instant in it, with the day and the year left open.
    """

    locale: Locale
    months: tuple[str, ...]

    @property
    def tag(self) -> str:
        """Return the tag of the culture."""
        return tag_of(self.locale)

    def sample(self, on: date) -> str:
        """Write a day, at five past two in the afternoon, as the culture does."""
        fields = {"d": day_of_month(on.day, self.locale), "dd": f"{on.day:02}", "y": str(on.year)}
        return self.months[on.month - 1] % fields


def culture_options(language: str, on: date | datetime) -> Drawn:
    """Return the list of cultures, named in a language: "français (Canada) – 12 novembre 2026, 14 h 05".

    Left out, though they stay accepted where somebody has one: cultures of the whole world, and those whose language
    has no name in the reader's.

    Args:
        on: the day of the samples; an instant is the day it has in the active person's zone.
    """
    return _drawn_cultures(language, local(on, current()).date() if isinstance(on, datetime) else on)


@drawn_once(_LISTS_KEPT)
def _drawn_cultures(language: str, on: date) -> Drawn:
    names = _names(language)
    named = (sketch for sketch in _sketches() if sketch.tag in names)
    options = (Option(sketch.tag, f"{names[sketch.tag]} – {sketch.sample(on)}") for sketch in named)
    ordered = tuple(sorted(options, key=lambda option: alphabetical(names[option.value])))
    return Drawn((Group("", ordered),), also=partial(_label_of_unlisted, language))


@lru_cache(maxsize=LANGUAGES_KEPT)
def _names(language: str) -> dict[str, str]:
    """Name the cultures of the list: those of a place, whose language has a name in this one."""
    naming = naming_locale(language)
    placed = [sketch for sketch in _sketches() if sketch.locale.territory != WORLD]
    return {sketch.tag: name for sketch in placed if (name := described(sketch.locale, naming))}


def _label_of_unlisted(language: str, tag: str) -> str | None:
    """Name a culture that somebody has although the list leaves it out."""
    return culture_label(tag, language) if culture_exists(tag) else None


@drawn_once(1)
def _sketches() -> tuple[Sketch, ...]:
    """Sketch every culture, language by language, so that the data of one at a time is in memory."""
    sketches: list[Sketch] = []
    for _, identifiers in groupby(sorted(culture_ids().values()), key=lambda name: name.partition("_")[0]):
        with _borrowed_data():
            sketches += [_sketch(identifier) for identifier in identifiers]
    return tuple(sketches)


@contextmanager
def _borrowed_data() -> Iterator[None]:
    """Give back the locale data loaded inside the block.

    Babel 2.18 keeps all it ever loaded, 190 MB for all cultures, and offers no way to forget. What it forgets here
    it loads again when needed. A release without this cache would make the block do nothing.
    """
    cache = getattr(localedata, "_cache", {})
    before = set(cache)
    try:
        yield
    finally:
        for name in set(cache) - before:
            cache.pop(name, None)


def _sketch(identifier: str) -> Sketch:
    locale = Locale.parse(identifier)
    time = write_time(time_pattern(locale), Fields(_SAMPLE_TIME, locale))
    months = tuple(_open_month(locale, month, time) for month in _MONTHS)
    return Sketch(Locale.parse(identifier), months)


def _open_month(locale: Locale, month: int, time: str) -> str:
    pattern, setting = ways(locale)
    open_date = write_date(pattern, _OpenFields(date(2026, month, 2), locale))
    text = setting.format(time, open_date)
    return f"{_ISOLATE_RTL}{text}{_END_ISOLATE}" if locale.text_direction == "rtl" else text


class _OpenFields(DateTimeFormat):
    """Fill a date pattern of CLDR but for the day and the year, which stay fields."""

    def __getitem__(self, name: str) -> str:
        return f"%({name})s" if name[0] in "dy" else super().__getitem__(name)
