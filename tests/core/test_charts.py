"""Charts drawn on the server: well-formed, without a style, and true to their numbers."""

import re
from xml.etree.ElementTree import fromstring

from hypothesis import given
from hypothesis import strategies as st

from core.charts import HEIGHT, INTERVALS, WIDTH, bar_chart, top_of

NUMBERS = st.lists(st.integers(0, 10**13), min_size=1, max_size=40)


@given(st.integers(0, 10**15))
def test_the_top_is_round_and_holds_the_greatest_value(greatest: int) -> None:
    top = top_of(greatest)
    assert top >= max(greatest, INTERVALS)
    assert top % INTERVALS == 0
    assert greatest <= INTERVALS or top <= 2.5 * greatest
    assert len(str(top).rstrip("0")) <= 2


@given(NUMBERS)
def test_each_bar_is_as_high_as_its_number(bars: list[int]) -> None:
    chart = bar_chart(bars, bars, sentence="<Bars>", is_last_open=False)
    drawing = fromstring(chart.svg)
    found = [float(bar.get("height", "")) for bar in drawing.iter("rect")]
    assert found == [round(HEIGHT - round(HEIGHT - HEIGHT * bar / chart.steps[0], 1), 1) for bar in bars if bar]
    assert all(float(bar.get("x", "")) + float(bar.get("width", "")) <= WIDTH for bar in drawing.iter("rect"))
    assert drawing.get("aria-label") == "<Bars>"
    assert "style" not in chart.svg


def test_the_last_bar_is_paler_while_it_may_grow() -> None:
    chart = bar_chart([1, 2, 3], [3, 2, 1], sentence="", is_last_open=True)
    assert re.findall(r'<rect class="([^"]*)"', chart.svg) == ["bar", "bar", "bar is-partial"]
    assert (chart.steps, chart.marks) == ((4, 3, 2, 1, 0), (0, 1, 2))
    assert 'class="line" d="M150.0 50.0L450.0 100.0L750.0 150.0"' in chart.svg


def test_nothing_draws_an_empty_ground() -> None:
    chart = bar_chart([0] * 30, [0] * 30, sentence="", is_last_open=True)
    assert "<rect" not in chart.svg
    assert chart.marks == (0, 7, 14, 22, 29)
