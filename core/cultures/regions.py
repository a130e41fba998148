"""Name the regions that have telephone numbers, and draw the list from which a person chooses one."""

import phonenumbers
from django.utils.translation import gettext, override

from core.cultures.naming import alphabetical, territory_name
from core.options import Drawn, Group, Option, drawn_once

_LISTS_KEPT = 16


def region_exists(code: str) -> bool:
    """Tell whether this is the code of a region with telephone numbers of its own."""
    return code in phonenumbers.SUPPORTED_REGIONS


def region_label(code: str, language: str) -> str:
    """Name a region with its calling code: "Canada (+1)"; an unknown code stands for itself."""
    if not region_exists(code):
        return code
    return f"{territory_name(code, language)} (+{phonenumbers.country_code_for_region(code)})"


@drawn_once(_LISTS_KEPT)
def region_options(language: str, served: frozenset[str], *, are_texts_on: bool = True) -> Drawn:
    """Return the list of regions: first those that get text messages, then the others, disabled.

    Args:
        served: codes of the regions to which this installation sends text messages.
        are_texts_on: it sends any now; otherwise the first ones are served as soon as it does again.
    """
    options = [Option(code, region_label(code, language), code in served) for code in phonenumbers.SUPPORTED_REGIONS]
    options.sort(key=lambda option: alphabetical(option.label))
    with override(language):
        available = gettext("Text messages available") if are_texts_on else gettext("Countries of this portal")
        unavailable = gettext("Not available: this portal sends no text messages there")
    return Drawn(
        (
            Group(available, tuple(option for option in options if option.is_enabled)),
            Group(unavailable, tuple(option for option in options if not option.is_enabled)),
        )
    )
