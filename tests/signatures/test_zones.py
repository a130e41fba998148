"""Zones on pages: never outside, and nothing of a stranger's making is taken for one."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signatures.choices import ZoneKind
from signatures.limits import ZONES_MOST, ZONES_TEXT_MOST_CHARACTERS
from signatures.papers import Paper
from signatures.pdf.geometry import Box, PageSize
from signatures.request_errors import PageTooSmall, TooManyZones, ZoneOutside, ZonesRefused, ZonesUnreadable
from signatures.zones import (
    LEAST_SIZES,
    USUAL_SIZES,
    Zone,
    free_zones,
    in_reading_order,
    placed_within,
    read_zones,
    without_document,
    zones_of,
)
from tests.signatures.requests import A4, PAPERS, SIGNERS, some_zones, write_zones, zone

SIDES = st.floats(0.01, 3000)
PLACES = st.floats(-3000, 3000)
BOXES = st.builds(Box, PLACES, PLACES, SIDES, SIDES)
PAGES = st.builds(PageSize, SIDES, SIDES)
GOOD = zone().as_json()


def read(value: object) -> tuple[Zone, ...]:
    return read_zones(json.dumps(value), papers=PAPERS, signers=SIGNERS)


@given(some_zones())
def test_what_is_written_is_read_again(zones: tuple[Zone, ...]) -> None:
    assert read_zones(write_zones(zones), papers=PAPERS, signers=SIGNERS) == zones


@given(box=BOXES, page=PAGES, kind=st.sampled_from(ZoneKind))
def test_a_zone_is_on_its_page_or_refused(box: Box, page: PageSize, kind: ZoneKind) -> None:
    try:
        placed = placed_within(zone(kind=kind, box=box), page).box
    except ZoneOutside:
        return
    assert placed.left >= 0
    assert placed.top >= 0
    assert placed.left + placed.width <= page.width + 1e-9
    assert placed.top + placed.height <= page.height + 1e-9
    assert placed.width >= LEAST_SIZES[kind].width
    assert placed.height >= LEAST_SIZES[kind].height


@given(box=BOXES, page=PAGES)
def test_a_zone_that_is_placed_stays_where_it_is(box: Box, page: PageSize) -> None:
    try:
        once = placed_within(zone(box=box), page)
    except ZoneOutside:
        return
    assert placed_within(once, page) == once


def test_a_zone_over_the_edge_is_moved_onto_the_page() -> None:
    assert placed_within(zone(box=Box(500, -10, 180, 60)), A4).box == Box(415, 0, 180, 60)


def test_a_zone_larger_than_the_page_is_as_large_as_the_page() -> None:
    assert placed_within(zone(box=Box(-5, -5, 900, 900)), A4).box == Box(0, 0, 595, 842)


@pytest.mark.parametrize("box", [Box(595, 0, 180, 60), Box(-180, 0, 180, 60), Box(0, 842, 9, 9), Box(0, -60, 180, 60)])
def test_a_zone_beside_the_page_is_refused_with_its_page(box: Box) -> None:
    with pytest.raises(ZoneOutside, match="outside page 2 of document 1"):
        placed_within(zone(box=box, page=2), A4)


def test_a_page_without_room_is_named() -> None:
    with pytest.raises(PageTooSmall, match="Page 1 of document 1 is too small"):
        placed_within(zone(box=Box(0, 0, 60, 20)), PageSize(59, 20))


def test_usual_zones_are_no_smaller_than_they_may_be() -> None:
    assert set(LEAST_SIZES) == set(USUAL_SIZES) == set(ZoneKind)
    for kind in ZoneKind:
        assert LEAST_SIZES[kind].width <= USUAL_SIZES[kind].width
        assert LEAST_SIZES[kind].height <= USUAL_SIZES[kind].height


def test_label_and_requirement_may_be_missing() -> None:
    value = {key: part for key, part in GOOD.items() if key not in ("label", "is_required")}
    assert read([value]) == (zone(),)


@pytest.mark.parametrize(
    "change",
    [
        {"extra": 1},
        {"id": ""},
        {"id": "a b"},
        {"id": "é"},
        {"id": "a" * 41},
        {"id": 1},
        {"document": 2},
        {"document": -1},
        {"document": True},
        {"document": 0.0},
        {"page": 0},
        {"page": 3},
        {"page": "1"},
        {"signer": SIGNERS},
        {"signer": -1},
        {"signer": None},
        {"kind": "stamp"},
        {"kind": ["signature"]},
        {"left": "1"},
        {"left": True},
        {"left": 10**400},
        {"top": None},
        {"width": 0},
        {"height": -1},
        {"width": 14_401},
        {"is_required": 1},
        {"label": "a" * 61},
        {"label": "two\nlines"},
        {"label": "turned \u202e"},
        {"label": None},
    ],
)
def test_what_no_editor_sends_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ZonesUnreadable, match="did not arrive as they should"):
        read([GOOD | change])


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_no_number_is_not_finite(name: str) -> None:
    text = json.dumps([GOOD | {"left": 77.25}]).replace("77.25", name)
    with pytest.raises(ZonesUnreadable):
        read_zones(text, papers=PAPERS, signers=SIGNERS)


@pytest.mark.parametrize("text", ["", "{}", "null", "[1]", "[[]]", "[", "[{}]", "[" * 100_000, '[{"id":"a","id":"b"}]'])
def test_what_is_no_list_of_zones_is_refused(text: str) -> None:
    with pytest.raises(ZonesUnreadable):
        read_zones(text, papers=PAPERS, signers=SIGNERS)


def test_a_key_given_twice_is_refused() -> None:
    text = json.dumps([GOOD])
    with pytest.raises(ZonesUnreadable):
        read_zones(text.replace('{"id"', '{"page": 1, "id"'), papers=PAPERS, signers=SIGNERS)


def test_two_zones_of_one_id_are_refused() -> None:
    with pytest.raises(ZonesUnreadable):
        read([GOOD, GOOD | {"page": 2}])


def test_five_hundred_zones_are_taken_and_one_more_is_not() -> None:
    zones = [GOOD | {"id": f"z{number}", "label": "\u00e9" * 60} for number in range(ZONES_MOST)]
    assert len(read(zones)) == ZONES_MOST
    with pytest.raises(TooManyZones, match="up to 500"):
        read([*zones, GOOD])


def test_a_text_of_any_length_is_judged_before_it_is_read() -> None:
    with pytest.raises(ZonesUnreadable):
        read_zones(" " * ZONES_TEXT_MOST_CHARACTERS + "[]", papers=PAPERS, signers=SIGNERS)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(GOOD)), inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), JSON, min_size=1, max_size=3))
def test_whatever_comes_is_a_zone_on_its_page_or_refused(change: dict[str, object]) -> None:
    try:
        (found,) = read([GOOD | change])
    except ZonesRefused:
        return
    page = PAPERS[found.document].pages[found.page - 1]
    assert placed_within(found, page) == found


def test_zones_are_read_by_document_page_top_and_left() -> None:
    ordered = (
        zone("c", box=Box(300, 10, 60, 20)),
        zone("b", box=Box(10, 20, 60, 20)),
        zone("a", box=Box(50, 20, 60, 20)),
        zone("e", page=2, box=Box(0, 0, 60, 20)),
        zone("d", document=1, box=Box(0, 0, 60, 20)),
    )
    assert in_reading_order(reversed(ordered)) == ordered
    assert zones_of((*ordered, zone("z", signer=1)), 0) == ordered


def test_a_document_that_is_taken_out_takes_its_zones_along() -> None:
    first, second = zone("a"), zone("b", document=1)
    assert without_document((first, second), 0) == (replace(second, document=0),)
    assert without_document((first, second), 1) == (first,)


@given(st.lists(st.lists(PAGES, min_size=1, max_size=3), min_size=1, max_size=3), st.integers(0, 60))
def test_who_places_freely_is_offered_the_last_page_with_room(papers: list[list[PageSize]], signer: int) -> None:
    least = LEAST_SIZES[ZoneKind.SIGNATURE]
    found = {
        each.document: each
        for each in free_zones([Paper("a" * 32, "A.pdf", tuple(pages), "1" * 64) for pages in papers], signer)
    }
    for number, pages in enumerate(papers):
        large = [at for at, page in enumerate(pages) if page.width >= least.width and page.height >= least.height]
        assert (number in found) == bool(large)
        if large:
            assert found[number].page == large[-1] + 1
            assert placed_within(found[number], pages[large[-1]]).box == found[number].box


def test_signers_who_place_freely_are_not_offered_the_same_place() -> None:
    boxes = [free_zones(PAPERS, signer)[1].box for signer in range(20)]
    for number, one in enumerate(boxes):
        for other in boxes[:number]:
            is_beside = abs(one.left - other.left) >= one.width
            assert is_beside or abs(one.top - other.top) >= one.height
