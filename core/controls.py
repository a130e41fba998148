"""Draw the plain controls of forms without templates.

Django draws an `<input>` with two small templates and a `<select>` with two more for each option; on a page with a long
form they cost more than its queries. Source: docs/decisions/0014-account-page.md
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

Drawing = Mapping[str, Any]
"""What a widget tells its template about itself."""


class ControlRenderer(DjangoTemplates):
    """Draws the controls it knows with the names, values and attributes of Django's templates; leaves them the rest."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Return the HTML of a widget, or of a whole form."""
        draw = _KNOWN.get(template_name)
        return super().render(template_name, context, request) if draw is None else SafeString(draw(context["widget"]))


def attributes(values: Mapping[str, Any]) -> str:
    """Write attributes, each after a blank; True stands alone by its name, False is left out."""
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'
        for name, value in values.items()
        if value is not False
    )


def _input(widget: Drawing) -> str:
    value = {} if widget["value"] is None else {"value": widget["value"]}
    return f"<input{attributes({'type': widget['type'], 'name': widget['name'], **value, **widget['attrs']})}>"


def _select(widget: Drawing) -> str:
    groups = "".join(_group(label, options) for label, options, _position in widget["optgroups"])
    return f"<select{attributes({'name': widget['name'], **widget['attrs']})}>{groups}</select>"


def _group(label: str | None, options: list[Drawing]) -> str:
    drawn = "".join(map(_option, options))
    return f"<optgroup{attributes({'label': label})}>{drawn}</optgroup>" if label else drawn


def _option(option: Drawing) -> str:
    value = attributes({"value": option["value"], **option["attrs"]})
    return f"<option{value}>{conditional_escape(option['label'])}</option>"


_FOLDER = "django/forms/widgets"
_INPUTS = ("checkbox", "date", "email", "hidden", "number", "password", "search", "tel", "text", "url")
_KNOWN: Mapping[str, Callable[[Drawing], str]] = {
    **{f"{_FOLDER}/{kind}.html": _input for kind in _INPUTS},
    f"{_FOLDER}/select.html": _select,
}
