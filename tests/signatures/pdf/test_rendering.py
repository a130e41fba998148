"""Pictures of pages: as wide as asked, as the page is seen, and never at any cost."""

import io

import pytest
from PIL import Image

from signatures.pdf.checking import PdfRefused, Reason, check_pdf
from signatures.pdf.rendering import draw_page_picture
from tests.signatures.pdf import documents
from tests.signatures.pdf.looking import ink, picture
from tests.signatures.pdf.raw import raw_pdf, stream

PLAIN = raw_pdf().written()


def refused(document: bytes, page: int = 1, width: int = 600) -> Reason:
    with pytest.raises(PdfRefused) as caught:
        draw_page_picture(document, page, width)
    return caught.value.reason


@pytest.mark.parametrize("width", [1, 119, 595, 1000, 2480])
def test_a_picture_is_as_wide_as_asked(width: int) -> None:
    shown = picture(PLAIN, width=width)
    assert (shown.format, shown.mode) == ("PNG", "RGB")
    assert shown.size == (width, max(1, round(width * 842 / 595)))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_page_is_drawn_as_it_is_seen(rotation: int) -> None:
    """The red box is 200 × 50 points; its lower left corner is at (100, 600) of 595 × 842."""
    shown = picture(raw_pdf(page=f"/Rotate {rotation}").written(), width=842 if rotation in (90, 270) else 595)
    seen = {0: (100, 192, 300, 242), 90: (600, 100, 650, 300), 180: (295, 600, 495, 650), 270: (192, 295, 242, 495)}
    assert ink(shown) == seen[rotation]


def test_the_page_asked_for_is_drawn() -> None:
    made = raw_pdf(b"", pages=3)
    made.objects[made.pages[1]] = made.objects[made.pages[1]].replace(b"3 0 R", b"5 0 R", 1)
    made.objects[5] = stream(b"0 0 100 100 re f")
    document = made.written()
    assert [ink(picture(document, page)) is not None for page in (1, 2, 3)] == [False, True, False]


def test_the_ground_is_white_paper() -> None:
    assert picture(PLAIN).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("page", [0, 2, -1])
def test_a_page_that_is_not_there_is_not_drawn(page: int) -> None:
    assert refused(PLAIN, page) == Reason.NO_PAGE


def test_a_picture_of_too_many_pixels_is_not_drawn() -> None:
    assert refused(PLAIN, width=5000) == Reason.TOO_LARGE_PAGE
    assert refused(raw_pdf(box="[0 0 100 2000]").written(), width=1200) == Reason.TOO_LARGE_PAGE


def test_a_page_that_takes_too_long_is_not_drawn() -> None:
    """It is small and passes the check: gradients over all of it, one over the other."""
    made = raw_pdf(
        b"/S sh " * 20_000,
        others={
            30: "<< /ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 595 842] /Function 31 0 R >>",
            31: "<< /FunctionType 2 /Domain [0 1] /C0 [1 0 0] /C1 [0 0 1] /N 1.5 >>",
        },
    )
    made.objects[made.pages[0]] = (
        b"<< /Type /Page /Parent 2 0 R /Contents 3 0 R /Resources << /Shading << /S 30 0 R >> >> >>"
    )
    assert refused(check_pdf(made.written()).data, width=2000) == Reason.TOO_HEAVY


def test_what_is_no_pdf_is_not_drawn() -> None:
    assert refused(b"hello") == Reason.DAMAGED


@pytest.mark.parametrize("depth", [8, 16])
def test_a_large_image_is_drawn_whole(depth: int) -> None:
    """Of 36 million pixels, as a scanner makes it of a large sheet."""
    entries = f"/Width 6000 /Height 6000 /ColorSpace /DeviceGray /BitsPerComponent {depth}"
    data = check_pdf(documents.with_image(bytes(36_000_000 * depth // 8), entries)).data
    assert ink(picture(data)) == (100, 192, 300, 242)


def test_pictures_hold_nothing_but_pixels() -> None:
    shown = Image.open(io.BytesIO(draw_page_picture(PLAIN, 1, 100)))
    shown.load()
    assert shown.info == {}
