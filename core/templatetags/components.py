"""Small tags the component templates are built with: icons, controls, lists of errors, waiting times."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from django import template
from django.forms import BaseForm, BoundField
from django.template import Context, Template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.components import draw_once

register = template.Library()

CONTROL_CLASSES = {
    "checkbox": "form-check-input",
    "radio": "form-check-input",
    "select": "form-select",
    "hidden": "",
}


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Draw one symbol of icons.svg; the word beside it carries the meaning.

    Args:
        size: "" for 20 pixels, "s" for 16, "brand" for the mark of the top bar.
    """
    classes = f"icon icon-{size}" if size else "icon"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, static("icons.svg"), name
    )


@register.simple_tag(takes_context=True)
def drawn_once(context: Context, component: str, **values: object) -> SafeString:
    """Include a component that shows the values given and nothing else; drawn once for each language and values."""
    return draw_once(cast(Template, context.template).engine, component, values)


@register.simple_tag(takes_context=True)
def control(context: Context, class_name: str = "", **attributes: str | bool) -> SafeString:
    """Draw the control of the component's `field`, described by its error, help and locked reason, in this order.

    Reads `field`, `help` and `locked_reason` from the component's own variables. An attribute given as False is left
    out; underscores in attribute names become hyphens.
    """
    field: BoundField = context["field"]
    locked_reason = context.get("locked_reason")
    attrs: dict[str, str | bool] = {name.replace("_", "-"): value for name, value in attributes.items()}
    attrs["class"] = " ".join(filter(None, [_control_class(field), field.field.widget.attrs.get("class"), class_name]))
    if described_by := _description_ids(field, context.get("help"), locked_reason):
        attrs["aria-describedby"] = described_by
    if locked_reason:
        attrs["disabled"] = True
    return field.as_widget(attrs={name: value for name, value in attrs.items() if value is not False})


def _control_class(field: BoundField) -> str:
    return CONTROL_CLASSES.get(getattr(field.field.widget, "input_type", "text"), "form-control")


def _description_ids(field: BoundField, help_text: object, locked_reason: object) -> str:
    parts = [("error", field.errors), ("helptext", help_text or field.help_text), ("reason", locked_reason)]
    given = field.field.widget.attrs.get("aria-describedby")
    ids = [f"{field.auto_id}_{part}" for part, is_shown in parts if is_shown]
    return " ".join(filter(None, [*ids, given]))


@dataclass(frozen=True)
class ShownError:
    """One line of an error summary; a target leads to the field's control."""

    message: str
    label: str = ""
    target: str = ""


@register.simple_tag(takes_context=True)
def shown_errors(context: Context) -> list[ShownError]:
    """List the errors of the component's `form` or `forms`: those of a whole form first, then field by field."""
    forms: list[BaseForm] = [form for form in [context.get("form"), *(context.get("forms") or [])] if form]
    whole = [ShownError(str(message)) for form in forms for message in form.non_field_errors()]
    return whole + [
        ShownError(str(message), label=str(field.label), target=field.id_for_label or f"{field.auto_id}_0")
        for form in forms
        for field in form
        for message in field.errors
    ]


class Resendable(Protocol):
    """What is known about a code that was sent."""

    @property
    def resend_at(self) -> datetime: ...


@register.filter
def seconds_until_resend(challenge: Resendable | None) -> int:
    """Return the whole seconds until a new code may be asked for, rounded up; 0 when it may be now."""
    if challenge is None:
        return 0
    return max(0, math.ceil((challenge.resend_at - timezone.now()).total_seconds()))


@register.filter
def as_minutes(seconds: int) -> str:
    """Write seconds as minutes and seconds: 102 becomes 1:42."""
    return f"{seconds // 60}:{seconds % 60:02d}"
