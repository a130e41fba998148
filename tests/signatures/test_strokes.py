"""Strokes of the pad: numbers within bounds, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signatures.errors import DrawingRefused, DrawingTooLong, DrawingUnreadable, NothingDrawn
from signatures.limits import PAD_HEIGHT_STEPS, PAD_WIDTH_STEPS, POINTS_MOST, STROKES_MOST
from signatures.strokes import read_strokes, write_strokes
from tests.signatures.making import WAVE

POINTS = st.tuples(st.integers(0, PAD_WIDTH_STEPS), st.integers(0, PAD_HEIGHT_STEPS))
STROKES = st.lists(st.lists(POINTS, min_size=1, max_size=30).map(tuple), min_size=1, max_size=20).map(tuple)
WIDE = ((0, 0), (PAD_WIDTH_STEPS, PAD_HEIGHT_STEPS))


@given(STROKES)
def test_what_is_written_is_read_again(strokes: tuple[tuple[tuple[int, int], ...], ...]) -> None:
    drawn = (*strokes, WIDE)
    assert read_strokes(write_strokes(drawn)) == drawn


@given(st.text(alphabet='0123456789,; -.eE+\n[]{}"x\u0663', max_size=60))
def test_whatever_comes_is_strokes_within_the_pad_or_refused(text: str) -> None:
    try:
        strokes = read_strokes(text)
    except DrawingRefused:
        return
    assert write_strokes(strokes)
    assert all(0 <= x <= PAD_WIDTH_STEPS and 0 <= y <= PAD_HEIGHT_STEPS for stroke in strokes for x, y in stroke)


@pytest.mark.parametrize("text", ["", "  ", "5,5", "100,100;101,101", "0,0 39,39"])
def test_a_slip_of_the_pen_is_nothing_drawn(text: str) -> None:
    with pytest.raises(NothingDrawn):
        read_strokes(text)


@pytest.mark.parametrize(
    "text",
    [
        "3001,0 0,0", "0,1501 0,0", "-1,0 500,0", "1.5,0 500,0", "1e3,0 500,0", "NaN,0 500,0", "0,0 500", "0,0  500,0",
        "0,0 500,0;", ";0,0 500,0", "0,0 500,0\n", "[[0,0],[500,0]]", "data:image/png;base64,AAAA", "\u0661,0 500,0",
        "00001,0 500,0", "0,0 500,0 <svg>",
    ],
)  # fmt: skip
def test_anything_but_numbers_within_the_pad_is_unreadable(text: str) -> None:
    with pytest.raises(DrawingUnreadable):
        read_strokes(text)


def test_strokes_and_points_are_bounded() -> None:
    most = ";".join(["0,0 500,0"] * STROKES_MOST)
    assert len(read_strokes(most)) == STROKES_MOST
    longest = " ".join(["0,0", *["500,0"] * (POINTS_MOST - 1)])
    assert len(read_strokes(longest)[0]) == POINTS_MOST
    for text in (f"{most};0,0", f"{longest} 0,0", "1234567890" * 1_000_000):
        with pytest.raises(DrawingTooLong):
            read_strokes(text)


def test_the_texts_of_tests_are_drawings() -> None:
    assert len(read_strokes(WAVE)) == 2
