"""The stretches of days that statistics compare: thirty days, twelve weeks, twelve months, each with the one before."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from messaging.activity.limits import DAYS_COMPARED, MONTHS_COMPARED, WEEKS_COMPARED


class Grain(TextChoices):
    """By what a period is divided."""

    DAY = "day", _("30 days")
    WEEK = "week", _("12 weeks")
    MONTH = "month", _("12 months")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days in a row, both ends included."""

    first_on: date
    last_on: date

    def holds(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return self.first_on <= day <= self.last_on


def stretches(grain: Grain, today: date) -> tuple[list[Stretch], list[Stretch]]:
    """Return the stretches of a period that ends today, and those of the period before, oldest first."""
    count = {Grain.DAY: DAYS_COMPARED, Grain.WEEK: WEEKS_COMPARED, Grain.MONTH: MONTHS_COMPARED}[grain]
    begins = [_begin(grain, today, back) for back in range(2 * count - 1, -1, -1)]
    ends = [*(begin - timedelta(days=1) for begin in begins[1:]), today]
    whole = [Stretch(first_on, last_on) for first_on, last_on in zip(begins, ends, strict=True)]
    return whole[count:], whole[:count]


def _begin(grain: Grain, today: date, back: int) -> date:
    """Return the first day of the stretch that lies so many before the present one; a week begins on Monday."""
    if grain is Grain.DAY:
        return today - timedelta(days=back)
    if grain is Grain.WEEK:
        return today - timedelta(days=today.weekday() + 7 * back)
    months = today.year * 12 + today.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)
