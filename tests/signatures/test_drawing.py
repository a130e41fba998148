"""What the page shows is the page that is stamped: vector strokes, letters of the font, a picture without ground."""

import io

import pypdfium2
import pytest
from PIL import Image, ImageChops

from signatures.choices import MarkKind
from signatures.contents import Content, Drawn, Typed, Uploaded, read_content, write_content
from signatures.drawing import PICTURE_PIXELS_PER_POINT, SIZES, Size, draw_page, draw_picture
from signatures.hands import HANDS, hand_for, letters_missing
from signatures.pictures import redraw
from signatures.strokes import read_strokes
from tests.signatures.making import WAVE, file_of, ink_on_paper

FRENCH = "ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆàâäçéèêëîïôöùûüÿœæ’'-. «»"
DRAWN, PICTURE = Drawn(read_strokes(WAVE)), Uploaded(redraw(file_of(ink_on_paper())))
CONTENTS: list[Content] = [DRAWN, PICTURE, *(Typed("Étienne Gagnon", hand) for hand in HANDS)]
SIGNATURE = SIZES[MarkKind.SIGNATURE]


def picture_of(content: Content, size: Size = SIGNATURE) -> Image.Image:
    return Image.open(io.BytesIO(draw_picture(content, size)))


def ink_box(picture: Image.Image) -> tuple[int, int, int, int]:
    box = ImageChops.invert(picture.convert("L")).point(lambda value: 255 if value > 40 else 0).getbbox()
    assert box, "nothing is drawn"
    return box


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("kind", MarkKind)
def test_every_mark_is_ink_inside_its_place(content: Content, kind: MarkKind) -> None:
    size = SIZES[kind]
    picture = picture_of(content, size)
    assert picture.size == tuple(round(points * PICTURE_PIXELS_PER_POINT) for points in (size.width, size.height))
    left, top, right, bottom = ink_box(picture)
    assert left > 0 and top > 0 and right < picture.width and bottom < picture.height  # noqa: PT018
    assert right - left > picture.width / 4


@pytest.mark.parametrize("text", ["fÉÀj", "ÇJ", "Q", "W" * 60, "Å. Œuvrard-Ÿg"])
@pytest.mark.parametrize("hand", HANDS)
def test_no_letter_is_cut_at_the_edge(hand: str, text: str) -> None:
    for size in SIZES.values():
        picture = picture_of(Typed(text, hand), size)
        left, top, right, bottom = ink_box(picture)
        assert left > 0 and top > 0 and right < picture.width and bottom < picture.height  # noqa: PT018


@pytest.mark.parametrize("content", CONTENTS)
def test_the_same_mark_gives_the_same_page(content: Content) -> None:
    assert draw_page(content, SIGNATURE) == draw_page(content, SIGNATURE)


@pytest.mark.parametrize("content", CONTENTS)
def test_the_page_has_the_size_of_the_place_and_no_ground(content: Content) -> None:
    with pypdfium2.PdfDocument(draw_page(content, Size(140, 50))) as document:
        assert len(document) == 1
        assert document[0].get_size() == (140, 50)
        on_green = document[0].render(fill_color=(0, 255, 0, 255)).to_pil().convert("RGB")
    assert on_green.getpixel((1, 1)) == (0, 255, 0)
    assert on_green.getpixel((138, 48)) == (0, 255, 0)


def test_a_drawing_is_kept_as_lines_not_as_pixels() -> None:
    with pypdfium2.PdfDocument(draw_page(DRAWN, SIGNATURE)) as document:
        kinds = {found.type for found in document[0].get_objects()}
    assert kinds == {pypdfium2.raw.FPDF_PAGEOBJ_PATH}


def test_a_drawing_keeps_its_proportions_and_is_upright() -> None:
    corner = Drawn(read_strokes("0,0 0,1000;0,1000 1000,1000"))  # an L
    picture = picture_of(corner).convert("L")
    left, top, right, bottom = ink_box(picture)
    assert abs((right - left) - (bottom - top)) <= 4
    assert picture.getpixel((left + 3, top + 20)) < 100  # type: ignore[operator]
    assert picture.getpixel((right - 3, top + 20)) > 250  # type: ignore[operator]


def test_a_dot_is_drawn() -> None:
    with_dot, without = (
        picture_of(Drawn(read_strokes(text))) for text in ("0,0 900,0;450,900", "0,0 900,0;0,900 0,900")
    )
    assert ink_box(with_dot)[3] > with_dot.height / 2
    assert ImageChops.difference(with_dot, without).getbbox()


@pytest.mark.parametrize("hand", HANDS)
def test_every_handwriting_has_the_letters_of_french(hand: str) -> None:
    assert letters_missing(FRENCH, hand) == ""
    assert letters_missing("日A本日", hand) == "日本"


@pytest.mark.parametrize(
    ("name", "hand"),
    [("Zoë Roy", "caveat"), ("محمد علي", "plain"), ("Дмитрий Ильин", "caveat"), ("王小明", "")],
)
def test_the_hand_offered_first_can_write_the_name(name: str, hand: str) -> None:
    assert hand_for(name) == hand


def test_some_hand_writes_every_name_of_vietnam() -> None:
    name = "Nguyễn Thị Phượng"
    assert hand_for(name)
    assert letters_missing(name, hand_for(name)) == ""


def test_plain_letters_are_joined_as_they_are_read() -> None:
    joined, apart = (ink_box(picture_of(Typed(text, "plain"))) for text in ("محمد", "م ح م د"))
    assert joined != apart


@pytest.mark.parametrize("content", CONTENTS)
def test_what_is_kept_is_read_again(content: Content) -> None:
    assert read_content(content.way, write_content(content)) == content


def test_what_a_mark_looks_like_is_in_no_log() -> None:
    assert "Gagnon" not in repr(Typed("Gagnon", "caveat"))
    assert "200" not in repr(DRAWN)
    assert "PNG" not in repr(PICTURE)
