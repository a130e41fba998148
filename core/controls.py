"""Draw the plain controls of forms without templates.

Django draws an `<input>` with two small templates and a `<select>` with two more for each option; on a page with a long
form they cost more than its queries. Source: docs/decisions/0014-account-page.md
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.safestring import SafeString

from core.markup import attributes, element

Drawing = Mapping[str, Any]
"""What a widget tells its template about itself."""


class ControlRenderer(DjangoTemplates):
    """Draws the controls it knows with the names, values and attributes of Django's templates; leaves them the rest."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Return the HTML of a widget, or of a whole form."""
        draw = _KNOWN.get(template_name)
        return super().render(template_name, context, request) if draw is None else SafeString(draw(context["widget"]))


def _input(widget: Drawing) -> str:
    value = {} if widget["value"] is None else {"value": widget["value"]}
    return f"<input{attributes({'type': widget['type'], 'name': widget['name'], **value, **widget['attrs']})}>"


def _select(widget: Drawing) -> str:
    groups = [_group(label, options) for label, options, _position in widget["optgroups"]]
    return element("select", {"name": widget["name"], **widget["attrs"]}, *groups)


def _group(label: str | None, options: list[Drawing]) -> SafeString:
    drawn = SafeString("".join(map(_option, options)))
    return element("optgroup", {"label": label}, drawn) if label else drawn


def _option(option: Drawing) -> SafeString:
    return element("option", {"value": option["value"], **option["attrs"]}, option["label"])


_FOLDER = "django/forms/widgets"
_INPUTS = ("checkbox", "date", "email", "hidden", "number", "password", "search", "tel", "text", "url")
_KNOWN: Mapping[str, Callable[[Drawing], str]] = {
    **{f"{_FOLDER}/{kind}.html": _input for kind in _INPUTS},
    f"{_FOLDER}/select.html": _select,
}
