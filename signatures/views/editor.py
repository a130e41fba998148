"""What the script of the zone editor is told, and the words it says."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from core.cultures import decimal_symbol
from signatures.choices import ZoneKind
from signatures.drafts import Begun
from signatures.limits import ZONE_LABEL_MOST_CHARACTERS, ZONE_ROWS_MOST, ZONES_MOST
from signatures.millimeters import POINTS_PER_MILLIMETER
from signatures.zone_form import signer_names
from signatures.zones import LEAST_SIZES, USUAL_SIZES

ICONS = {
    ZoneKind.SIGNATURE: "signature",
    ZoneKind.INITIALS: "initials",
    ZoneKind.DATE: "calendar",
    ZoneKind.NAME: "user",
    ZoneKind.TEXT: "text",
    ZoneKind.CHECKBOX: "checkbox",
}
# As many colors as signers are told apart by; the number stands beside.
COLORS = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that is chosen in the editor.

    Args:
        count: of zones, where it is a signer.
    """

    value: str
    label: str
    icon: str = ""
    number: int = 0
    color: int = 0
    count: int = 0
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class DrawnZone:
    """A zone on the picture of its page, for whoever has no scripts; places as text, in points."""

    left: str
    top: str
    width: str
    height: str
    text: str
    color: int


def shown_page(begun: Begun, wanted: str) -> tuple[int, int]:
    """Return the document, from 0, and the page, from 1, that the address or the form asks for; the first one else."""
    return next((place for place in _places(begun) if _value(place) == wanted), next(iter(_places(begun)), (0, 1)))


def page_choices(begun: Begun, shown: tuple[int, int]) -> list[Choice]:
    """Return all pages, to be chosen from."""
    several = len(begun.papers) > 1
    found = []
    for document, page in _places(begun):
        paper = begun.papers[document]
        words = {"name": paper.name, "page": page, "pages": len(paper.pages)}
        label = _("%(name)s: page %(page)d of %(pages)d") if several else _("Page %(page)d of %(pages)d")
        place = (document, page)
        found.append(Choice(_value(place), label % words, is_chosen=place == shown))
    return found


def editor_values(
    form_key: uuid.UUID, begun: Begun, zones: Sequence[Mapping[str, object]], shown: tuple[int, int]
) -> dict[str, object]:
    """Return what the page of the editor shows of documents, signers and kinds.

    Args:
        zones: JSON values of all of them.
        shown: document, from 0, and page, from 1.
    """
    document, page = shown
    size = begun.papers[document].pages[page - 1]
    return {
        "document": document,
        "page": page,
        # As text: a number of a template is written with the comma of its reader.
        "width": f"{size.width:g}",
        "height": f"{size.height:g}",
        "drawn": (drawn := _drawn(begun, document, page)),
        "rows_left_out": max(0, len(drawn) - ZONE_ROWS_MOST),
        "picture_url": _picture_url(form_key, document, page),
        "signers": _signer_choices(begun, zones),
        "kinds": [Choice(kind.value, str(kind.label), icon=ICONS[kind]) for kind in ZoneKind],
        "label_most": ZONE_LABEL_MOST_CHARACTERS,
        "zones_most": ZONES_MOST,
        "editor": _told_to_script(form_key, begun),
    }


def _signer_choices(begun: Begun, zones: Sequence[Mapping[str, object]]) -> list[Choice]:
    """Return the signers, to be chosen from, with how many of the zones each has."""
    return [
        Choice(
            str(place),
            name,
            number=place + 1,
            color=place % COLORS + 1,
            count=sum(zone.get("signer") == place for zone in zones),
        )
        for place, name in enumerate(signer_names(begun.rows))
    ]


def _told_to_script(form_key: uuid.UUID, begun: Begun) -> dict[str, object]:
    """Return what the script works with, as JSON holds it; lengths in points."""
    picture_url = _picture_url(form_key, 987654, 123456)
    return {
        "papers": [
            {"name": paper.name, "pages": [[page.width, page.height] for page in paper.pages]} for paper in begun.papers
        ],
        "signers": signer_names(begun.rows),
        "kinds": {
            kind.value: {
                "label": str(kind.label),
                "least": [LEAST_SIZES[kind].width, LEAST_SIZES[kind].height],
                "usual": [USUAL_SIZES[kind].width, USUAL_SIZES[kind].height],
            }
            for kind in ZoneKind
        },
        "colors": COLORS,
        "most": ZONES_MOST,
        "picture": picture_url.replace("987654", "{document}").replace("123456", "{page}"),
        "decimalSymbol": decimal_symbol(),
        "pointsPerMillimeter": POINTS_PER_MILLIMETER,
        "words": _words(),
    }


def _drawn(begun: Begun, document: int, page: int) -> list[DrawnZone]:
    return [
        DrawnZone(
            left=f"{zone.box.left:g}",
            top=f"{zone.box.top:g}",
            width=f"{zone.box.width:g}",
            height=f"{zone.box.height:g}",
            text=f"{zone.signer + 1} · {zone.label or zone.kind.label}",
            color=zone.signer % COLORS + 1,
        )
        for zone in begun.zones
        if (zone.document, zone.page) == (document, page)
    ]


def _words() -> dict[str, str]:
    return {
        "zone": _(
            "{kind} for {signer}, {left} mm from the left, {top} mm from the top, {width} mm wide, {height} mm high"
        ),
        "added": _("Added: {kind} for {signer}."),
        "moved": _("{left} mm from the left, {top} mm from the top."),
        "sized": _("{width} mm wide, {height} mm high."),
        "deleted": _("Deleted: {kind} for {signer}."),
        "copied": _("Copied: {kind} for {signer}."),
        "undone": _("Undone."),
        "notNumber": _("Enter a number."),
        "nothingUndone": _("There is nothing to undo."),
        "full": _("A request may have up to {most} zones."),
        "tooSmall": _("This page is too small for this zone. Place it on another page."),
        "page": _("{name}: page {page} of {pages}"),
        "drawing": _("The page is being drawn…"),
        "notDrawn": _("The page could not be drawn. Choose it again in a moment."),
        "free": _("places freely"),
        "count": _("zones: {count}"),
    }


def _places(begun: Begun) -> list[tuple[int, int]]:
    return [(document, page) for document, paper in enumerate(begun.papers) for page in range(1, len(paper.pages) + 1)]


def _value(place: tuple[int, int]) -> str:
    return f"{place[0]}-{place[1]}"


def _picture_url(form_key: uuid.UUID, document: int, page: int) -> str:
    return reverse("signatures:draft_page", args=[form_key, document, page])
