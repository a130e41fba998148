"""Small tags the component templates are built with: icons, controls, lists of errors, waiting times."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from django import template
from django.forms import BaseForm, BoundField
from django.template import Context, Template
from django.utils import timezone
from django.utils.safestring import SafeString

from core.components import draw_once
from core.fields import Notes, Pill, draw_check, draw_choice, draw_control, draw_field, draw_notes
from core.markup import icon

register = template.Library()
register.simple_tag(icon)


@register.simple_tag(takes_context=True)
def drawn_once(context: Context, component: str, **values: object) -> SafeString:
    """Include a component that shows the values given and nothing else; drawn once for each language and values."""
    return draw_once(cast(Template, context.template).engine, component, values)


@register.simple_tag
def field(
    bound: BoundField,
    *,
    help: object = "",
    locked_reason: object = "",
    optional: bool = False,
    pill: object = "",
    pill_kind: str = "",
) -> SafeString:
    """Draw label, control, error, help, in this order.

    Args:
        help: how to fill it in, else the field's own.
        locked_reason: disables the control and says why.
        optional: writes "optional" beside the label.
        pill: word beside the label; its kind is good, warn, danger or info.
    """
    return draw_field(bound, _lockable(bound, help, locked_reason), Pill(pill, pill_kind), is_optional=optional)


@register.simple_tag
def check(bound: BoundField, *, help: object = "", locked_reason: object = "") -> SafeString:
    """Draw a check box with its label, error, help and locked reason."""
    return draw_check(bound, _lockable(bound, help, locked_reason))


@register.simple_tag
def choice(bound: BoundField, *, help: object = "", locked_reason: object = "") -> SafeString:
    """Draw a check box as a card with one sentence, and with the reason where it is locked."""
    return draw_choice(bound, _lockable(bound, help, locked_reason))


def _lockable(bound: BoundField, help: object, locked_reason: object) -> Notes:
    """Leave a locked control open that its form wants changed back; the error says the reason where there is one."""
    is_open = bound.name in getattr(bound.form, "left_open", ())
    return Notes(help, "" if is_open and bound.errors else locked_reason, is_open)


@register.simple_tag(takes_context=True)
def control(context: Context, class_name: str = "", **attributes: str | bool) -> SafeString:
    """Draw the control of the component's `field`, described by its error, help and locked reason, in this order.

    Reads `field`, `help` and `locked_reason` from the component's own variables. An attribute given as False is left
    out; underscores in attribute names become hyphens.
    """
    extra = {name.replace("_", "-"): value for name, value in attributes.items()}
    return draw_control(context["field"], _notes(context), class_name, extra)


@register.simple_tag(takes_context=True)
def notes(context: Context) -> SafeString:
    """Draw error, help and locked reason of the component's `field`, which describe its control."""
    return draw_notes(context["field"], _notes(context))


def _notes(context: Context) -> Notes:
    return Notes(context.get("help", ""), context.get("locked_reason", ""))


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
    """Write seconds as minutes and seconds, with hours where there are any: 102 becomes 1:42, 3702 becomes 1:01:42."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours}:{minutes_left:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
