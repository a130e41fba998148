"""Habits belong to one request, in one thread."""

from collections.abc import Iterator
from threading import Thread

import pytest

from core.cultures import Habits, activate, current, deactivate, format_number, override

SWISS = Habits("de-CH", "Europe/Zurich", "24")
QUEBEC = Habits("fr-CA")


@pytest.fixture(autouse=True)
def _nobody_is_active() -> Iterator[None]:
    deactivate()
    yield
    deactivate()


def test_the_default_habits_hold_until_somebody_is_active() -> None:
    assert current() == Habits("en-CA", "America/Toronto", "culture", False)


def test_activated_habits_shape_what_is_written() -> None:
    activate(SWISS)

    assert current() == SWISS
    assert format_number(1234.5) == "1’234.5"


def test_given_habits_stand_above_the_active_ones() -> None:
    activate(SWISS)

    assert format_number(1234.5, habits=Habits("en-CA")) == "1,234.5"


def test_deactivating_returns_to_the_default() -> None:
    activate(SWISS)
    deactivate()

    assert current() == Habits()


def test_an_override_ends_with_its_block_even_on_an_error() -> None:
    seen: list[Habits] = []

    def fail_inside() -> None:
        with override(QUEBEC):
            seen.append(current())
            raise KeyError

    activate(SWISS)
    with pytest.raises(KeyError):
        fail_inside()

    assert seen == [QUEBEC]
    assert current() == SWISS


def test_overrides_nest() -> None:
    with override(SWISS):
        with override(QUEBEC):
            pass
        assert current() == SWISS


def test_one_thread_does_not_see_the_habits_of_another() -> None:
    seen: list[Habits] = []
    activate(SWISS)
    thread = Thread(target=lambda: seen.append(current()))
    thread.start()
    thread.join()

    assert seen == [Habits()]
