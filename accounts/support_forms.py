"""The form of every support page: a reason for each change, old and new values, nothing written over unseen.

Source: docs/decisions/0015-support-pages.md
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.account import page_language, region_list
from accounts.limits import REASON_MOST_CHARACTERS, SESSION_ABSOLUTE_SECONDS
from accounts.services.support import Change, in_words
from core import cultures
from core.forms import CHOICE_MESSAGES, TEXT_MESSAGES, PlainTextField

if TYPE_CHECKING:
    AnyModelForm = forms.ModelForm[Any]
else:  # At run time Django's class takes no parameters.
    AnyModelForm = forms.ModelForm


class SupportForm(AnyModelForm):
    """A form of support staff: what is changed, and why.

    It carries, signed, the values it was drawn with: only what was edited counts as a change, and what somebody else
    changed meanwhile in an edited field is shown instead of written over.
    """

    # What was typed before the page had to ask for a ticket or a proof.
    typed_before: ClassVar[QueryDict | None] = None

    reason = PlainTextField(
        label=_("Reason"),
        max_length=REASON_MOST_CHARACTERS,
        widget=forms.Textarea({"rows": 3, "cols": 60}),
        help_text=_("The customer reads it in the mail about this change and in the security log."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() - self.declared_fields.keys():
            # Django makes these fields from the model, and would speak of them in its own words.
            field = self.fields[name]
            field.error_messages |= CHOICE_MESSAGES if isinstance(field, forms.ChoiceField) else TEXT_MESSAGES
        named = {name: field for name, field in self.fields.items() if name != "reason"} if self.instance.pk else {}
        self.present = {name: _plain(self.get_initial_for_field(field, name)) for name, field in named.items()}
        typed: Mapping[str, Any] = self.data if self.is_bound else self.typed_before or {}
        self.drawn = _read_drawn(typed.get("drawn", ""), place=self._place)
        if self.is_bound:
            self.initial.update(self.drawn)
        elif self.typed_before is not None:
            for name, field in self.fields.items():
                self.initial[name] = field.widget.value_from_datadict(self.typed_before, {}, name)

    @property
    def signed_drawn(self) -> str:
        """Return the values this form is drawn with; those that were changed meanwhile are seen from now on."""
        seen = {name: self.present[name] for name in self._changed_meanwhile()} if self.is_bound else {}
        return signing.dumps({**self.present, **self.drawn, **seen}, salt=self._place, compress=True)

    @cached_property
    def changed_data(self) -> list[str]:
        """Return the fields whose typed value is neither the one that was drawn nor the present one."""
        edited: list[str] = super().changed_data
        return [name for name in edited if name not in self.present or self._differs(name, self.present[name])]

    def clean(self) -> dict[str, Any]:
        """Refuse to write over what was not seen, and to keep, log and mail a change that changes nothing."""
        cleaned = super().clean() or self.cleaned_data
        for name in self._changed_meanwhile():
            field = self.fields[name]
            present = in_words(_worded(field, _read(field, self.present[name])))
            says = gettext(
                "Someone changed this meanwhile, to “%(present)s”. Save again to replace it with what stands here."
            )
            self.add_error(name, forms.ValidationError(says % {"present": present}, code="changed-meanwhile"))
        if self.instance.pk and not self.errors and not self.changes():
            raise forms.ValidationError(_("Nothing was changed on this page."))
        return cleaned

    def changes(self) -> list[Change]:
        """Return what was changed, in the order of the form."""
        return [self.change_of(name) for name in self.fields if name in self.changed_data and name != "reason"]

    def changed_values(self) -> dict[str, Any]:
        """Return the new values of what was changed."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "reason"}

    @property
    def _place(self) -> str:
        return f"support:drawn:{self._meta.model._meta.label}:{self.instance.pk}"

    def _differs(self, name: str, value: object) -> bool:
        field = self.fields[name]
        return field.has_changed(_read(field, value), self[name].data)

    def _changed_meanwhile(self) -> list[str]:
        """Return the edited fields that no longer have the value they were drawn with."""
        fields = [name for name in self.changed_data if name in self.present]
        return [name for name in fields if name not in self.drawn or self.drawn[name] != self.present[name]]

    def change_of(self, name: str) -> Change:
        """Return one change as the customer and the history are told it."""
        field = self.fields[name]
        old, new = _read(field, self.get_initial_for_field(field, name)), self.cleaned_data.get(name)
        return Change(field.label or name, _worded(field, old), _worded(field, new))


def draw_habits(form: SupportForm) -> None:
    """Give the fields about country, zone and culture their lists, in the language of the page."""
    language, row, now = page_language(), form.instance, timezone.now()
    lists = {
        "default_sms_country": lambda: region_list(language),
        "time_zone": lambda: cultures.zone_options(language, row.default_sms_country, now),
        "date_culture": lambda: cultures.culture_options(language, now),
    }
    for name, options in lists.items():
        field: Any = form.fields[name]
        field.options = options
        field.stored = getattr(row, name)


def _read_drawn(signed: str, *, place: str) -> dict[str, object]:
    """Return the values a form was drawn with; none for anything that was not signed for this row."""
    try:
        drawn: dict[str, object] = signing.loads(signed, salt=place, max_age=2 * SESSION_ABSOLUTE_SECONDS)
    except signing.BadSignature:
        return {}
    return drawn


def _plain(value: object) -> object:
    """Return a form's value as a signed note can carry it."""
    return value.isoformat() if isinstance(value, date) else value


def _read(field: forms.Field, value: object) -> object:
    """Return a value of a signed note as its field knows it."""
    return date.fromisoformat(value) if isinstance(field, forms.DateField) and isinstance(value, str) else value


def _worded(field: forms.Field, value: object) -> object:
    """Return a form's value as what it stands for: the row behind a key, the label behind a choice."""
    if isinstance(field, forms.ModelChoiceField):
        return field.queryset.filter(pk=getattr(value, "pk", value)).first() if field.queryset is not None else value
    if isinstance(field, forms.ChoiceField):
        return dict(field.choices).get(value, value)  # type: ignore[arg-type]
    return value
