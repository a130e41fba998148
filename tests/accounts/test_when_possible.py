"""From when on a refused act is possible: on a clock that is named, never a minute too early."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation

from accounts.views.answers import when_possible
from core import cultures
from core.cultures import Habits

NOW = datetime(2026, 11, 30, 23, 50, 10, tzinfo=ZoneInfo("America/Toronto"))


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("wait", "english", "french"),
    [
        (timedelta(seconds=50), "at 11:51 p.m. (UTC−05:00)", "à 23 h 51 (UTC−05:00)"),
        (timedelta(seconds=51), "at 11:52 p.m. (UTC−05:00)", "à 23 h 52 (UTC−05:00)"),
        (
            timedelta(days=1),
            "on December 1, 2026 at 11:51 p.m. (UTC−05:00)",
            "le 1er décembre 2026 à 23 h 51 (UTC−05:00)",
        ),
    ],
)
def test_a_wait_ends_at_a_full_minute_of_a_named_clock(wait: timedelta, english: str, french: str) -> None:
    for language, culture, said in (("en", "en-CA", english), ("fr", "fr-CA", french)):
        with translation.override(language), cultures.override(Habits(culture, "America/Toronto")):
            assert when_possible(NOW + wait).replace("\u00a0", " ") == said
