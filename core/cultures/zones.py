"""Name the time zones in a language, and draw the list from which a person chooses one."""

from collections import defaultdict
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType

from babel import Locale
from babel.core import get_global

from core.cultures.formats import offset_minutes, offset_text
from core.cultures.naming import alphabetical, known, naming_locale, territory_name
from core.cultures.places import (
    WORLD,
    country_of_zone,
    listed_zones,
    region_of_zone,
    zone_exists,
    zone_info,
    zones_of_country,
)
from core.options import Drawn, Group, Option, drawn_once

_LISTS_KEPT = 64
# Offsets change on quarter hours only, so within one nothing has to be calculated again.
_OFFSET_STEP_MINUTES = 15

_ANY_INSTANT = datetime(2026, 1, 1, tzinfo=UTC)

Offsets = tuple[int, ...]
Minutes = dict[str, int]


def zone_label(zone: str, language: str, at: datetime) -> str:
    """Name a zone with its offset at an instant: "(UTC−05:00) Eastern Time – Toronto".

    A name that no zone has stands for itself.
    """
    if not zone_exists(zone):
        return zone
    return _label(zone, language, offset_minutes(at, zone_info(zone)))


@lru_cache(maxsize=_LISTS_KEPT)
def names_of_zone(zone: str) -> tuple[str, ...]:
    """Return the present name of a zone and its former ones, any of which a browser may report."""
    present = present_zone(zone)
    return (present, *sorted(old for old, new in get_global("zone_aliases").items() if new == present))


def zone_options(language: str, region: str, at: datetime) -> Drawn:
    """Return the list of zones, those of one country first, then by region of the world and offset.

    Args:
        region: code of the country whose zones stand first; an unknown one has none.
        at: aware instant at which the offsets are right.
    """
    return _drawn_zones(language, region, _offsets(_quarter_hour(at)))


@drawn_once(_LISTS_KEPT)
def _drawn_zones(language: str, region: str, offsets: Offsets) -> Drawn:
    minutes = dict(zip(listed_zones(), offsets, strict=True))
    first = [zone for zone in zones_of_country(region) if zone in minutes]
    rest: defaultdict[str, list[str]] = defaultdict(list)
    for zone in minutes.keys() - set(first):
        rest[region_of_zone(zone)].append(zone)
    groups = [_group(code, zones, language, minutes) for code, zones in rest.items()]
    groups.sort(key=lambda group: (group.label == territory_name(WORLD, language), alphabetical(group.label)))
    own = Group(territory_name(region, language), _zone_options(first, language, minutes))
    return Drawn((own, *groups), also=lambda zone: _former_label(zone, language, minutes))


def _group(code: str, zones: list[str], language: str, minutes: Minutes) -> Group:
    options = _zone_options(zones, language, minutes)
    ordered = sorted(options, key=lambda option: (minutes[option.value], alphabetical(option.label)))
    return Group(territory_name(code, language), tuple(ordered))


def _zone_options(zones: list[str], language: str, minutes: Minutes) -> tuple[Option, ...]:
    return tuple(Option(zone, _label(zone, language, minutes[zone])) for zone in zones)


def _former_label(zone: str, language: str, minutes: Minutes) -> str | None:
    """Name a zone that is accepted without being listed, with the offset of the present name of its place.

    A name without a present one in the list stands for a fixed offset: any instant tells it.
    """
    if not zone_exists(zone):
        return None
    ahead = minutes.get(present_zone(zone))
    return _label(zone, language, offset_minutes(_ANY_INSTANT, zone_info(zone)) if ahead is None else ahead)


@lru_cache(maxsize=4)
def _offsets(at: datetime) -> Offsets:
    return tuple(offset_minutes(at, zone_info(zone)) for zone in listed_zones())


def _quarter_hour(at: datetime) -> datetime:
    in_utc = at.astimezone(UTC)
    return in_utc.replace(minute=in_utc.minute // _OFFSET_STEP_MINUTES * _OFFSET_STEP_MINUTES, second=0, microsecond=0)


def _label(zone: str, language: str, minutes: int) -> str:
    return f"({offset_text(minutes)}) {_name(zone, language)}"


@lru_cache(maxsize=2048)
def _name(zone: str, language: str) -> str:
    """Name a zone by what its time is called, or else by its country, and by its city; one name is not said twice."""
    locale = naming_locale(language)
    country = country_of_zone().get(present_zone(zone))
    first = _time_name(zone, locale) or (territory_name(country, language) if country else None)
    parts = dict.fromkeys(part for part in (first, _city(zone, locale)) if part)
    return " – ".join(parts) or zone


def _time_name(zone: str, locale: Locale) -> str | None:
    """Return the name CLDR gives to the time of a zone all year long: "Eastern Time".

    A name of the standard time alone would be wrong in summer ("Greenwich Mean Time" in London), so it counts only
    for a zone whose clocks never change.
    """
    cldr_zone = _cldr_name(zone)
    own = locale.time_zones.get(cldr_zone, {}).get("long", {})
    shared = locale.meta_zones.get(get_global("meta_zones").get(cldr_zone), {}).get("long", {})
    lasting = known(shared.get("generic"))
    if lasting or _changes_clocks(zone):
        return lasting
    return known(own.get("standard")) or known(shared.get("standard"))


def _city(zone: str, locale: Locale) -> str | None:
    """Name the city of a zone; a former name keeps its own city, a name without a place takes the present one's."""
    if region_of_zone(zone) == WORLD:
        present = present_zone(zone)
        return _city(present, locale) if region_of_zone(present) != WORLD else None
    places = (zone, _cldr_name(zone)) if zone == present_zone(zone) else (zone,)
    names = (known(locale.time_zones.get(place, {}).get("city")) for place in places)
    return next((name for name in names if name), zone.rpartition("/")[2].replace("_", " "))


def present_zone(zone: str) -> str:
    """Return the present name of a zone: Asia/Kolkata of Asia/Calcutta, which browsers still report."""
    return str(get_global("zone_aliases").get(zone, zone))


def former_zones() -> dict[str, str]:
    """Map the former names that browsers, with CLDR, still give to zones to the present ones."""
    return {old: new for new, old in _filed_names().items()}


@lru_cache(maxsize=1)
def _filed_names() -> MappingProxyType[str, str]:
    """Map present names to the former ones under which CLDR still files them: Asia/Kolkata to Asia/Calcutta.

    Babel 2.18 translates the other way only, and so loses the names of these zones.
    """
    filed = get_global("meta_zones")
    return MappingProxyType({new: old for old, new in get_global("zone_aliases").items() if old in filed})


def _cldr_name(zone: str) -> str:
    present = present_zone(zone)
    return _filed_names().get(present, present)


def _changes_clocks(zone: str) -> bool:
    """Tell whether winter and summer differ this year."""
    year = datetime.now(UTC).year
    january, july = (datetime(year, month, 1, tzinfo=UTC) for month in (1, 7))
    return offset_minutes(january, zone_info(zone)) != offset_minutes(july, zone_info(zone))
