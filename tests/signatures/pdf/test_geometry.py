"""Places as seen and places in user space: the same corners, however a page is turned and cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signatures.pdf.geometry import Box, Matrix, PageSize, Rectangle, to_user_space

CROP = Rectangle(100, 200, 400, 700)  # 300 wide and 500 high
BOX = Box(10, 20, 50, 30)


def placed(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


@pytest.mark.parametrize(
    ("rotation", "lower_left", "upper_right"),
    [
        (0, (110, 650), (160, 680)),
        (90, (150, 210), (120, 260)),
        (180, (390, 250), (340, 220)),
        (270, (350, 690), (380, 640)),
        (360, (110, 650), (160, 680)),
        (-90, (350, 690), (380, 640)),
    ],
)
def test_a_box_stands_where_it_is_seen(
    rotation: int, lower_left: tuple[float, float], upper_right: tuple[float, float]
) -> None:
    matrix = to_user_space(BOX, CROP, rotation)
    assert placed(matrix, 0, 0) == lower_left
    assert placed(matrix, BOX.width, BOX.height) == upper_right


@pytest.mark.parametrize(
    ("rotation", "size"), [(0, (300, 500)), (90, (500, 300)), (180, (300, 500)), (-90, (500, 300))]
)
def test_a_page_has_the_size_that_is_seen(rotation: int, size: tuple[float, float]) -> None:
    assert CROP.size_as_seen(rotation) == PageSize(*size)


points = st.floats(-1000, 1000)
sides = st.floats(1, 1000)


@given(left=points, bottom=points, width=sides, height=sides, rotation=st.sampled_from([0, 90, 180, 270]))
def test_the_whole_page_is_a_box_that_fills_its_crop_box(
    left: float, bottom: float, width: float, height: float, rotation: int
) -> None:
    crop = Rectangle(left, bottom, left + width, bottom + height)
    size = crop.size_as_seen(rotation)
    matrix = to_user_space(Box(0, 0, size.width, size.height), crop, rotation)
    corners = [placed(matrix, x, y) for x in (0, size.width) for y in (0, size.height)]
    across, up = zip(*corners, strict=True)
    assert (min(across), min(up), max(across), max(up)) == pytest.approx(
        (crop.left, crop.bottom, crop.right, crop.top), abs=1e-6
    )


@given(rotation=st.sampled_from([0, 90, 180, 270]), left=sides, top=sides, width=sides, height=sides)
def test_nothing_is_stretched_or_mirrored(rotation: int, left: float, top: float, width: float, height: float) -> None:
    a, b, c, d, _e, _f = to_user_space(Box(left, top, width, height), CROP, rotation)
    assert a * d - b * c == 1
    assert a * a + b * b == 1
