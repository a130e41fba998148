"""Zones as rows of fields, for whoever has no scripts: one row each, and an empty one for another zone."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import CHOICE_MESSAGES, TEXT_MESSAGES, offer
from signatures.choices import ZoneKind
from signatures.limits import ZONE_LABEL_MOST_CHARACTERS, ZONE_ROWS_MOST
from signatures.millimeters import MillimeterField, to_millimeters
from signatures.papers import Paper
from signatures.pdf.limits import SIDE_MOST_POINTS
from signatures.request_errors import ZoneOutside, ZonesRefused
from signatures.typed import Row, new_key
from signatures.zones import USUAL_SIZES, Zone, zones_of_json

PREFIX = "zone"
MEASURES = ("left", "top", "width", "height")
NUMBER_MESSAGES = {
    "required": _("Enter a number."),
    "invalid": _("Enter a number."),
    "min_value": _("This number is too small."),
    "max_value": _("No page is as large as that."),
}


class ZoneForm(forms.Form):
    """One zone.

    Args:
        papers, signers: of the request.
        number: of the row, counted from 1.
        kept: the zones of the request by what names them, as they are before these rows.
    """

    id = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), required=False, error_messages=CHOICE_MESSAGES)
    signer = forms.TypedChoiceField(label=_("Signer"), coerce=int, error_messages=CHOICE_MESSAGES)
    document = forms.TypedChoiceField(label=_("Document"), coerce=int, error_messages=CHOICE_MESSAGES)
    page = forms.IntegerField(label=_("Page"), min_value=1, error_messages=NUMBER_MESSAGES)
    left = MillimeterField(
        label=_("From the left"),
        max_value=SIDE_MOST_POINTS,
        min_value=-SIDE_MOST_POINTS,
        error_messages=NUMBER_MESSAGES,
    )
    top = MillimeterField(
        label=_("From the top"), max_value=SIDE_MOST_POINTS, min_value=-SIDE_MOST_POINTS, error_messages=NUMBER_MESSAGES
    )
    width = MillimeterField(
        label=_("Width"), required=False, max_value=SIDE_MOST_POINTS, min_value=1, error_messages=NUMBER_MESSAGES
    )
    height = MillimeterField(
        label=_("Height"), required=False, max_value=SIDE_MOST_POINTS, min_value=1, error_messages=NUMBER_MESSAGES
    )
    label = forms.CharField(
        label=_("Label"), required=False, max_length=ZONE_LABEL_MOST_CHARACTERS, error_messages=TEXT_MESSAGES
    )
    is_required = forms.BooleanField(label=_("Required"), required=False)

    def __init__(
        self,
        *args: Any,
        papers: Sequence[Paper],
        signers: Sequence[Row],
        number: int,
        kept: Mapping[str, Zone],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.papers, self.signer_count, self.number, self.kept = papers, len(signers), number, kept
        self.zone: Zone | None = None
        choices: dict[str, list[tuple[object, object]]] = {
            "kind": [("", _("No zone")), *ZoneKind.choices],
            "signer": [(place, f"{place + 1} · {name}") for place, name in enumerate(signer_names(signers))],
            "document": [(place, paper.name) for place, paper in enumerate(papers)],
        }
        for name, offered in choices.items():
            offer(self, name, offered)

    @property
    def is_left_out(self) -> bool:
        """Tell whether the row is no zone: an empty one, or one that was taken off."""
        return not str(self["kind"].value() or "")

    def full_clean(self) -> None:
        """Judge nothing in a row that is no zone."""
        super().full_clean()
        if self.is_bound and self.is_left_out:
            self._errors = self.error_class()

    def clean(self) -> dict[str, Any]:
        """Place the zone on its page, or say why it does not stand there."""
        values = super().clean() or self.cleaned_data
        if self.errors or not values.get("kind"):
            return values
        paper = self.papers[values["document"]]
        if values["page"] > len(paper.pages):
            pages = len(paper.pages)
            self.add_error("page", gettext("The last page of this document is %(pages)d.") % {"pages": pages})
            return values
        values |= {name: self._exact(name, values[name]) for name in MEASURES}
        usual = USUAL_SIZES[ZoneKind(values["kind"])]
        sizes = {"width": values["width"] or usual.width, "height": values["height"] or usual.height}
        try:
            self.zone = zones_of_json([values | sizes], papers=self.papers, signers=self.signer_count)[0]
        except ZoneOutside as refusal:
            self.add_error("left", str(refusal))
        except ZonesRefused:
            self.add_error("label", _("This label holds a character that cannot be printed. Type it again."))
        return values

    def _exact(self, name: str, typed: float | None) -> float | None:
        """Return a measure as it was kept, to the hundredth of a point, where the field still says it to the tenth."""
        zone = self.kept.get(str(self["id"].value()))
        if zone is None or typed is None:
            return typed
        measure: float = getattr(zone.box, name)
        return measure if to_millimeters(measure) == to_millimeters(typed) else typed

    def clean_id(self) -> str:
        """Return what names the zone."""
        return str(self.cleaned_data["id"])


class ZoneRows(forms.BaseFormSet):  # type: ignore[type-arg]  # only Django's stubs have it generic
    """Zones of one page, and an empty row for another one.

    Args:
        zones: of all pages, as they were before.
    """

    def __init__(
        self, *args: Any, papers: Sequence[Paper], signers: Sequence[Row], zones: Sequence[Zone], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs | {"prefix": PREFIX, "auto_id": "%s"})
        self.papers, self.signers, self.kept = papers, signers, {zone.zone_id: zone for zone in zones}

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Give each row what can be chosen."""
        shared = {"papers": self.papers, "signers": self.signers, "kept": self.kept, "number": (index or 0) + 1}
        # An empty row has no kind; nothing else tells that it is one.
        return {**shared, "empty_permitted": False}

    def joined(self) -> tuple[Zone, ...]:
        """Return the zones of the request with what the rows say of them; the rows are valid."""
        rows = {str(form["id"].value()): form.zone for form in cast(list[ZoneForm], self.forms)}
        return tuple(zone for zone in (self.kept | rows).values() if zone is not None)

    def moved(self) -> int:
        """Return how many zones stand elsewhere than was typed, since they did not fit onto their page."""
        forms_of_zones = [form for form in cast(list[ZoneForm], self.forms) if form.zone is not None]
        return sum(_is_moved(form.cleaned_data, cast(Zone, form.zone)) for form in forms_of_zones)


ZoneFormSet = cast(type[ZoneRows], forms.formset_factory(ZoneForm, formset=ZoneRows, extra=0))


def initial_rows(zones: Sequence[Zone], *, document: int, page: int) -> list[dict[str, object]]:
    """Return what the rows of one page begin with, and an empty one; zones beyond them stay as they are."""
    empty = {"id": f"zone-{new_key()}", "kind": "", "document": document, "page": page, "signer": 0}
    shown = [zone.as_json() for zone in zones if (zone.document, zone.page) == (document, page)]
    return [*shown[:ZONE_ROWS_MOST], empty | {"left": 72, "top": 72, "is_required": True}]


def signer_names(signers: Sequence[Row]) -> list[str]:
    """Return what signers are called in lists: by name, or by address."""
    return [row.name.strip() or row.email.strip() or "–" for row in signers]


def _is_moved(values: Mapping[str, Any], zone: Zone) -> bool:
    # Two lengths that meet the edge are each rounded to points; what differs by less than people read has not moved.
    typed = {name: values[name] for name in MEASURES if values[name] is not None}
    return any(to_millimeters(length) != to_millimeters(getattr(zone.box, name)) for name, length in typed.items())
