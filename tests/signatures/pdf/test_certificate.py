"""The pages behind a sealed document: everything is on them, every font is in them, and a phone can read their code."""

import io
import re
from dataclasses import replace

import pypdfium2
import pytest
import segno
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from reportlab.lib.pagesizes import A4, LETTER

from signatures.pdf.certificate import MARGIN, QR_QUIET, QR_SIDE, Facts, Pairs, Prose, Rows, draw_certificate
from tests.signatures.pdf.seals import document, sealed, shown

HEX = "d837ff04d28e93bef5361a3f07870a2f1129a618b9dadad97ecf6e64abbf8b46"
EVENT = ["1,000", "2026-11-20 09:14:02 (UTC-5)", "Opened the document", "Zoë Roy · 203.0.113.7", HEX]
ADDRESS = "https://portal.example/verify/?reference=347A-CDEF-GHJK"
DEMO = "DEMO – this document has no legal value."
EVENTS = Rows("Events", ["Number", "Date", "Event", "Who", "Digest"], [EVENT] * 3, (0.1, 0.25, 0.2, 0.25, 0.2))
FACTS = Facts(
    title="Certificate of completion",
    lines=["Reference 347A-CDEF-GHJK", "Sealed on 2026-11-21 09:30:00 (UTC-5)"],
    address=ADDRESS,
    check="Anybody can check this document.",
    parts=[
        Pairs("Document", [("Name", "Convention – lot 3.pdf"), ("SHA-256 of what was presented", HEX)]),
        Rows("People", ["Person", "Proof"], [["Zoë Roy", "Code by e-mail"], ["王小明", "Code by text"]], (0.5, 0.5)),
        Prose("Consent", ["“I agree to sign electronically.”", "Second paragraph."]),
        EVENTS,
    ],
    foot="Portal · 347A-CDEF-GHJK",
    page="Page {number} of {count}",
    language="en",
    portal="Portal",
)


def text_of(facts: Facts) -> list[str]:
    return shown(draw_certificate(facts))


def test_everything_stands_on_it() -> None:
    (page,) = text_of(FACTS)
    flat = re.sub(r"\s+", "", page)
    wanted = [FACTS.title, *FACTS.lines, FACTS.check, ADDRESS, HEX, "Convention – lot 3.pdf", "Zoë Roy", "[U+738B]"]
    wanted += ["Code by text", "“I agree to sign electronically.”", "Second paragraph.", FACTS.foot, "Page 1 of 1"]
    for words in wanted:
        assert re.sub(r"\s+", "", words) in flat, words


def test_the_same_facts_give_the_same_bytes() -> None:
    assert draw_certificate(FACTS) == draw_certificate(FACTS)


def test_a_long_list_goes_on_over_pages_under_its_head() -> None:
    many = replace(EVENTS, rows=[EVENT] * 200)
    pages = text_of(replace(FACTS, parts=[many]))
    assert len(pages) > 5
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Digest" in page
        assert FACTS.foot in page
    assert sum(page.count("Opened the document") for page in pages) == 200


def test_one_cell_longer_than_a_page_loses_nothing() -> None:
    words = [f"word{number}" for number in range(3_000)]
    long = Rows("Events", ["Event"], [[" ".join(words)]], (1,))
    told = " ".join(text_of(replace(FACTS, parts=[long])))
    assert set(words) <= set(told.split())


def test_every_page_of_a_demo_says_so_and_no_other_does() -> None:
    many = replace(EVENTS, rows=[EVENT] * 60)
    pages = text_of(replace(FACTS, parts=[many], demo=DEMO))
    assert len(pages) > 1
    assert all(DEMO in page for page in pages)
    assert "DEMO" not in "".join(text_of(FACTS))


def test_every_font_is_embedded() -> None:
    reader = PdfFileReader(io.BytesIO(draw_certificate(FACTS)))
    _page, resources = reader.find_page_for_modification(0)
    fonts = [font.get_object() for font in resources["/Font"].values()]
    names = {str(font["/BaseFont"]).partition("+")[2] for font in fonts}
    assert names >= {"DejaVuSans", "DejaVuSans-Bold"}
    for font in fonts:
        assert isinstance(font["/FontDescriptor"]["/FontFile2"], generic.StreamObject), font["/BaseFont"]


def test_the_code_leads_to_the_address() -> None:
    """Each module in the middle of its place, dark or light, as the standard's encoder wants it."""
    modules = segno.make(ADDRESS, error="m", micro=False).matrix
    picture, scale = rendered(draw_certificate(FACTS))
    side = QR_SIDE / (len(modules) + 2 * QR_QUIET)
    (left, top), grey = corner_of_code(picture, scale), picture.tobytes()
    assert left / scale > A4[0] - MARGIN - QR_SIDE - 8
    for row, line in enumerate(modules):
        for column, is_dark in enumerate(line):
            place = (left + (column + 0.5) * side * scale, top + (row + 0.5) * side * scale)
            assert is_ink(picture.width, grey, place) == bool(is_dark), (row, column)


def is_ink(width: int, grey: bytes, place: tuple[float, float]) -> bool:
    return grey[int(place[1]) * width + int(place[0])] < 128


def rendered(data: bytes) -> tuple[Image.Image, float]:
    """Return the first page in grey, and pixels per point."""
    pdf, scale = pypdfium2.PdfDocument(data), 6
    try:
        return pdf[0].render(scale=scale).to_pil().convert("L"), scale
    finally:
        pdf.close()


def corner_of_code(picture: Image.Image, scale: float) -> tuple[int, int]:
    """Return where the ink in the upper right corner of a page begins."""
    from_left = int((A4[0] - MARGIN - QR_SIDE - 4) * scale)
    region = picture.crop((from_left, 0, picture.width, int((MARGIN + QR_SIDE) * scale)))
    box = region.point(lambda grey: 255 * (grey < 128)).getbbox()
    assert box
    return from_left + box[0], box[1]


@pytest.mark.parametrize("size", [A4, LETTER])
def test_pages_are_as_large_as_asked(size: tuple[float, float]) -> None:
    pdf = pypdfium2.PdfDocument(draw_certificate(replace(FACTS, size=size)))
    assert pdf[0].get_size() == pytest.approx(size, abs=0.01)
    pdf.close()


def test_text_of_people_is_no_markup() -> None:
    (page,) = text_of(replace(FACTS, parts=[Pairs("Document", [("Name", "<b>&amp; \u202efdp.exe</b>")])]))
    assert "<b>&amp; fdp.exe</b>" in page


def test_it_can_be_sealed() -> None:
    made = sealed(document(), last_pages=draw_certificate(FACTS))
    assert FACTS.title in shown(made)[1]
