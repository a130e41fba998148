"""Say how one person wants dates, times and numbers, and keep it at hand for the length of a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Habits:
    """Hold what shapes every date, time and number that one person reads.

    Args:
        culture: BCP 47 tag with a territory, such as "fr-CA".
        zone: IANA name, such as "America/Toronto".
        hour_clock: "culture", "12" or "24".
        iso_dates: dates as 2026-11-21 instead of the way of the culture.
    """

    culture: str = "en-CA"
    zone: str = "America/Toronto"
    hour_clock: str = "culture"
    iso_dates: bool = False


_DEFAULT = Habits()
_active: ContextVar[Habits] = ContextVar("habits", default=_DEFAULT)


def activate(habits: Habits) -> None:
    """Let these habits shape what this thread or task formats from now on."""
    _active.set(habits)


def deactivate() -> None:
    """Return to the default habits, so that the next request of this thread does not inherit a person's."""
    _active.set(_DEFAULT)


def current() -> Habits:
    """Return the active habits, or the default ones."""
    return _active.get()


@contextmanager
def override(habits: Habits) -> Iterator[None]:
    """Format with these habits inside the block, as a mail or an export for somebody else needs."""
    token = _active.set(habits)
    try:
        yield
    finally:
        _active.reset(token)
