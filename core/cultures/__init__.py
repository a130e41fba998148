"""Write dates, times, numbers and sizes as one person is used to, and list the zones, cultures and regions.

This is the only place of the portal that does: pages, mails, exports and PDFs all come here.
"""

from core.cultures.formats import (
    decimal_symbol,
    format_date,
    format_instant,
    format_month,
    format_number,
    format_offset,
    format_size,
    format_time,
    is_same_day,
    list_separator,
)
from core.cultures.habits import Habits, activate, current, deactivate, override
from core.cultures.naming import culture_exists, culture_label
from core.cultures.places import zone_exists
from core.cultures.regions import region_exists, region_label, region_options
from core.cultures.samples import culture_options
from core.cultures.zones import former_zones, names_of_zone, present_zone, zone_label, zone_options

__all__ = [
    "Habits",
    "activate",
    "culture_exists",
    "culture_label",
    "culture_options",
    "current",
    "deactivate",
    "decimal_symbol",
    "format_date",
    "format_instant",
    "format_month",
    "format_number",
    "format_offset",
    "format_size",
    "format_time",
    "former_zones",
    "is_same_day",
    "list_separator",
    "names_of_zone",
    "override",
    "present_zone",
    "region_exists",
    "region_label",
    "region_options",
    "zone_exists",
    "zone_label",
    "zone_options",
]
