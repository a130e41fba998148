"""Zones: places on pages that one signer fills each, and how the editor sends them.

Boxes are in points, seen from the upper left corner of the page's crop box as the reader sees it.
Source: docs/decisions/0066-preparing-requests.md
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from signatures.choices import MarkKind, ZoneKind
from signatures.drawing import SIZES, Size
from signatures.limits import ZONES_MOST, ZONES_TEXT_MOST_CHARACTERS
from signatures.papers import Paper
from signatures.pdf.geometry import Box, PageSize
from signatures.request_errors import PageTooSmall, TooManyZones, ZoneOutside, ZonesUnreadable
from signatures.zone_values import read_box, read_id, read_label, read_whole

LEAST_SIZES: Mapping[ZoneKind, Size] = MappingProxyType(
    {
        ZoneKind.SIGNATURE: Size(60, 20),
        ZoneKind.INITIALS: Size(24, 14),
        ZoneKind.DATE: Size(90, 10),
        ZoneKind.NAME: Size(60, 10),
        ZoneKind.TEXT: Size(30, 10),
        ZoneKind.CHECKBOX: Size(8, 8),
    }
)
"""How small a zone may be, in points."""

USUAL_SIZES: Mapping[ZoneKind, Size] = MappingProxyType(
    {
        ZoneKind.SIGNATURE: SIZES[MarkKind.SIGNATURE],
        ZoneKind.INITIALS: SIZES[MarkKind.INITIALS],
        ZoneKind.DATE: Size(180, 20),
        ZoneKind.NAME: Size(180, 20),
        ZoneKind.TEXT: Size(180, 20),
        ZoneKind.CHECKBOX: Size(14, 14),
    }
)
"""How large a zone is when it is added, in points."""

# Around what is offered to a signer who places freely, in points.
FREE_MARGIN, FREE_GAP = 36.0, 12.0


@dataclass(frozen=True, slots=True)
class Zone:
    """A place on a page that one signer fills.

    Args:
        zone_id: names it within its request.
        document: place of its document in the request, from 0.
        page: from 1.
        signer: place of its signer in the request, from 0.
        label: what is to be written there, in the sender's words; may be empty.
    """

    zone_id: str
    document: int
    page: int
    box: Box
    signer: int
    kind: ZoneKind
    is_required: bool = True
    label: str = ""

    def as_json(self) -> dict[str, object]:
        """Return it as JSON values."""
        return {
            "id": self.zone_id,
            "document": self.document,
            "page": self.page,
            "left": self.box.left,
            "top": self.box.top,
            "width": self.box.width,
            "height": self.box.height,
            "signer": self.signer,
            "kind": self.kind.value,
            "is_required": self.is_required,
            "label": self.label,
        }


KEYS = frozenset(Zone("", 0, 1, Box(0, 0, 1, 1), 0, ZoneKind.TEXT).as_json())


def placed_within(zone: Zone, size: PageSize) -> Zone:
    """Return a zone as it stands on its page: moved onto it from over its edge, of a size that can be filled.

    Raises:
        ZoneOutside: nothing of it is on the page.
        PageTooSmall: the page has no room for one of its kind.
    """
    box, least = zone.box, LEAST_SIZES[zone.kind]
    if least.width > size.width or least.height > size.height:
        raise PageTooSmall(document=zone.document, page=zone.page)
    is_beside = box.left >= size.width or box.left + box.width <= 0
    if is_beside or box.top >= size.height or box.top + box.height <= 0:
        raise ZoneOutside(document=zone.document, page=zone.page)
    width = min(max(box.width, least.width), size.width)
    height = min(max(box.height, least.height), size.height)
    left, top = min(max(box.left, 0.0), size.width - width), min(max(box.top, 0.0), size.height - height)
    return replace(zone, box=Box(left, top, width, height))


def read_zones(text: str, *, papers: Sequence[Paper], signers: int) -> tuple[Zone, ...]:
    """Return the zones that an editor sent, each as it stands on its page.

    Args:
        text: a JSON list of what `Zone.as_json` gives; label and is_required may be missing.
        papers: the documents they are placed on.
        signers: how many there are.

    Raises:
        ZonesUnreadable: anything else, or a document, page or signer that is not there.
        TooManyZones: more than one request may have.
        ZoneOutside: one is not on its page, or has no room there.
    """
    if len(text) > ZONES_TEXT_MOST_CHARACTERS:
        raise ZonesUnreadable
    try:
        values = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_without_double)
    # RecursionError: lists in lists without end.
    except (ValueError, RecursionError) as error:
        raise ZonesUnreadable from error
    return zones_of_json(values, papers=papers, signers=signers)


def zones_of_json(values: object, *, papers: Sequence[Paper], signers: int) -> tuple[Zone, ...]:
    """Return the zones of JSON values; see `read_zones`."""
    if not isinstance(values, list):
        raise ZonesUnreadable
    if len(values) > ZONES_MOST:
        raise TooManyZones(ZONES_MOST)
    zones = [_read_zone(value, papers, signers) for value in values]
    if len({zone.zone_id for zone in zones}) != len(zones):
        raise ZonesUnreadable
    return tuple(placed_within(zone, papers[zone.document].pages[zone.page - 1]) for zone in zones)


def drawable_zones(text: str, *, papers: Sequence[Paper], signers: int) -> list[dict[str, object]]:
    """Return what can be shown again of zones that were refused: each that is one, also beside its page."""
    try:
        values = json.loads(text) if len(text) <= ZONES_TEXT_MOST_CHARACTERS else []
    except (ValueError, RecursionError):
        return []
    return [value for value in values if _is_zone(value, papers, signers)] if isinstance(values, list) else []


def in_reading_order(zones: Iterable[Zone]) -> tuple[Zone, ...]:
    """Return zones in the order in which a signer is led: by document, page, from the top, from the left."""
    return tuple(sorted(zones, key=lambda zone: (zone.document, zone.page, zone.box.top, zone.box.left, zone.zone_id)))


def zones_of(zones: Iterable[Zone], signer: int) -> tuple[Zone, ...]:
    """Return what one signer fills, in reading order; nothing means that they place their signature freely."""
    return in_reading_order(zone for zone in zones if zone.signer == signer)


def without_document(zones: Iterable[Zone], document: int) -> tuple[Zone, ...]:
    """Return what is left when a document is taken out, for the places that the others have then."""
    left = (zone for zone in zones if zone.document != document)
    return tuple(replace(zone, document=zone.document - (zone.document > document)) for zone in left)


def free_zones(papers: Sequence[Paper], signer: int) -> tuple[Zone, ...]:
    """Return where a signer without zones is first offered to sign: at the foot of the last page that has room.

    One place for each document that has such a page. Signers stand beside each other, row above row, and may move it
    anywhere.
    """
    offered = ((number, _last_with_room(paper)) for number, paper in enumerate(papers))
    return tuple(
        Zone(
            f"free-{number + 1}",
            number,
            page,
            _free_place(papers[number].pages[page - 1], signer),
            signer,
            ZoneKind.SIGNATURE,
            is_required=False,
        )
        for number, page in offered
        if page
    )


def _last_with_room(paper: Paper) -> int:
    """Return the last page, from 1, on which a signature has room; 0 where none has."""
    least = LEAST_SIZES[ZoneKind.SIGNATURE]
    pages = enumerate(paper.pages, start=1)
    return max((number for number, page in pages if _holds(page, least)), default=0)


def _holds(page: PageSize, size: Size) -> bool:
    return page.width >= size.width and page.height >= size.height


def _free_place(page: PageSize, signer: int) -> Box:
    usual = USUAL_SIZES[ZoneKind.SIGNATURE]
    width, height = min(usual.width, page.width), min(usual.height, page.height)
    across, up = (
        max(1, int((side - 2 * FREE_MARGIN + FREE_GAP) // (wanted + FREE_GAP)))
        for side, wanted in ((page.width, width), (page.height, height))
    )
    row, column = divmod(signer % (across * up), across)
    left = FREE_MARGIN + column * (width + FREE_GAP)
    bottom = page.height - FREE_MARGIN - row * (height + FREE_GAP)
    return Box(min(left, page.width - width), max(bottom - height, 0.0), width, height)


def _read_zone(value: object, papers: Sequence[Paper], signers: int) -> Zone:
    if not isinstance(value, dict) or not KEYS.issuperset(value):
        raise ZonesUnreadable
    document = read_whole(value.get("document"), least=0, most=len(papers) - 1)
    is_required = value.get("is_required", True)
    if not isinstance(is_required, bool):
        raise ZonesUnreadable
    return Zone(
        zone_id=read_id(value.get("id")),
        document=document,
        page=read_whole(value.get("page"), least=1, most=len(papers[document].pages)),
        box=read_box(value),
        signer=read_whole(value.get("signer"), least=0, most=signers - 1),
        kind=_read_kind(value.get("kind")),
        is_required=is_required,
        label=read_label(value.get("label", "")),
    )


def _is_zone(value: object, papers: Sequence[Paper], signers: int) -> bool:
    try:
        _read_zone(value, papers, signers)
    except ZonesUnreadable:
        return False
    return True


def _read_kind(value: object) -> ZoneKind:
    if not isinstance(value, str) or value not in ZoneKind.values:
        raise ZonesUnreadable
    return ZoneKind(value)


def _refuse_constant(_name: str) -> None:
    """Refuse NaN and the infinities, which JSON does not have."""
    raise ZonesUnreadable


def _without_double(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) != len(pairs):
        raise ZonesUnreadable
    return dict(pairs)
