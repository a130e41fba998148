"""Draw the fields of forms: label, control, error, help, reason, in this order, the control described by the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.markup import element, icon

_CONTROL_CLASSES = {
    "checkbox": "form-check-input",
    "radio": "form-check-input",
    "select": "form-select",
    "hidden": "",
}
_NOTHING = SafeString("")
LABELS_KEPT = 512


@dataclass(frozen=True, slots=True)
class Notes:
    """What is said about a field.

    Args:
        help_text: how to fill it in; the field's own help counts where there is none.
        locked_reason: why it cannot be changed now; disables it.
        is_open: it can be changed all the same, since what it holds is refused.
    """

    help_text: object = ""
    locked_reason: object = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Pill:
    """A word beside a label.

    Args:
        kind: good, warn, danger, info, or nothing.
    """

    word: object = ""
    kind: str = ""


def draw_field(field: BoundField, notes: Notes, mark: Pill, *, is_optional: bool) -> SafeString:
    """Draw a field with its label above it."""
    label = draw_label(field, "form-label")
    if is_optional or mark.word:
        optional = element("span", {"class": "optional"}, gettext("optional")) if is_optional else _NOTHING
        label = element("div", {"class": "label-row"}, label, optional, _pill(mark))
    return element("div", {"class": "field"}, label, draw_control(field, notes), draw_notes(field, notes))


def draw_check(field: BoundField, notes: Notes) -> SafeString:
    """Draw a check box with its label beside it."""
    check = element("div", {"class": "form-check"}, draw_control(field, notes), draw_label(field, "form-check-label"))
    return element("div", {"class": "field"}, check, draw_notes(field, notes))


def draw_choice(field: BoundField, notes: Notes) -> SafeString:
    """Draw a check box as a card with one sentence; the whole card can be clicked, its name is the label alone."""
    texts = (("helptext", notes.help_text or field.help_text), ("reason", notes.locked_reason))
    notes_below = [element("small", {"id": f"{field.auto_id}_{part}"}, text) for part, text in texts if text]
    content = [draw_label(field, ""), *notes_below, _error(field)]
    return element(
        "div", {"class": "choice"}, draw_control(field, notes), element("div", {"class": "choice-text"}, *content)
    )


def draw_label(field: BoundField, class_name: str) -> SafeString:
    """Draw the label of a field's control."""
    label = field.label
    # A sentence of the portal is the same for everybody; another label may be about somebody and is not kept.
    draw = _kept_label if isinstance(label, Promise) else _label
    return draw(class_name, field.id_for_label, str(label))


def _label(class_name: str, control: str | None, text: str) -> SafeString:
    return element("label", {"class": class_name or False, "for": control}, text)


_kept_label = lru_cache(maxsize=LABELS_KEPT, typed=True)(_label)


def draw_control(
    field: BoundField, notes: Notes, class_name: str = "", extra: dict[str, str | bool] | None = None
) -> SafeString:
    """Draw a field's control, described by its error, help and reason, in this order."""
    attrs = dict(extra or {})
    attrs["class"] = " ".join(filter(None, [_control_class(field), field.field.widget.attrs.get("class"), class_name]))
    if described_by := _description_ids(field, notes):
        attrs["aria-describedby"] = described_by
    if notes.locked_reason and not notes.is_open:
        attrs["disabled"] = True
    return field.as_widget(attrs={name: value for name, value in attrs.items() if value is not False})


def draw_notes(field: BoundField, notes: Notes) -> SafeString:
    """Draw what stands below a control: error, help, reason."""
    help_text, reason = notes.help_text or field.help_text, notes.locked_reason
    drawn = [_error(field)]
    if help_text:
        drawn.append(element("p", {"class": "field-help", "id": f"{field.auto_id}_helptext"}, help_text))
    if reason:
        attrs = {"class": "locked", "id": f"{field.auto_id}_reason"}
        drawn.append(element("p", attrs, icon("lock", "s"), element("span", {}, reason)))
    return SafeString("".join(drawn))


def _errors(field: BoundField) -> Sequence[object]:
    """Return what is wrong; Django makes a new empty list each time it is asked."""
    return field.form.errors.get(field.name) or ()


def _error(field: BoundField) -> SafeString:
    errors = _errors(field)
    if not errors:
        return _NOTHING
    attrs = {"class": "field-error", "id": f"{field.auto_id}_error"}
    return element("p", attrs, icon("warning", "s"), element("span", {}, " ".join(map(str, errors))))


def _pill(mark: Pill) -> SafeString:
    kind = f" is-{mark.kind}" if mark.kind else ""
    return element("span", {"class": f"pill dot{kind}"}, mark.word) if mark.word else _NOTHING


def _control_class(field: BoundField) -> str:
    return _CONTROL_CLASSES.get(getattr(field.field.widget, "input_type", "text"), "form-control")


def _description_ids(field: BoundField, notes: Notes) -> str:
    parts = [
        ("error", _errors(field)),
        ("helptext", notes.help_text or field.help_text),
        ("reason", notes.locked_reason),
    ]
    given = field.field.widget.attrs.get("aria-describedby")
    ids = [f"{field.auto_id}_{part}" for part, is_shown in parts if is_shown]
    return " ".join(filter(None, [*ids, given]))
