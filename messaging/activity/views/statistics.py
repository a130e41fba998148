"""What somebody's items add up to, drawn and in words."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import cultures
from core.charts import Chart, bar_chart
from core.cultures.places import zone_info
from messaging.activity.access.months import month_figures
from messaging.activity.access.statistics import Figures, figures_of, sums
from messaging.activity.choices import Figure, Part
from messaging.activity.periods import Grain, stretches
from messaging.activity.views.parts import PART, Segment

BY = "by"
DRAWN = (Figure.MESSAGES, Figure.OPENINGS)
FIRST_COLUMN = {Grain.DAY: _("Day"), Grain.WEEK: _("Week from"), Grain.MONTH: _("Month")}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart with its words.

    Args:
        steps, marks: what stands beside and below it.
        lines: its table, newest first: name of the stretch, its number, the number of the stretch before.
    """

    id: str
    title: str
    chart: Chart
    steps: list[str]
    marks: list[str]
    lines: list[tuple[str, str, str]]


def statistics_of(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return what the page of statistics shows."""
    now = timezone.now()
    month = month_figures(user=user, at=now)
    asked = request.GET.get(BY)
    grain = next((grain for grain in Grain if grain == asked), Grain.DAY)
    today = now.astimezone(zone_info(user.time_zone)).date()
    present, past = stretches(grain, today)
    figures = figures_of(owner=user, stretches=[*past, *present], today=today, has_totals=month.has_totals)
    before, now_figures = figures[: len(past)], figures[len(past) :]
    name = cultures.format_month if grain is Grain.MONTH else cultures.format_date
    names = [name(stretch.first_on) for stretch in present]
    return {
        "month": month,
        "grain": grain,
        "grains": [Segment(one.label, _address(one), one is grain) for one in Grain],
        "tiles": _tiles(sums(now_figures), sums(before)),
        "drawings": [_drawing(figure, names, now_figures, before) for figure in DRAWN],
        "first_column": FIRST_COLUMN[grain],
        "columns": [{"label": FIRST_COLUMN[grain]}, *({"label": figure.label, "class": "n"} for figure in Figure)],
        "lines": [
            (name, [(figure.label, _written(figure, one[figure])) for figure in Figure])
            for name, one in list(zip(names, now_figures, strict=True))[::-1]
        ],
    }


def _address(grain: Grain) -> str:
    return f"{reverse('activity:log')}?{PART}={Part.STATISTICS}&{BY}={grain}"


def _tiles(present: Figures, before: Figures) -> list[tuple[str, str, str]]:
    """Return label, value and the value before of each figure."""
    return [
        (
            str(figure.label),
            _written(figure, present[figure]),
            gettext("before: %(value)s") % {"value": _written(figure, before[figure])},
        )
        for figure in Figure
    ]


def _drawing(figure: Figure, names: list[str], present: list[Figures], before: list[Figures]) -> Drawing:
    bars, line = [one[figure] for one in present], [one[figure] for one in before]
    sentence = gettext("%(figure)s: between %(least)s and %(most)s. The table below holds the numbers.")
    said = {"figure": figure.label, "least": _written(figure, min(bars)), "most": _written(figure, max(bars))}
    chart = bar_chart(bars, line, sentence=sentence % said, is_last_open=True)
    values = zip(names, bars, line, strict=True)
    return Drawing(
        id=f"chart-{figure}",
        title=str(figure.label),
        chart=chart,
        steps=[_written(figure, step) for step in chart.steps],
        marks=[names[mark] for mark in chart.marks],
        lines=[(name, _written(figure, bar), _written(figure, past)) for name, bar, past in values][::-1],
    )


def _written(figure: Figure, value: int) -> str:
    if figure is Figure.SIZE:
        return cultures.format_size(value, language=get_language() or "en")
    return cultures.format_number(value)
