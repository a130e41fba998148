"""What signers gave, on paper: inside its box, whole, and only from those who have signed."""

from datetime import UTC, datetime
from functools import cache

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.cultures import Habits
from signatures.answers import Answers, Value
from signatures.choices import ZoneKind
from signatures.contents import Drawn, Typed
from signatures.drawing import Size
from signatures.fitting import MARGIN_SHARE, READABLE_POINTS, USUAL_POINTS, fitted
from signatures.pdf.checking import CleanPdf, check_pdf
from signatures.pdf.geometry import Box
from signatures.stamps import draw_check, draw_line, stamp_of, stamps_of, written_date
from signatures.zones import LEAST_SIZES, USUAL_SIZES, Zone
from tests.signatures.pdf.looking import ink, picture
from tests.signatures.pdf.raw import raw_pdf
from tests.signatures.pdf.test_stamping import PAGES, stamped
from tests.signatures.requests import zone

WIDTH = 1000
AT = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
LONG = "Purchase order 4711 of the municipality of Saint-Louis-du-Ha! Ha!, " * 3
TEXTS = {
    "short": "PO 4711",
    "long": LONG[:200],
    "one word": "W" * 200,
    "accents": "\u1eae\u1ed6\u00c5\u01fa\u1e68 gjpqy\u0327",
    "from the right": "\u0634\u0631\u0643\u0629 \u05d7\u05d1\u05e8\u05d4 12",
    "of another font": "\u5317\u4eac" * 20,
    "wide": "\ufdfa \ufdfa",
}
VALUES: dict[ZoneKind, Value] = {
    ZoneKind.SIGNATURE: Typed("Camille Roy", "vibes"),
    ZoneKind.INITIALS: Drawn((((0, 0), (900, 300)), ((0, 300), (900, 0)))),
    ZoneKind.DATE: "21 novembre 2026 (UTC\u221205:00)",
    ZoneKind.NAME: "\u00c9lodie Desrosiers-Lafl\u00e8che",
    ZoneKind.TEXT: LONG[:200],
    ZoneKind.CHECKBOX: True,
}
SHAPES = [Size(30, 10), Size(60, 10), Size(180, 20), Size(180, 60), Size(20, 400), Size(500, 12)]


def shown(page: bytes, scale: float = 4) -> Image.Image:
    with pypdfium2.PdfDocument(page) as document:
        picture: Image.Image = document[0].render(scale=scale).to_pil().convert("RGB")
        return picture


@cache
def checked(page: str) -> CleanPdf:
    return check_pdf(PAGES[page].written())


def letters_of(page: bytes) -> str:
    with pypdfium2.PdfDocument(page) as document:
        return str(document[0].get_textpage().get_text_range())


def is_inside(found: tuple[int, int, int, int] | None, picture: Image.Image) -> bool:
    """Tell whether there is ink and none of it touches an edge, where it would be cut."""
    return found is not None and min(found[:2]) > 0 and found[2] < picture.width and found[3] < picture.height


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("size", SHAPES, ids=str)
def test_a_text_is_whole_within_its_box(text: str, size: Size) -> None:
    page = draw_line(TEXTS[text], size)
    drawn = shown(page, scale=8)
    assert is_inside(ink(drawn), drawn)
    assert page == draw_line(TEXTS[text], size)


@pytest.mark.parametrize("text", ["short", "long", "one word"])
def test_no_letter_of_a_text_is_lost(text: str) -> None:
    read = letters_of(draw_line(TEXTS[text], Size(60, 10)))
    assert "".join(read.split()) == "".join(TEXTS[text].split())


def test_a_letter_of_another_font_is_written_as_its_code_point() -> None:
    read = letters_of(draw_line("\u5317", Size(180, 20)))
    assert read.strip() == "[U+5317]"


WORDS = st.lists(st.text("abcW", min_size=1, max_size=30), min_size=1, max_size=20).map(" ".join)


@given(text=WORDS, width=st.floats(20, 600), height=st.floats(8, 200))
@settings(max_examples=60)
def test_a_text_is_fitted_into_any_box(text: str, width: float, height: float) -> None:
    found = fitted(text, Size(width, height), lambda part: 0.6 * len(part))
    assert "".join(found.lines).replace(" ", "") == text.replace(" ", "")
    assert found.height <= height
    assert max(map(len, found.lines)) * 0.6 * found.points <= width * (1 - 2 * MARGIN_SHARE) * 1.000001
    assert found.points <= USUAL_POINTS
    if found.points >= READABLE_POINTS:
        return
    assert max(len(word) for word in text.split()) * 0.6 * READABLE_POINTS > width / 2 or height < 200


def test_words_stay_whole_while_they_can_be_read() -> None:
    assert fitted("Desrosiers", Size(40, 60), lambda part: 0.6 * len(part)).lines == ("Desrosiers",)
    assert len(fitted("D" * 40, Size(40, 200), lambda part: 0.6 * len(part)).lines) > 1


@pytest.mark.parametrize("is_checked", [True, False])
@pytest.mark.parametrize("size", [Size(8, 8), Size(14, 14), Size(100, 20)], ids=str)
def test_a_box_is_drawn_with_its_tick(size: Size, is_checked: bool) -> None:
    drawn = shown(draw_check(size, is_checked=is_checked), scale=16)
    assert is_inside(ink(drawn), drawn)
    middle = (
        drawn.width // 2 - drawn.height // 4,
        drawn.height // 4,
        drawn.width // 2 + drawn.height // 4,
        drawn.height,
    )
    assert bool(ink(drawn, (*middle[:3], drawn.height * 3 // 4))) == is_checked


@pytest.mark.parametrize(
    "page", ["quarter", "half", "cropped", "cropped, quarter", "cropped, three quarters", "letter"]
)
@pytest.mark.parametrize("kind", ZoneKind)
def test_every_kind_stands_inside_its_box(page: str, kind: ZoneKind) -> None:
    clean = checked(page)
    size, usual = clean.pages[0], USUAL_SIZES[kind]
    box = Box(size.width - usual.width - 3, size.height * 0.6, usual.width, usual.height)
    made = stamp_of(zone(kind=kind, box=box), VALUES[kind])
    shot = picture(stamped(clean.data, [made]), width=WIDTH)
    scale, found = WIDTH / size.width, ink(shot)
    assert found
    assert found[0] >= box.left * scale - 1
    assert found[1] >= box.top * scale - 1
    assert found[2] <= (box.left + box.width) * scale + 1
    assert found[3] <= (box.top + box.height) * scale + 1


@pytest.mark.parametrize("kind", ZoneKind)
def test_the_smallest_zone_of_each_kind_takes_its_value(kind: ZoneKind) -> None:
    least = LEAST_SIZES[kind]
    drawn = shown(stamp_of(zone(kind=kind, box=Box(0, 0, least.width, least.height)), VALUES[kind]).content, scale=12)
    assert is_inside(ink(drawn), drawn)


@pytest.mark.parametrize("kind", [ZoneKind.SIGNATURE, ZoneKind.INITIALS])
def test_a_mark_in_a_high_box_stands_in_its_middle(kind: ZoneKind) -> None:
    box = Box(50, 100, 60, 700)
    made = stamp_of(zone(kind=kind, box=box), VALUES[kind])
    # Its margins, which grow with the height, would turn the mark around.
    assert made.box == Box(50, 420, 60, 60)
    clean = check_pdf(raw_pdf(b"").written())
    left, top, right, bottom = ink(picture(stamped(clean.data, [made]))) or (0, 0, 0, 0)
    assert 50 <= left < right <= 110
    assert 420 <= top < bottom <= 480


ZONES = (
    zone("date", ZoneKind.DATE, document=1, box=Box(0, 50, 180, 20)),
    zone("sign", box=Box(0, 300, 180, 60)),
    zone("check", ZoneKind.CHECKBOX, box=Box(0, 200, 14, 14)),
    zone("text", ZoneKind.TEXT, box=Box(0, 100, 180, 20), is_required=False),
    zone("name", ZoneKind.NAME, page=2, box=Box(0, 20, 180, 20)),
    zone("other", signer=1, box=Box(0, 400, 180, 60)),
)
GIVEN = Answers(0, {"sign": VALUES[ZoneKind.SIGNATURE]})


def tops(zones: tuple[Zone, ...], answers: list[Answers], signed: set[int]) -> dict[int, list[tuple[int, float]]]:
    dates, names = dict.fromkeys(signed, "21 novembre 2026"), dict.fromkeys(signed, "Camille Roy")
    made = stamps_of(zones, answers, dates=dates, names=names)
    return {document: [(each.page, each.box.top) for each in stamps] for document, stamps in made.items()}


def test_stamps_come_by_document_in_reading_order() -> None:
    # An unchecked box is drawn as one; a text that was not given is not.
    assert tops(ZONES, [GIVEN], {0}) == {0: [(1, 200), (1, 300), (2, 20)], 1: [(1, 50)]}


def test_who_has_not_signed_stands_nowhere() -> None:
    assert tops(ZONES, [GIVEN], set()) == {}
    assert tops(ZONES, [], {0}) == {}


def test_what_a_signer_placed_is_stamped_too() -> None:
    placed = zone("mine", signer=2, document=1, box=Box(9, 600, 180, 60))
    answers = Answers(2, {"mine": VALUES[ZoneKind.SIGNATURE]}, (placed,))
    assert tops(ZONES, [answers], {2}) == {1: [(1, 600)]}


def test_the_date_is_the_one_of_the_requesters_zone_with_its_offset() -> None:
    assert written_date(AT, Habits("en-CA", "America/Toronto")) == "November 21, 2026 (UTC\u221205:00)"
    assert written_date(AT, Habits("fr-CA", "Asia/Tokyo")) == "22 novembre 2026 (UTC+09:00)"
