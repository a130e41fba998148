"""Draw charts on the server as SVG: places are attributes, colors are classes, words stand in HTML beside them.

Nothing in a page may carry a style of its own, so the style sheet stretches the drawing to its place. No number is part
of it: words keep their size on a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from core.markup import element

WIDTH, HEIGHT = 900, 200
INTERVALS = 4
MARKS_BELOW = 5
_BAR_PART = 0.64


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one period, with the line of the period before.

    Args:
        steps: what the lines across stand for, from the top down to 0.
        marks: places of the bars that are named below, from left to right.
    """

    svg: SafeString
    steps: tuple[int, ...]
    marks: tuple[int, ...]


def bar_chart(bars: Sequence[int], before: Sequence[int], *, sentence: str, is_last_open: bool) -> Chart:
    """Return a chart.

    Args:
        bars: at least one, none negative.
        before: as many, drawn as a line.
        sentence: what the drawing shows, for those who do not see it.
        is_last_open: the last bar may still grow, and is drawn paler.
    """
    top = top_of(max(*bars, *before))
    drawing = element(
        "svg",
        {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "preserveAspectRatio": "none", "role": "img", "aria-label": sentence},
        *(_across(n) for n in range(INTERVALS + 1)),
        *(_bar(n, value, len(bars), top, is_last_open=is_last_open) for n, value in enumerate(bars) if value),
        element("path", {"class": "halo", "d": _line(before, top)}),
        element("path", {"class": "line", "d": _line(before, top)}),
    )
    steps = tuple(top * n // INTERVALS for n in range(INTERVALS, -1, -1))
    marks = sorted({round(n * (len(bars) - 1) / (MARKS_BELOW - 1)) for n in range(MARKS_BELOW)})
    return Chart(drawing, steps, tuple(marks))


def top_of(greatest: int) -> int:
    """Return the round number at the top of a chart: at least the greatest value, and a multiple of the intervals."""
    size = 1
    while True:
        for step in (1, 2, 3, 5):
            if step * size * INTERVALS >= greatest:
                return step * size * INTERVALS
        size *= 10


def _across(n: int) -> SafeString:
    return element(
        "path", {"class": "axis" if n == INTERVALS else "grid-line", "d": f"M0 {_y(INTERVALS - n, INTERVALS)}H{WIDTH}"}
    )


def _bar(n: int, value: int, count: int, top: int, *, is_last_open: bool) -> SafeString:
    slot, y = WIDTH / count, _y(value, top)
    width = round(slot * _BAR_PART, 1)
    classes = "bar is-partial" if is_last_open and n == count - 1 else "bar"
    place = {"x": round(n * slot + (slot - width) / 2, 1), "y": y, "width": width, "height": round(HEIGHT - y, 1)}
    return element("rect", {"class": classes, **place})


def _line(values: Sequence[int], top: int) -> str:
    slot = WIDTH / len(values)
    return "M" + "L".join(f"{round((n + 0.5) * slot, 1)} {_y(value, top)}" for n, value in enumerate(values))


def _y(value: int, top: int) -> float:
    return round(HEIGHT - HEIGHT * value / top, 1)
