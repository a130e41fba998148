"""A signer without zones puts their signature where they want it, with name and date below it."""

import re
from dataclasses import replace

import pytest

from signatures.choices import ZoneKind
from signatures.drawing import Size
from signatures.pdf.checking import CleanPdf, check_pdf
from signatures.stamps import is_readable
from tests.messaging.items.making import make_sender
from tests.signatures.pdf.seals import document
from tests.signatures.signer import first_of, kept
from tests.signatures.signing import ZOE, ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]


def test_somebody_without_zones_signs_at_the_place_that_is_offered() -> None:
    asked = ask(make_sender(), [ZOE], zones=[])
    browser = first_of(asked).agree()
    page = browser.get("document_sign").content.decode()
    assert 'data-place="free-1"' in page
    values = dict(re.findall(r'name="(free-1-(?:page|left|top))" value="(\d+)"', page))
    assert values["free-1-page"] == "2"
    assert browser.fill(**values, **{"free-1-is_wanted": "on"}).status_code == 302
    (zone,) = kept(asked).placed
    assert (zone.page, zone.kind, round(zone.box.left)) == (2, ZoneKind.SIGNATURE, 37)


def test_somebody_without_zones_moves_the_place_and_adds_name_and_date() -> None:
    asked = ask(make_sender(), [ZOE], zones=[])
    browser = first_of(asked).agree()
    place = {"free-1-page": "1", "free-1-left": "100", "free-1-top": "5999", "free-1-is_wanted": "on"}
    assert browser.fill(**place, **{"free-1-has_name": "on", "free-1-has_date": "on"}).status_code == 302
    placed = {zone.kind: zone for zone in kept(asked).placed}
    assert set(placed) == {ZoneKind.SIGNATURE, ZoneKind.NAME, ZoneKind.DATE}
    assert all(zone.page == 1 and zone.box.top + zone.box.height <= 842 for zone in placed.values())
    assert placed[ZoneKind.DATE].box.top >= placed[ZoneKind.NAME].box.top + 10
    page = browser.get("document_sign").content.decode()
    assert re.search(r'name="free-1-left" value="100"', page)
    assert re.search(r'id="free-1-has_date"[^>]*checked', page)
    assert browser.confirm().url == browser.url("document_done")


@pytest.mark.parametrize("name", ["W" * 100, "Wilhelmina Wollstonecraft " * 4])
def test_a_long_name_below_a_signature_has_the_lines_it_needs_to_be_read(name: str) -> None:
    asked = ask(make_sender(), [replace(ZOE, name=name.strip())], zones=[])
    browser = first_of(asked).agree()
    place = {"free-1-page": "1", "free-1-left": "20", "free-1-top": "5999", "free-1-is_wanted": "on"}
    assert browser.fill(**place, **{"free-1-has_name": "on", "free-1-has_date": "on"}).status_code == 302
    below = {zone.kind: zone.box for zone in kept(asked).placed}
    written, date = below[ZoneKind.NAME], below[ZoneKind.DATE]
    assert is_readable(name.strip(), Size(written.width, written.height))
    assert written.top == below[ZoneKind.SIGNATURE].top + below[ZoneKind.SIGNATURE].height
    assert (date.top, date.top + date.height) == (written.top + written.height, 842)


def test_a_page_without_room_for_a_name_that_can_be_read_is_answered_beside_its_box() -> None:
    asked = ask(make_sender(), [replace(ZOE, name="W" * 100)], zones=[], sources=[tiny()])
    place = {"free-1-page": "1", "free-1-left": "0", "free-1-top": "0", "free-1-is_wanted": "on"}
    browser = first_of(asked).agree()
    answer = browser.fill(**place, **{"free-1-has_name": "on"})
    assert answer.status_code == 422
    assert 'id="free-1-has_name_error"' in answer.content.decode()
    assert "This page has no room for your name" in answer.content.decode()
    assert browser.fill(**place).status_code == 302


def tiny() -> CleanPdf:
    """Return a document no larger than a stamp."""
    return check_pdf(document(size=(70, 30)))


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"free-1-page": "3"}, "free-1-page"),
        ({"free-1-page": "0"}, "free-1-page"),
        ({"free-1-left": "-1"}, "free-1-left"),
        ({"free-1-top": "middle"}, "free-1-top"),
        ({"free-1-is_wanted": ""}, "free-1-is_wanted"),
    ],
)
def test_a_place_that_cannot_be_is_answered_beside_it(sent: dict[str, str], field: str) -> None:
    asked = ask(make_sender(), [ZOE], zones=[])
    place = {"free-1-page": "1", "free-1-left": "20", "free-1-top": "20", "free-1-is_wanted": "on"}
    answer = first_of(asked).agree().fill(**place | sent)
    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.content.decode()
