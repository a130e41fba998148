"""Uploaded pictures: redrawn to ink on a transparent ground; hostile and damaged ones are refused and cost nothing."""

import io
import struct
import zlib
from threading import BoundedSemaphore

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from signatures.errors import (
    PictureBusy,
    PictureEmpty,
    PictureRefused,
    PictureTooLarge,
    PictureTooSmall,
    PictureUnreadable,
)
from signatures.limits import KEPT_HEIGHT_PIXELS, KEPT_WIDTH_PIXELS, PICTURE_MOST_SCANS
from signatures.pictures import redraw
from tests.signatures.making import file_of, ink_on_paper

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
ORIENTATION, GPS = 0x0112, 0x8825
QUARTER_TURN = 6


def redrawn(file: bytes) -> Image.Image:
    return Image.open(io.BytesIO(redraw(file)))


def chunks(png: bytes) -> list[bytes]:
    """Return the names of the chunks of a PNG file."""
    found, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        found.append(png[at + 4 : at + 8])
        at += 12 + length
    return found


def bomb(width: int, height: int) -> bytes:
    """Return a small PNG that says to be a large one."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "1", "RGBA", "LA"])
def test_paper_becomes_transparent_and_ink_stays(mode: str) -> None:
    picture = redrawn(file_of(ink_on_paper(mode, paper=255)))
    assert (picture.format, picture.mode) == ("PNG", "RGBA")
    alpha = picture.getchannel("A")
    assert alpha.getpixel((picture.width // 2, picture.height // 2)) == 255
    assert alpha.getpixel((picture.width - 2, 1)) == 0
    assert 380 < picture.width < 430  # cut to the ink, which is 400 wide


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_jpeg_pictures_are_taken_also_those_for_printers(mode: str) -> None:
    picture = redrawn(file_of(ink_on_paper(mode), "JPEG", quality=90))
    red, green, blue, alpha = picture.getpixel((picture.width // 2, picture.height // 2))  # type: ignore[misc]
    assert alpha == 255
    assert max(red, green, blue) < 90
    assert picture.getpixel((picture.width - 2, 1))[3] == 0  # type: ignore[index]


def test_greys_of_16_bits_are_scaled_not_cut() -> None:
    deep = ink_on_paper("L").convert("I").point(lambda value: value * 257).convert("I;16")
    assert redrawn(file_of(deep)).getchannel("A").getextrema() == (0, 255)


def test_a_shadow_over_the_paper_is_no_ink() -> None:
    photo = ink_on_paper("L", (1600, 800), paper=200)
    shade = Image.linear_gradient("L").resize(photo.size).point(lambda value: 110 + value * 145 // 255)
    shaded = Image.composite(photo, Image.new("L", photo.size, 0), shade)
    alpha = redrawn(file_of(shaded, "JPEG", quality=90)).getchannel("A")
    assert alpha.histogram()[0] > alpha.width * alpha.height / 2


def test_a_transparent_ground_is_kept_as_it_is() -> None:
    picture = Image.new("RGBA", (400, 200), (0, 0, 0, 0))
    picture.paste((10, 90, 10, 128), (50, 50, 350, 150))
    found = redrawn(file_of(picture))
    assert found.size == (300, 100)
    assert found.getpixel((10, 10)) == (10, 90, 10, 128)


@pytest.mark.parametrize("size", [(3600, 1200), (600, 3000), (4000, 4000)])
def test_a_large_picture_becomes_as_small_as_is_kept(size: tuple[int, int]) -> None:
    picture = redrawn(file_of(ink_on_paper("L", size)))
    assert picture.width <= KEPT_WIDTH_PIXELS
    assert picture.height <= KEPT_HEIGHT_PIXELS


def test_a_picture_lying_on_its_side_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = QUARTER_TURN
    lying = ink_on_paper().rotate(90, expand=True)
    picture = redrawn(file_of(lying, "JPEG", exif=exif, quality=92))
    assert picture.width > picture.height


def test_statement_163_nothing_of_the_file_but_its_pixels_is_kept() -> None:
    exif = Image.Exif()
    exif.get_ifd(GPS)[1] = "N"
    exif[0x010E] = "CANARY in the description"
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", "CANARY in a text", zip=True)
    profile = b"CANARY" * 40
    for file in (
        file_of(ink_on_paper(), "JPEG", exif=exif, comment=b"CANARY", icc_profile=profile),
        file_of(ink_on_paper(), pnginfo=texts, exif=exif, icc_profile=profile, dpi=(300, 300)),
        file_of(ink_on_paper()) + b"CANARY behind the end",
    ):
        kept = redraw(file)
        assert b"CANARY" not in kept
        assert set(chunks(kept)) == {b"IHDR", b"IDAT", b"IEND"}


@pytest.mark.parametrize(
    "size", [(50_000, 50_000), (20_000, 9_000), (4_001, 4_000), (1, 16_000_001), (2**31 - 1, 2**31 - 1)]
)
def test_statement_141_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(PictureTooLarge):
        redraw(bomb(*size))


def test_a_jpeg_of_endless_scans_is_refused_before_it_is_decoded() -> None:
    file = file_of(ink_on_paper(), "JPEG", progressive=True)
    assert redraw(file)
    with pytest.raises(PictureTooLarge):
        redraw(file[:-2] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00" * PICTURE_MOST_SCANS + b"\xff\xd9")


@pytest.mark.parametrize("form", ["GIF", "BMP", "TIFF", "WEBP", "PPM", "ICO", "PDF"])
def test_other_kinds_of_picture_are_refused_whatever_they_are_called(form: str) -> None:
    with pytest.raises(PictureUnreadable):
        redraw(file_of(ink_on_paper(size=(64, 64)), form))


@pytest.mark.parametrize(
    "file", [b"", b"hello", SVG, b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%!PS-Adobe\n", bytes(5_000)]
)
def test_what_is_no_picture_is_refused(file: bytes) -> None:
    with pytest.raises(PictureUnreadable):
        redraw(file)


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_that_was_cut_off_is_refused(form: str) -> None:
    file = file_of(ink_on_paper("RGB", (900, 300)), form)
    for length in (30, len(file) // 3, 2 * len(file) // 3):
        with pytest.raises(PictureUnreadable):
            redraw(file[:length])


@pytest.mark.parametrize("size", [(1, 1), (15, 200), (200, 15)])
def test_a_picture_of_a_few_pixels_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(PictureTooSmall):
        redraw(file_of(Image.new("RGB", size)))


def on_nothing(ink: tuple[int, int, int]) -> Image.Image:
    """Return a stroke of a color on a transparent ground."""
    picture = Image.new("RGBA", (400, 200), (*ink, 0))
    picture.paste((*ink, 255), (50, 50, 350, 60))
    return picture


@pytest.mark.parametrize("ink", [(0, 0, 0), (255, 255, 0), (200, 200, 200)])
def test_ink_of_any_color_that_is_seen_on_paper_is_kept(ink: tuple[int, int, int]) -> None:
    assert redrawn(file_of(on_nothing(ink))).getpixel((5, 5)) == (*ink, 255)


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("L", (200, 100), 255),
        Image.new("L", (200, 100), 0),
        Image.new("RGBA", (90, 90)),
        on_nothing((255, 255, 255)),
        on_nothing((250, 250, 250)),
    ],
)
def test_a_picture_without_ink_is_refused(picture: Image.Image) -> None:
    with pytest.raises(PictureEmpty):
        redraw(file_of(picture))


def test_when_too_many_wait_one_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    places = BoundedSemaphore(1)
    monkeypatch.setattr("signatures.pictures._places", places)
    with places, pytest.raises(PictureBusy):
        redraw(file_of(ink_on_paper()))
    with pytest.raises(PictureUnreadable):
        redraw(b"")
    assert redraw(file_of(ink_on_paper()))


SMALL = {form: file_of(ink_on_paper("RGB", (60, 40)), form) for form in ("PNG", "JPEG")}


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    form=st.sampled_from(sorted(SMALL)),
    changes=st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_a_damaged_picture_is_redrawn_or_refused_and_nothing_else(form: str, changes: list[tuple[int, int]]) -> None:
    file = bytearray(SMALL[form])
    for at, value in changes:
        file[at % len(file)] = value
    try:
        kept = redraw(bytes(file))
    except PictureRefused:
        return
    assert set(chunks(kept)) == {b"IHDR", b"IDAT", b"IEND"}
