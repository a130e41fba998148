"""A country whose codes are not typed stops, is told of once, and goes on when it is better or is let."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from core.db import database_now
from core.models.sms import CountryStop, Text
from core.sms.errors import StopOver, TextsPaused
from core.sms.limits import (
    CONFIRMATION_GRACE_SECONDS,
    COUNTRY_STOPS_ABOVE_TEXTS,
    COUNTRY_WATCHED_SECONDS,
)
from core.sms.stops import let_go_on, refuse_stopped_country, watch_countries
from tests.core.sms.builders import make_text

pytestmark = pytest.mark.django_db

told: list[CountryStop] = []


@pytest.fixture(autouse=True)
def _listener(settings: Settings) -> None:
    told.clear()
    settings.COUNTRY_STOP_STEPS = ["tests.core.sms.test_stops.remember"]


def pump(count: int = COUNTRY_STOPS_ABOVE_TEXTS + 1, age_seconds: int = 600) -> None:
    """Make codes to Canada that nobody typed."""
    for _ in range(count):
        make_text(age_seconds=age_seconds)


@pytest.mark.parametrize(
    ("confirmed", "unconfirmed", "is_stopped"),
    [
        (0, COUNTRY_STOPS_ABOVE_TEXTS, False),
        (0, COUNTRY_STOPS_ABOVE_TEXTS + 1, True),
        (5, 16, True),
        (6, 15, False),
        (25, 75, False),
        (24, 76, True),
    ],
)
def test_a_country_stops_when_too_few_of_many_codes_were_typed(
    confirmed: int, unconfirmed: int, is_stopped: bool, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(confirmed):
        make_text(is_confirmed=True)
    for _ in range(unconfirmed):
        make_text(age_seconds=CONFIRMATION_GRACE_SECONDS)
    try:
        refuse_stopped_country("CA")
        was_stopped = False
    except TextsPaused:
        was_stopped = True
    assert was_stopped is is_stopped
    assert ("sms.country_stopped" in caplog.messages) is is_stopped
    refuse_stopped_country("FR")


@pytest.mark.parametrize(
    "text",
    [
        {"age_seconds": COUNTRY_WATCHED_SECONDS + 1},
        {"age_seconds": CONFIRMATION_GRACE_SECONDS - 10},
        {"age_seconds": 600, "is_code": False},
        {"age_seconds": 600, "region": "US"},
    ],
)
def test_old_fresh_codeless_and_foreign_texts_say_nothing_about_a_country(text: dict[str, int | str]) -> None:
    for _ in range(COUNTRY_STOPS_ABOVE_TEXTS + 5):
        make_text(**text)  # type: ignore[arg-type]
    refuse_stopped_country("CA")


def test_codes_that_never_left_say_nothing_about_a_country() -> None:
    pump()
    Text.objects.update(state=Text.State.FAILED, error_code="off")
    refuse_stopped_country("CA")


def test_a_stop_is_written_down_and_told_once() -> None:
    pump()
    make_text(is_confirmed=True)
    for _look in range(3):
        watch_countries(database_now())
    (stop,) = told
    assert (stop.region, stop.sent, stop.confirmed) == ("CA", COUNTRY_STOPS_ABOVE_TEXTS + 2, 1)
    assert CountryStop.objects.get().ended_at is None


def test_a_country_that_is_well_is_not_told_of() -> None:
    pump(COUNTRY_STOPS_ABOVE_TEXTS)
    watch_countries(database_now())
    assert not told
    assert not CountryStop.objects.exists()


def test_a_stop_that_could_not_be_told_is_not_written_down(settings: Settings) -> None:
    settings.COUNTRY_STOP_STEPS = ["tests.core.sms.test_stops.fail"]
    pump()
    with pytest.raises(ZeroDivisionError):
        watch_countries(database_now())
    assert not CountryStop.objects.exists()


def remember(stop: CountryStop) -> None:
    """Stand in for whoever is told."""
    told.append(stop)


def fail(stop: CountryStop) -> None:
    """Stand in for a step that breaks."""
    raise ZeroDivisionError


def test_a_stop_ends_by_itself_and_the_next_one_is_told_again() -> None:
    pump()
    watch_countries(database_now())
    watch_countries(database_now() + timedelta(seconds=COUNTRY_WATCHED_SECONDS))
    stop = CountryStop.objects.get()
    assert stop.ended_at is not None
    assert not stop.is_let_go_on
    pump()
    watch_countries(database_now())
    assert [one.region for one in told] == ["CA", "CA"]


def test_a_country_that_is_let_go_on_begins_anew() -> None:
    pump()
    watch_countries(database_now())
    with pytest.raises(TextsPaused):
        refuse_stopped_country("CA")
    let_go_on(stop=CountryStop.objects.get())
    refuse_stopped_country("CA")
    watch_countries(database_now())
    assert len(told) == 1
    with pytest.raises(StopOver):
        let_go_on(stop=CountryStop.objects.get())


def test_a_country_that_was_let_go_on_stops_again_when_it_is_pumped_again() -> None:
    pump()
    watch_countries(database_now())
    let_go_on(stop=CountryStop.objects.get())
    CountryStop.objects.update(ended_at=database_now() - timedelta(seconds=CONFIRMATION_GRACE_SECONDS + 60))
    pump(age_seconds=CONFIRMATION_GRACE_SECONDS + 10)
    with pytest.raises(TextsPaused):
        refuse_stopped_country("CA")
