"""The filters of the log; they live in the address, so that a filtered log can be kept as a bookmark."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta, tzinfo
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.forms import PortalForm
from core.options import LANGUAGES_KEPT, Drawn, DrawnField, Group, Option, drawn_once
from messaging.activity.access.log import Wanted
from messaging.activity.days import midnight
from messaging.activity.limits import (
    FILTER_EARLIEST_YEAR,
    FILTER_LATEST_YEAR,
    FILTER_TEXT_MOST_CHARACTERS,
    PERIOD_SHOWN_FIRST_DAYS,
)
from messaging.items.choices import State
from messaging.items.kinds import all_kinds, words_of

DAY_FORMAT = "%Y-%m-%d"


class DayField(forms.DateField):
    """A calendar day of the viewer's zone, as a browser's date field sends it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            input_formats=[DAY_FORMAT],
            widget=forms.DateInput(format=DAY_FORMAT, attrs={"type": "date"}),
            error_messages={"invalid": _("This is not a date. Write year, month and day, as in 2026-11-21.")},
            **options,
        )

    def to_python(self, value: Any) -> date | None:
        """Return the day; one of a year in which nobody sends anything is no day for the log."""
        day = super().to_python(value)
        if day is not None and not FILTER_EARLIEST_YEAR <= day.year <= FILTER_LATEST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


@drawn_once(maxsize=LANGUAGES_KEPT)
def _states(language: str) -> Drawn:
    return _drawn((state.value, " / ".join(words_of(state))) for state in State)


@drawn_once(maxsize=LANGUAGES_KEPT)
def _kinds(language: str) -> Drawn:
    return _drawn((kind.code, str(kind.label)) for kind in all_kinds())


def _drawn(choices: Iterable[tuple[str, str]]) -> Drawn:
    return Drawn([Group("", tuple(Option(value, label) for value, label in choices))])


class OneOfField(DrawnField):
    """One of a few, or all; the few are drawn once in each language."""

    def __init__(self, *, options: Callable[[str], Drawn], **rest: Any) -> None:
        super().__init__(options=lambda: options(get_language() or ""), blank=_("All"), required=False, **rest)


class WordsField(forms.CharField):
    """A piece of text to look for."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            max_length=FILTER_TEXT_MOST_CHARACTERS,
            widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
            error_messages={
                "max_length": _("This has %(show_value)d characters. It may have up to %(limit_value)d."),
            },
            **options,
        )


class LogFilterForm(PortalForm):
    """Which lines of the log are shown."""

    start_on = DayField(label=_("Start date"))
    end_on = DayField(label=_("End date"))
    status = OneOfField(label=_("Status"), options=_states)
    kind = OneOfField(label=_("Kind"), options=_kinds)
    recipient = WordsField(label=_("Recipient"))
    reference = WordsField(label=_("Reference"))

    @classmethod
    def of(cls, asked: QueryDict, *, today: date) -> "LogFilterForm":
        """Return the form as the address asks, or with the period that is shown first.

        Args:
            today: the present day in the viewer's zone.
        """
        is_asked = any(name in asked for name in cls.base_fields)
        first_on = today - timedelta(days=PERIOD_SHOWN_FIRST_DAYS - 1)
        return cls(asked if is_asked else None, initial={"start_on": first_on, "end_on": today}, auto_id="%s")

    def clean(self) -> dict[str, Any]:
        """Hold the two days to each other."""
        cleaned = super().clean() or self.cleaned_data
        start_on, end_on = cleaned.get("start_on"), cleaned.get("end_on")
        if start_on and end_on and end_on < start_on:
            self.add_error("end_on", _("The end is before the start. Choose the same day or a later one."))
        return cleaned

    def wanted(self, zone: tzinfo) -> Wanted | None:
        """Return which items are asked for, days being those of a zone; None where the address cannot be read."""
        if self.is_bound and not self.is_valid():
            return None
        values = self.cleaned_data if self.is_bound else {**dict.fromkeys(self.fields, ""), **self.initial}
        start_on, end_on = values["start_on"], values["end_on"]
        return Wanted(
            begins_at=midnight(start_on, zone) if start_on else None,
            ends_at=midnight(end_on + timedelta(days=1), zone) if end_on else None,
            status=State(values["status"]) if values["status"] else None,
            kind=values["kind"],
            recipient=values["recipient"],
            reference=values["reference"],
        )
