"""Where a signer without zones puts their signature: one offered place for each document, moved by measures.

The fields are whole millimeters from the upper left corner of the page, so that a ruler on paper says the same; a
script moves the place with pointer and arrow keys and writes these fields.
Source: docs/decisions/0066-preparing-requests.md, docs/decisions/0069-signing-pages.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count, takewhile
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from signatures.choices import ZoneKind
from signatures.drawing import Size
from signatures.millimeters import POINTS_PER_MILLIMETER
from signatures.papers import Paper
from signatures.pdf.geometry import Box, PageSize
from signatures.request_errors import NoRoomForName, ZonesRefused
from signatures.stamps import is_readable
from signatures.zones import Zone, placed_within

# Farther than the farthest corner of the largest page.
MILLIMETERS_MOST = 6_000
# Of a date below the signature, and of a name that is not too long for it, in points.
LINE_HEIGHT = 14.0
WHOLE = {"invalid": _("Type a whole number."), "required": _("Type a whole number.")}


class PlaceForm(forms.Form):
    """The place of a signature in one document, with name and date below it where they are wanted.

    Args:
        offered: where it stands unless the signer moves it.
        paper: the document.
        name: of the signer.
        placed: what the signer placed before, in all documents.
    """

    is_wanted = forms.BooleanField(label=_("Sign this document"), required=False)
    page = forms.IntegerField(label=_("Page"), error_messages=WHOLE)
    left = forms.IntegerField(
        label=_("From the left, in mm"), min_value=0, max_value=MILLIMETERS_MOST, error_messages=WHOLE
    )
    top = forms.IntegerField(
        label=_("From the top, in mm"), min_value=0, max_value=MILLIMETERS_MOST, error_messages=WHOLE
    )
    has_name = forms.BooleanField(label=_("Write my name below it"), required=False)
    has_date = forms.BooleanField(label=_("Write the date below it"), required=False)

    def __init__(self, data: Any = None, *, offered: Zone, paper: Paper, name: str, placed: Sequence[Zone]) -> None:
        ids = {zone.zone_id: zone for zone in placed}
        at = ids.get(offered.zone_id, offered)
        initial = {
            "is_wanted": not placed or offered.zone_id in ids,
            "page": at.page,
            "left": round(at.box.left / POINTS_PER_MILLIMETER),
            "top": round(at.box.top / POINTS_PER_MILLIMETER),
            "has_name": f"{offered.zone_id}-name" in ids,
            "has_date": f"{offered.zone_id}-date" in ids,
        }
        super().__init__(data, initial=initial, prefix=offered.zone_id, auto_id="%s")
        self.offered, self.paper, self.name, self.at = offered, paper, name, at
        self.zones: tuple[Zone, ...] = ()
        pages = self.fields["page"]
        pages.widget.attrs.update(min=1, max=len(paper.pages))

    @property
    def document(self) -> int:
        """Number of its document, from 1."""
        return self.offered.document + 1

    def clean_page(self) -> int:
        """Refuse a page that is not there."""
        page = int(self.cleaned_data["page"])
        if not 1 <= page <= len(self.paper.pages):
            raise forms.ValidationError(_("This document has no such page."))
        return page

    def clean(self) -> dict[str, Any]:
        """Place what is wanted; the page chosen may be too small for it."""
        values = super().clean() or self.cleaned_data
        if values.get("is_wanted") and not self.errors:
            try:
                self.zones = self._placed(values)
            except ZonesRefused as refusal:
                self.add_error("page", str(refusal))
            except NoRoomForName as refusal:
                self.add_error("has_name", str(refusal))
        return values

    def _placed(self, values: Mapping[str, Any]) -> tuple[Zone, ...]:
        size, usual = self.paper.pages[values["page"] - 1], self.offered.box
        left, top = (values[side] * POINTS_PER_MILLIMETER for side in ("left", "top"))
        # A page smaller than the offered one has less room; nothing may stand beside it.
        width, height = min(usual.width, size.width), min(usual.height, size.height)
        name = [("name", ZoneKind.NAME, self._name_height(Size(width, size.height)))] if values["has_name"] else []
        lines = [*name, *[("date", ZoneKind.DATE, LINE_HEIGHT)] * values["has_date"]]
        left = max(min(left, size.width - width), 0.0)
        top = max(min(top, size.height - height - sum(line[-1] for line in lines)), 0.0)
        signature = placed_within(replace(self.offered, page=values["page"], box=Box(left, top, width, height)), size)
        zones, foot = [signature], top + height
        for line in lines:
            zones.append(self._line(signature, foot, *line, size))
            foot += line[-1]
        return tuple(zones)

    def _name_height(self, room: Size) -> float:
        """Return how high the name has to stand so that it can be read: as many lines as it needs.

        Raises:
            NoRoomForName: the page is too small for it.
        """
        heights = takewhile(lambda height: height <= room.height, count(LINE_HEIGHT, LINE_HEIGHT))
        found = next((height for height in heights if is_readable(self.name, Size(room.width, height))), None)
        if found is None:
            raise NoRoomForName
        return found

    @staticmethod
    def _line(signature: Zone, top: float, word: str, kind: ZoneKind, height: float, size: PageSize) -> Zone:
        box = signature.box
        below = Box(box.left, max(min(top, size.height - height), 0.0), box.width, height)
        return placed_within(replace(signature, zone_id=f"{signature.zone_id}-{word}", kind=kind, box=below), size)
