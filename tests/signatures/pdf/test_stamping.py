"""Stamps stand where they were drawn: compared with the picture of the page that they were drawn on."""

import io
from collections.abc import Sequence

import pytest
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from reportlab.pdfgen.canvas import Canvas

from signatures.choices import MarkKind
from signatures.contents import Drawn
from signatures.drawing import SIZES, draw_page
from signatures.pdf.checking import CleanPdf, check_pdf
from signatures.pdf.geometry import Box
from signatures.pdf.stamping import Stamp, stamp
from signatures.strokes import read_strokes
from tests.signatures.pdf.looking import ink, is_same, picture
from tests.signatures.pdf.raw import raw_pdf, stream

WIDTH = 1000
OFF_MOST_PIXELS = 2
GREY = b"0.9 g 0 0 2000 2000 re f"
PAGES = {
    "upright": raw_pdf(b""),
    "quarter": raw_pdf(b"", page="/Rotate 90"),
    "half": raw_pdf(b"", page="/Rotate 180"),
    "three quarters": raw_pdf(b"", page="/Rotate 270"),
    "backwards": raw_pdf(b"", page="/Rotate -90"),
    "letter": raw_pdf(b"", box="[0 0 612 792]"),
    "origin elsewhere": raw_pdf(b"", box="[-300 150 295 992]"),
    "origin elsewhere, quarter": raw_pdf(b"", box="[-300 150 295 992]", page="/Rotate 90"),
    "cropped": raw_pdf(b"", page="/CropBox [50 100 450 700]"),
    "cropped, quarter": raw_pdf(b"", page="/CropBox [50 100 450 700] /Rotate 90"),
    "cropped, half": raw_pdf(b"", page="/CropBox [50 100 450 700] /Rotate 180"),
    "cropped, three quarters": raw_pdf(b"", page="/CropBox [50 100 450 700] /Rotate 270"),
    "cropped beyond the paper": raw_pdf(b"", page="/CropBox [300 400 900 1900] /Rotate 270"),
}
# Left and top as shares of the room that is left, width and height in points.
BOXES = [(0.0, 0.0, 180, 60), (1.0, 1.0, 180, 60), (0.35, 0.7, 72, 36), (0.8, 0.1, 20, 120)]


def solid(width: float, height: float) -> bytes:
    """Return a content that fills its box: black, but for its upper left quarter, which is blue."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(width, height), invariant=1)
    canvas.rect(0, 0, width, height, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 1)
    canvas.rect(0, height / 2, width / 2, height / 2, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def stamped(document: bytes, stamps: Sequence[Stamp]) -> bytes:
    """Return a document with stamps, as an update behind it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    stamp(writer, stamps)
    file = io.BytesIO()
    writer.write(file)
    assert file.getvalue().startswith(document)
    return file.getvalue()


def box_on(clean: CleanPdf, shares: tuple[float, float, float, float], page: int = 1) -> Box:
    """Return a box on a page."""
    across, down, width, height = shares
    size = clean.pages[page - 1]
    return Box(across * (size.width - width), down * (size.height - height), width, height)


def pixels_of(box: Box, clean: CleanPdf, page: int = 1) -> list[float]:
    """Return where a box is on the picture of its page: left, top, right and bottom."""
    scale = WIDTH / clean.pages[page - 1].width
    return [side * scale for side in (box.left, box.top, box.left + box.width, box.top + box.height)]


def require_at(shown: Image.Image, wanted: Sequence[float]) -> None:
    """Assert that all ink of a picture is in a rectangle and fills it, and that its blue is in the upper left."""
    found = ink(shown)
    assert found
    assert [abs(a - b) <= OFF_MOST_PIXELS for a, b in zip(found, wanted, strict=True)] == [True] * 4, (found, wanted)
    left, top, right, bottom = found
    quarter = ((right - left) // 4, (bottom - top) // 4)
    assert shown.getpixel((left + quarter[0], top + quarter[1])) == (0, 0, 255)
    assert shown.getpixel((right - quarter[0], top + quarter[1])) == (0, 0, 0)
    assert shown.getpixel((left + quarter[0], bottom - quarter[1])) == (0, 0, 0)


@pytest.mark.parametrize("page", PAGES)
def test_a_stamp_stands_upright_where_its_box_was_drawn(page: str) -> None:
    clean = check_pdf(PAGES[page].written())
    for shares in BOXES:
        box = box_on(clean, shares)
        document = stamped(clean.data, [Stamp(1, box, solid(box.width, box.height))])
        require_at(picture(document, width=WIDTH), pixels_of(box, clean))


@pytest.mark.parametrize("page", PAGES)
def test_a_stamp_stands_there_also_on_a_page_that_was_not_cleaned(page: str) -> None:
    """Whose size and rotation are inherited, and whose crop box is larger or smaller than its paper."""
    original = PAGES[page].written()
    clean = check_pdf(original)
    box = box_on(clean, BOXES[2])
    document = stamped(original, [Stamp(1, box, solid(box.width, box.height))])
    require_at(picture(document, width=WIDTH), pixels_of(box, clean))


def test_a_document_of_mixed_pages_has_each_stamp_on_its_page() -> None:
    made = raw_pdf(b"", pages=4)
    more = [b"/MediaBox [0 0 595 842]", b"/MediaBox [0 0 612 792] /Rotate 90", b"/MediaBox [0 0 842 595]", b""]
    for number, entries in zip(made.pages, more, strict=True):
        made.objects[number] = b"<< /Type /Page /Parent 2 0 R /Contents 3 0 R " + entries + b" >>"
    clean = check_pdf(made.written())
    boxes = [box_on(clean, BOXES[page % 4], page) for page in (1, 2, 4)]
    stamps = [Stamp(page, box, solid(180, 60)) for page, box in zip((1, 2, 4), boxes, strict=True)]
    document = stamped(clean.data, [stamps[2], stamps[0], stamps[1]])
    for page, box in zip((1, 2, 4), boxes, strict=True):
        require_at(picture(document, page, WIDTH), pixels_of(box, clean, page))
    assert ink(picture(document, 3, WIDTH)) is None


HOSTILE = {
    "scaled": b"0.1 0 0 0.1 40 40 cm",
    "states left open": b"q q q 0.5 0 0 0.5 9 9 cm q",
    "states closed that were never opened": b"Q Q Q 0.1 0 0 0.1 0 0 cm 0 0 1 1 re W n",
    "cut away": b"0 0 1 1 re W n",
    "text never ended": b"BT /F1 12 Tf 3 Tr 0.1 0 0 0.1 5 5 Tm",
    "path never drawn": b"100 100 m 200 200 l",
    "comment never ended": b"% this goes on",
    "string never ended": b"BT (this goes on",
    "image never ended": b"BI /W 4 /H 4 /BPC 8 /CS /G ID abcd",
    "unseen": b"/G gs",
}


@pytest.mark.parametrize("content", HOSTILE)
def test_what_a_page_does_to_its_state_does_not_reach_the_stamps(content: str) -> None:
    made = raw_pdf(others={30: "<< /ca 0 /CA 0 /BM /Multiply >>"})
    made.objects[3] = stream(HOSTILE[content])
    made.objects[made.pages[0]] = (
        b"<< /Type /Page /Parent 2 0 R /Contents 3 0 R "
        b"/Resources << /Font << /F1 4 0 R >> /ExtGState << /G 30 0 R >> >> >>"
    )
    clean = check_pdf(made.written())
    box = Box(200, 300, 180, 60)
    document = stamped(clean.data, [Stamp(1, box, solid(180, 60))])
    require_at(picture(document, width=WIDTH), pixels_of(box, clean))


def test_the_page_below_looks_as_before_and_is_seen_through_a_mark() -> None:
    clean = check_pdf(raw_pdf(GREY).written())
    mark = draw_page(Drawn(read_strokes("0,0 900,300;0,300 900,0")), SIZES[MarkKind.SIGNATURE])
    box = Box(100, 100, 180, 60)
    before, after = picture(clean.data), picture(stamped(clean.data, [Stamp(1, box, mark)]))
    assert after.getpixel((102, 130)) == before.getpixel((102, 130))  # beside the strokes, in the box
    place = (100, 100, 280, 160)
    assert not is_same(after.crop(place), before.crop(place))
    before.paste((0, 0, 0), place)
    after.paste((0, 0, 0), place)
    assert is_same(before, after, off_at_most=0)


def test_a_content_of_another_size_fills_the_box() -> None:
    clean = check_pdf(raw_pdf(b"").written())
    box = Box(50, 60, 90, 90)
    document = stamped(clean.data, [Stamp(1, box, solid(180, 60))])
    require_at(picture(document, width=WIDTH), pixels_of(box, clean))


def test_later_stamps_lie_over_earlier_ones() -> None:
    clean = check_pdf(raw_pdf(b"").written())
    box = Box(50, 60, 180, 60)
    over = raw_pdf(b"1 0 0 rg 0 0 180 60 re f", box="[0 0 180 60]").written()
    document = stamped(clean.data, [Stamp(1, box, solid(180, 60)), Stamp(1, box, over)])
    shown = picture(document)
    assert {shown.getpixel((60, 70)), shown.getpixel((220, 110))} == {(255, 0, 0)}


def test_equal_contents_are_kept_once() -> None:
    clean = check_pdf(raw_pdf(b"", pages=5).written())
    box = Box(50, 60, 180, 60)
    stamps = [Stamp(page, box, solid(180, 60)) for page in range(1, 6)] + [Stamp(1, Box(9, 9, 18, 6), solid(180, 60))]
    document = stamped(clean.data, stamps)
    added = document[len(clean.data) :]
    assert added.count(b"/Subtype /Form") == 1
    assert PdfFileReader(io.BytesIO(document)).total_revisions == 2


def test_stamping_twice_keeps_both() -> None:
    clean = check_pdf(raw_pdf(b"").written())
    once = stamped(clean.data, [Stamp(1, Box(50, 60, 180, 60), solid(180, 60))])
    twice = stamped(once, [Stamp(1, Box(300, 400, 90, 30), solid(90, 30))])
    assert ink(picture(twice)) == (50, 60, 390, 430)


@pytest.mark.parametrize("page", [0, -1, 2])
def test_a_page_that_is_not_there_is_no_place(page: int) -> None:
    clean = check_pdf(raw_pdf(b"").written())
    with pytest.raises(LookupError):
        stamped(clean.data, [Stamp(page, Box(0, 0, 10, 10), solid(10, 10))])
