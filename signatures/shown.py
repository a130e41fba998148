"""What a signer sees of the documents: each page as a picture, with their zones over it.

Measures go into SVG as text with a point, whatever the reader's culture.
Source: docs/decisions/0069-signing-pages.md
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.db import database_now
from signatures.answers import MARKS, WRITTEN_BY_PORTAL, Value
from signatures.choices import ZoneKind
from signatures.contents import Drawn, Typed, Uploaded
from signatures.filling import VALUES, Filling, label_of
from signatures.limits import PAGE_PICTURE_WIDTH_PIXELS
from signatures.papers import Paper
from signatures.pdf.geometry import Box, PageSize
from signatures.placing import PlaceForm
from signatures.services.answering import Signing
from signatures.stamps import value_in, written_date
from signatures.zones import Zone, in_reading_order, zones_of

WORDS: Mapping[ZoneKind, str | Promise] = {
    ZoneKind.SIGNATURE: pgettext_lazy("zone", "Sign here"),
    ZoneKind.INITIALS: pgettext_lazy("zone", "Initial here"),
    ZoneKind.DATE: pgettext_lazy("zone", "Signing date"),
    ZoneKind.NAME: pgettext_lazy("zone", "Your name"),
    ZoneKind.TEXT: pgettext_lazy("zone", "Fill in"),
    ZoneKind.CHECKBOX: "",
}
# Of the height of a zone, and in points, for the words in it. In a narrow zone they get smaller, down to the least.
WORDS_SHARE, WORDS_MOST, WORDS_LEAST = 0.55, 13.0, 5.0
# Where words begin, in points, and how wide a letter is at most on average, of its size.
WORDS_LEFT, LETTER_WIDTH = 4, 0.62

Address = Callable[[str], str]
"""Gives the address of the picture of what stands in a zone, by its id."""


@dataclass(frozen=True, slots=True)
class ShownZone:
    """A zone over the picture of its page.

    Args:
        field: id of the part of the form that fills it; empty where the portal does.
        words: stand in it until it is filled.
        picture: address of what stands in it; empty where nothing does yet.
        place_id: names the fields of its place, where the signer chooses that.
        is_wanted: its picture stands in it; otherwise it will once the signer wants something there.
    """

    zone: Zone
    label: str
    words: str | Promise
    field: str
    picture: str
    place_id: str = ""
    is_wanted: bool = True

    @property
    def is_filled(self) -> bool:
        """Whether something stands in it."""
        return bool(self.picture) and self.is_wanted

    @property
    def is_portals(self) -> bool:
        """Whether the portal writes it."""
        return self.zone.kind in WRITTEN_BY_PORTAL

    @property
    def place(self) -> Mapping[str, str]:
        """Its measures as SVG writes them, in points of its page."""
        return measures(self.zone.box)

    @property
    def letters(self) -> str:
        """Size of its words, in points."""
        box = self.zone.box
        fitting = (box.width - 2 * WORDS_LEFT) / (LETTER_WIDTH * max(len(str(self.words)), 1))
        return f"{min(box.height * WORDS_SHARE, WORDS_MOST, max(fitting, WORDS_LEAST)):.2f}"

    @property
    def base(self) -> str:
        """Where the line of its words stands, from its own top, in points."""
        return f"{self.zone.box.height / 2 + float(self.letters) * 0.35:.2f}"


@dataclass(frozen=True, slots=True)
class ShownPage:
    """One page of a document.

    Args:
        document, number: from 1.
    """

    paper: Paper
    document: int
    number: int
    zones: Sequence[ShownZone]

    @property
    def size(self) -> PageSize:
        """Its size, in points."""
        return self.paper.pages[self.number - 1]

    @property
    def place(self) -> Mapping[str, str]:
        """Its measures as SVG writes them, in points."""
        return measures(Box(0, 0, self.size.width, self.size.height))

    @property
    def width_pixels(self) -> str:
        """Of its picture."""
        return str(PAGE_PICTURE_WIDTH_PIXELS)

    @property
    def height_pixels(self) -> str:
        """Of its picture."""
        return str(max(1, round(PAGE_PICTURE_WIDTH_PIXELS * self.size.height / self.size.width)))


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """One document.

    Args:
        number: from 1.
    """

    paper: Paper
    number: int
    pages: Sequence[ShownPage]


def measures(box: Box) -> dict[str, str]:
    """Return the four measures of a box by their names, with a point."""
    return {side: f"{getattr(box, side):.2f}" for side in ("left", "top", "width", "height")}


def shown_papers(
    papers: Sequence[Paper], zones: Iterable[ShownZone] = (), *, only_zones: bool = False
) -> list[ShownPaper]:
    """Return the documents with zones over their pages.

    Args:
        only_zones: leave out pages without a zone, and documents without such a page.
    """
    found = list(zones)
    shown = []
    for document, paper in enumerate(papers):
        pages = [
            ShownPage(paper, document + 1, number, [z for z in found if _is_on(z.zone, document, number)])
            for number in range(1, len(paper.pages) + 1)
        ]
        kept = [page for page in pages if page.zones or not only_zones]
        if kept:
            shown.append(ShownPaper(paper, document + 1, kept))
    return shown


def zones_to_fill(filling: Filling, values: Mapping[str, Value], picture: Address) -> list[ShownZone]:
    """Return the zones of a signer over their pages, with what they gave before."""

    def shown(zone: Zone, field: str, *, is_wanted: bool, place_id: str = "") -> ShownZone:
        given = picture(zone.zone_id) if zone.zone_id in values else ""
        return ShownZone(zone, label_of(zone), _words_of(zone), field, given, place_id, is_wanted=is_wanted)

    def of_place(place: PlaceForm) -> ShownZone:
        name = place.at.zone_id
        return shown(place.at, f"{name}-place", is_wanted=bool(place["is_wanted"].value()), place_id=name)

    prepared = (
        shown(zone, _field_of(zone), is_wanted=zone.is_required or zone.zone_id in values) for zone in filling.zones
    )
    return [*prepared, *map(of_place, filling.places)]


def zones_given(given: Iterable[tuple[Zone, Value]], picture: Address) -> list[ShownZone]:
    """Return zones with what stands in them, as it will on paper."""
    return [ShownZone(zone, label_of(zone), _said(value), "", picture(zone.zone_id)) for zone, value in given]


def values_now(signing: Signing) -> list[tuple[Zone, Value]]:
    """Return what would stand in the zones of a signer if they signed now, in reading order.

    Raises:
        ContentDamaged: what is kept does not open as it was sealed.
    """
    preparation, answers = signing.preparation, signing.answers
    place = answers.signer
    dates, names = {place: written_date(database_now(), preparation.habits)}, {place: preparation.signers[place].name}
    zones = in_reading_order((*zones_of(preparation.zones, place), *answers.placed))
    values = ((zone, value_in(zone, {place: answers}, dates, names)) for zone in zones)
    return [(zone, value) for zone, value in values if value is not None and value != ""]


def _said(value: Value) -> str | Promise:
    """Say what stands in a zone, for those who do not see its picture."""
    match value:
        case Typed(text):
            return text
        case Drawn():
            return _("drawn")
        case Uploaded():
            return _("from a picture")
        case bool():
            return _("checked") if value else _("left empty")
        case text:
            return text


def _words_of(zone: Zone) -> str | Promise:
    """Return what stands in an empty zone; a box to check has no room for words."""
    return WORDS[zone.kind] if zone.kind is ZoneKind.CHECKBOX else zone.label or WORDS[zone.kind]


def _field_of(zone: Zone) -> str:
    if zone.kind in WRITTEN_BY_PORTAL:
        return ""
    if zone.kind in MARKS and zone.is_required:
        return f"{zone.kind}-mark"
    return f"{VALUES}-{zone.zone_id}"


def _is_on(zone: Zone, document: int, number: int) -> bool:
    return zone.document == document and zone.page == number
