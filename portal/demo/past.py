"""Acts that have happened by now, one after the other in the order of time."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

from core.mail import mails_of_the_past

Act = Callable[[datetime], object]


class Past:
    """Acts that wait for their instant; each may plan others, and what lies ahead of the present never happens.

    Args:
        now: aware instant.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._order = count()
        self._waiting: list[tuple[datetime, int, Act]] = []

    def plan(self, at: datetime, act: Act) -> None:
        """Let an act happen at an aware instant, if that is not ahead."""
        if at < self.now:
            heapq.heappush(self._waiting, (at, next(self._order), act))

    def happen(self) -> None:
        """Do everything that was planned, and what is planned meanwhile; nobody is mailed."""
        with mails_of_the_past():
            while self._waiting:
                at, _order, act = heapq.heappop(self._waiting)
                act(at)
