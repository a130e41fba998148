"""The filters of the log; they live in the address, so that a filtered log can be kept as a bookmark."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from messaging.activity.choices import ItemKind, ItemStatus
from messaging.activity.limits import FILTER_TEXT_MOST_CHARACTERS, PERIOD_SHOWN_FIRST_DAYS

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


class OneOfField(forms.ChoiceField):
    """One of a few, or all."""

    def __init__(self, *, choices: list[tuple[str, Any]], **options: Any) -> None:
        super().__init__(
            required=False,
            choices=[("", _("All")), *choices],
            error_messages={"invalid_choice": _("Choose one of the options in the list.")},
            **options,
        )


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


class LogFilterForm(forms.Form):
    """Which lines of the log are shown."""

    start_on = DayField(label=_("Start date"))
    end_on = DayField(label=_("End date"))
    status = OneOfField(label=_("Status"), choices=ItemStatus.choices)
    kind = OneOfField(label=_("Kind"), choices=ItemKind.choices)
    recipient = WordsField(label=_("Recipient"))
    reference = WordsField(label=_("Reference"))

    @classmethod
    def of(cls, asked: QueryDict, *, today: date) -> "LogFilterForm":
        """Return the form as the address asks, or with the period that is shown first.

        Args:
            today: the present day in the viewer's zone.
        """
        if any(name in asked for name in cls.base_fields):
            return cls(asked, auto_id="%s")
        first_on = today - timedelta(days=PERIOD_SHOWN_FIRST_DAYS - 1)
        return cls(initial={"start_on": first_on, "end_on": today}, auto_id="%s")

    def clean(self) -> dict[str, Any]:
        """Hold the two days to each other."""
        cleaned = super().clean() or self.cleaned_data
        start_on, end_on = cleaned.get("start_on"), cleaned.get("end_on")
        if start_on and end_on and end_on < start_on:
            self.add_error("end_on", _("The end is before the start. Choose the same day or a later one."))
        return cleaned
