"""Know the IANA time zones: which exist, which are listed, and where in the world each of them lies.

pytz gives the lists and the countries only; every calculation is made by zoneinfo.
"""

import logging
from datetime import UTC, tzinfo
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo, available_timezones

import pytz

logger = logging.getLogger(__name__)

WORLD = "001"
AFRICA, AMERICAS, ANTARCTICA, ASIA, EUROPE, OCEANIA = "002", "019", "AQ", "142", "150", "009"

_REGION_OF_AREA = MappingProxyType(
    {
        "Africa": AFRICA,
        "America": AMERICAS,
        "Antarctica": ANTARCTICA,
        "Arctic": EUROPE,
        "Asia": ASIA,
        "Atlantic": EUROPE,
        "Australia": OCEANIA,
        "Europe": EUROPE,
        "Indian": AFRICA,
        "Pacific": OCEANIA,
    }
)
# An ocean is not a region of the world: islands that lie elsewhere than most of their ocean's, after UN M49.
_REGION_OF_ISLANDS = MappingProxyType(
    {
        "Atlantic/Bermuda": AMERICAS,
        "Atlantic/Cape_Verde": AFRICA,
        "Atlantic/South_Georgia": AMERICAS,
        "Atlantic/St_Helena": AFRICA,
        "Atlantic/Stanley": AMERICAS,
        "Indian/Christmas": OCEANIA,
        "Indian/Cocos": OCEANIA,
        "Indian/Maldives": ASIA,
        "Pacific/Easter": AMERICAS,
        "Pacific/Galapagos": AMERICAS,
    }
)
# Regions with telephone numbers of their own that the IANA country table does not list.
_ZONES_OF_UNLISTED = MappingProxyType(
    {"AC": ("Atlantic/St_Helena",), "TA": ("Atlantic/St_Helena",), "XK": ("Europe/Belgrade",)}
)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return every zone name a person may hold: those that pytz lists and zoneinfo can calculate with."""
    return frozenset(pytz.all_timezones) & available_timezones()


def zone_exists(name: str) -> bool:
    """Tell whether a person may hold this zone; former names such as Asia/Calcutta count."""
    return name in zone_names()


@lru_cache(maxsize=1)
def listed_zones() -> tuple[str, ...]:
    """Return the zones to choose from: those of every country under their present names, and UTC."""
    return (*(name for name in country_of_zone() if name in zone_names()), "UTC")


@lru_cache(maxsize=1)
def country_of_zone() -> MappingProxyType[str, str]:
    """Map each zone of the IANA country table to the first country it serves."""
    countries: dict[str, str] = {}
    for code, names in pytz.country_timezones.items():
        for name in names:
            countries.setdefault(name, code)
    return MappingProxyType(countries)


def zones_of_country(code: str) -> tuple[str, ...]:
    """Return the zones of a country in the order of the IANA table, the most peopled first; none if unknown."""
    if code in _ZONES_OF_UNLISTED:
        return _ZONES_OF_UNLISTED[code]
    names = pytz.country_timezones.get(code, ())
    return tuple(name for name in names if name in zone_names())


def region_of_zone(name: str) -> str:
    """Return the UN M49 code of the region of the world where a zone lies ("001" for UTC)."""
    return _REGION_OF_ISLANDS.get(name) or _REGION_OF_AREA.get(name.partition("/")[0], WORLD)


@lru_cache(maxsize=1024)
def zone_info(name: str) -> tzinfo:
    """Return the zone to calculate with, or UTC for a stored name that zoneinfo does not know."""
    if zone_exists(name):
        return ZoneInfo(name)
    logger.warning("unknown time zone; UTC is shown instead")
    return UTC
