"""Write small pieces of HTML that stand dozens of times on a page: attributes, elements, icons.

A template for each costs more than the rest of the page. Source: docs/decisions/0014-account-page.md
"""

from collections.abc import Mapping
from typing import Any

from django.templatetags.static import static
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString


def attributes(values: Mapping[str, Any]) -> SafeString:
    """Write attributes, each after a blank; True stands alone by its name, False is left out."""
    return SafeString(
        "".join(
            f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'
            for name, value in values.items()
            if value is not False
        )
    )


def element(name: str, values: Mapping[str, Any], *content: Any) -> SafeString:
    """Write an element with its attributes; what is in it is escaped unless it is HTML already."""
    return SafeString(f"<{name}{attributes(values)}>{''.join(map(conditional_escape, content))}</{name}>")


def icon(name: str, size: str = "") -> SafeString:
    """Draw one symbol of icons.svg; the word beside it carries the meaning.

    Args:
        size: "" for 20 pixels, "s" for 16, "brand" for the mark of the top bar.
    """
    drawing = attributes({"class": f"icon icon-{size}" if size else "icon", "aria-hidden": "true"})
    symbol = attributes({"href": f"{static('icons.svg')}#{name}"})
    return SafeString(f"<svg{drawing}><use{symbol}/></svg>")
