"""Which requests the tracking page shows: its filters, its place and its tab live in the address.

A filtered list can be kept as a bookmark; nothing else that somebody wrote into the address is carried on.
"""

from collections.abc import Mapping
from datetime import timedelta, tzinfo
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from messaging.activity.days import midnight
from messaging.activity.forms import DayField, WordsField
from signatures.choices import RequestState
from signatures.tracked import Wanted

STATE = "state"


class TrackingFilterForm(forms.Form):
    """Which requests are shown."""

    start_on = DayField(label=_("Start date"))
    end_on = DayField(label=_("End date"))
    words = WordsField(label=_("Signer or reference"))

    @classmethod
    def of(cls, asked: QueryDict) -> "TrackingFilterForm":
        """Return the form as the address asks."""
        return cls(asked if any(asked.get(name) for name in cls.base_fields) else None, auto_id="%s")

    def clean(self) -> dict[str, Any]:
        """Hold the two days to each other."""
        cleaned = super().clean() or self.cleaned_data
        start_on, end_on = cleaned.get("start_on"), cleaned.get("end_on")
        if start_on and end_on and end_on < start_on:
            self.add_error("end_on", _("The end is before the start. Choose the same day or a later one."))
        return cleaned

    def wanted(self, zone: tzinfo) -> Wanted | None:
        """Return what is asked for, days being those of a zone; None where the address cannot be read."""
        if not self.is_bound:
            return Wanted()
        if not self.is_valid():
            return None
        start_on, end_on = self.cleaned_data["start_on"], self.cleaned_data["end_on"]
        return Wanted(
            begins_at=midnight(start_on, zone) if start_on else None,
            ends_at=midnight(end_on + timedelta(days=1), zone) if end_on else None,
            words=self.cleaned_data["words"],
        )


def state_asked(asked: QueryDict) -> RequestState:
    """Return the tab that an address names; what is none leads to what is in progress."""
    text = asked.get(STATE, "")
    return RequestState(text) if text in RequestState.values else RequestState.IN_PROGRESS


def tracking_url(asked: QueryDict, state: RequestState, turned: Mapping[str, str] | None = None) -> str:
    """Return the address of a tab with the filters of another address.

    Args:
        turned: name of a way to the text of a place; none leads to the first page.
    """
    kept = QueryDict(mutable=True)
    if state is not RequestState.IN_PROGRESS:
        kept[STATE] = state.value
    for name in TrackingFilterForm.base_fields:
        if asked.get(name):
            kept[name] = asked.get(name, "")
    for name, place in (turned or {}).items():
        kept[name] = place
    query = kept.urlencode()
    return reverse("signatures:tracking") + (f"?{query}" if query else "")
