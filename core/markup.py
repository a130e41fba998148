"""Write small pieces of HTML that stand dozens of times on a page: attributes, elements, icons.

A template for each costs more than the rest of the page. Source: docs/decisions/0014-account-page.md
"""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.safestring import SafeString

_SPECIAL = re.compile("[&<>\"']")


def escaped(text: Any) -> str:
    """Return a text as HTML; what is HTML already stays as it is.

    Django's `conditional_escape` does the same at several times the price.
    """
    kind = type(text)
    if kind is SafeString:
        return text  # type: ignore[no-any-return]
    if kind is str:
        # Most texts hold none of them; asking once is cheaper than replacing five characters.
        return escape(text) if _SPECIAL.search(text) else text
    settled = str(text) if isinstance(text, Promise) else text
    return settled.__html__() if hasattr(settled, "__html__") else escape(str(settled))


def attributes(values: Mapping[str, Any]) -> str:
    """Write attributes, each after a blank; True stands alone by its name, False is left out."""
    return "".join(
        [
            f" {name}" if value is True else f' {name}="{escaped(value)}"'
            for name, value in values.items()
            if value is not False
        ]
    )


def element(name: str, values: Mapping[str, Any], *content: Any) -> SafeString:
    """Write an element with its attributes; what is in it is escaped unless it is HTML already."""
    # Joined once: a list of options has a hundred thousand characters.
    return SafeString("".join([f"<{name}{attributes(values)}>", *map(escaped, content), f"</{name}>"]))


def icon(name: str, size: str = "") -> SafeString:
    """Draw one symbol of icons.svg; the word beside it carries the meaning.

    Args:
        size: "" for 20 pixels, "s" for 16, "brand" for the mark of the top bar.
    """
    drawing = attributes({"class": f"icon icon-{size}" if size else "icon", "aria-hidden": "true"})
    symbol = attributes({"href": f"{static('icons.svg')}#{name}"})
    return SafeString(f"<svg{drawing}><use{symbol}/></svg>")
