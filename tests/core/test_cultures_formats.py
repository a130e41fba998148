"""What holds for every culture, and the habits that stand above it."""

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cultures import (
    Habits,
    format_date,
    format_instant,
    format_month,
    format_number,
    format_offset,
    format_size,
    format_time,
    list_separator,
)
from core.cultures.naming import culture_ids

NBSP = "\u00a0"
AT = datetime(2026, 11, 21, 15, 30, 5, tzinfo=UTC)
DAY = datetime(2026, 11, 12, tzinfo=UTC)
CULTURES = sorted(culture_ids())


def has_only_latin_digits(text: str) -> bool:
    return all(sign in "0123456789" for sign in text if unicodedata.category(sign) == "Nd")


def test_there_are_some_seven_hundred_cultures() -> None:
    assert len(CULTURES) > 700


def test_every_culture_writes_the_gregorian_year_in_latin_digits() -> None:
    written = {culture: format_instant(AT, habits=Habits(culture), seconds=True) for culture in CULTURES}

    assert [culture for culture, text in written.items() if "2026" not in text] == []
    assert [culture for culture, text in written.items() if not has_only_latin_digits(text)] == []
    assert [culture for culture, text in written.items() if "unknown" in text.casefold() or "∅" in text] == []


def test_every_culture_writes_numbers_in_latin_digits() -> None:
    written = {culture: format_number(1234.5, habits=Habits(culture)) for culture in CULTURES}

    assert [culture for culture, text in written.items() if not has_only_latin_digits(text) or "1" not in text] == []


@pytest.mark.parametrize("seconds", [False, True])
@pytest.mark.parametrize("clock", ["culture", "12", "24"])
def test_no_culture_writes_two_hours_of_a_day_alike(clock: str, seconds: bool) -> None:
    hours = [DAY + timedelta(hours=hour, minutes=5) for hour in range(24)]

    def distinct(culture: str) -> int:
        habits = Habits(culture, "UTC", hour_clock=clock)
        return len({format_time(at, habits=habits, seconds=seconds) for at in hours})

    assert {culture: distinct(culture) for culture in CULTURES if distinct(culture) != 24} == {}


def test_every_culture_writes_minutes_with_two_digits_and_breaks_no_line_inside_a_time() -> None:
    times = {culture: format_time(DAY + timedelta(minutes=5), habits=Habits(culture, "UTC")) for culture in CULTURES}

    assert [culture for culture, text in times.items() if "05" not in text] == []
    assert [culture for culture, text in times.items() if {" ", "\u202f", "\u2009", "#"} & set(text)] == []


@pytest.mark.parametrize(
    ("culture", "clock", "time"),
    [
        ("fr-CA", "24", "14~h~05"),
        ("fr-CA", "12", "2~h~05~p.m."),
        ("en-CA", "24", "14:05"),
        ("en-CA", "12", "2:05~p.m."),
        ("de-CH", "12", "2:05~PM"),
        ("ja-JP", "12", "午後2:05"),
        ("fr-CM", "12", "2:05~soir"),
        ("es-AR", "12", "2:05~p.~m."),
        ("yo-NG", "culture", "14:05"),
        ("tok-001", "12", "2:05~PM"),
        ("en-CA", "13", "2:05~p.m."),
    ],
)
def test_the_hour_clock_stands_above_the_culture(culture: str, clock: str, time: str) -> None:
    habits = Habits(culture, "UTC", hour_clock=clock)

    assert format_time(DAY.replace(hour=14, minute=5), habits=habits) == time.replace("~", NBSP)


@pytest.mark.parametrize(
    ("culture", "clock", "text"),
    [
        ("fr-CA", "culture", "2026-11-21, 10:30"),
        ("fr-CA", "12", "2026-11-21, 10~h~30~a.m."),
        ("en-CA", "culture", "2026-11-21, 10:30~a.m."),
        ("en-CA", "24", "2026-11-21, 10:30"),
        ("ar-EG", "24", "2026-11-21, 10:30"),
    ],
)
def test_iso_dates_stand_above_the_culture_and_the_time_follows_the_clock(culture: str, clock: str, text: str) -> None:
    habits = Habits(culture, hour_clock=clock, iso_dates=True)

    assert format_instant(AT, habits=habits) == text.replace("~", NBSP)
    assert format_date(AT, habits=habits) == "2026-11-21"


def test_iso_times_have_two_digits_and_seconds_on_request() -> None:
    habits = Habits("fr-CA", "UTC", iso_dates=True)

    assert format_time(DAY.replace(hour=9, minute=5, second=7), habits=habits, seconds=True) == "09:05:07"


def test_seconds_show_only_on_request() -> None:
    habits = Habits("fr-CA")

    assert format_instant(AT, habits=habits) == f"21 novembre 2026, 10{NBSP}h{NBSP}30"
    assert format_instant(AT, habits=habits, seconds=True).endswith("10~h~30~min~05~s".replace("~", NBSP))


def test_a_calendar_day_is_no_instant_and_does_not_move_with_the_zone() -> None:
    assert format_date(date(2026, 11, 21), habits=Habits("en-CA", "Pacific/Kiritimati")) == "November 21, 2026"


def test_an_instant_is_the_day_it_has_in_the_zone() -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)

    assert format_date(late, habits=Habits("en-CA", "Asia/Kolkata")) == "November 22, 2026"


@pytest.mark.parametrize(
    ("culture", "month"),
    [
        ("en-CA", "November 2026"),
        ("fr-CA", "novembre 2026"),
        ("es-MX", "noviembre de 2026"),
        ("cs-CZ", "listopad 2026"),
        ("ja-JP", "2026年11月"),
    ],
)
def test_a_month_is_written_without_a_day(culture: str, month: str) -> None:
    assert format_month(date(2026, 11, 1), habits=Habits(culture)) == month


def test_every_culture_names_twelve_months_of_the_gregorian_year() -> None:
    def distinct(culture: str) -> set[str]:
        return {format_month(date(2026, month, 1), habits=Habits(culture)) for month in range(1, 13)}

    written = {culture: distinct(culture) for culture in CULTURES}

    assert [culture for culture, months in written.items() if len(months) != 12] == []
    assert [culture for culture, months in written.items() if any("2026" not in month for month in months)] == []


def test_a_month_among_iso_dates_is_one_itself() -> None:
    assert format_month(date(2026, 11, 21), habits=Habits("fr-CA", iso_dates=True)) == "2026-11"


@pytest.mark.parametrize("write", [format_instant, format_date, format_time])
def test_a_naive_instant_is_refused(write: object) -> None:
    assert callable(write)
    with pytest.raises(ValueError, match="time zone"):
        write(datetime(2026, 11, 21, 10, 30))


def test_a_culture_or_zone_that_no_longer_exists_does_not_stop_a_page() -> None:
    assert format_instant(AT, habits=Habits("xx-YY", "Mars/Olympus")) == f"November 21, 2026, 3:30{NBSP}p.m."


@pytest.mark.parametrize(
    ("zone", "month", "offset"),
    [
        ("America/Toronto", 1, "UTC−05:00"),
        ("America/Toronto", 7, "UTC−04:00"),
        ("America/St_Johns", 1, "UTC−03:30"),
        ("Asia/Kolkata", 1, "UTC+05:30"),
        ("UTC", 1, "UTC+00:00"),
    ],
)
def test_offsets_are_those_of_the_instant(zone: str, month: int, offset: str) -> None:
    assert format_offset(datetime(2026, month, 1, tzinfo=UTC), habits=Habits(zone=zone)) == offset


@pytest.mark.parametrize(
    ("size_bytes", "english", "french"),
    [
        (0, "0~bytes", "0~octet"),
        (1, "1~byte", "1~octet"),
        (2, "2~bytes", "2~octets"),
        (999, "999~bytes", "999~octets"),
        (1_000, "1~KB", "1~ko"),
        (1_050, "1.1~KB", "1,1~ko"),
        (999_949, "999.9~KB", "999,9~ko"),
        (999_950, "1~MB", "1~Mo"),
        (25_000_000, "25~MB", "25~Mo"),
        (2_500_000_000, "2.5~GB", "2,5~Go"),
        (3_000_000_000_000, "3~TB", "3~To"),
        (4_500_000_000_000_000, "4,500~TB", "4~500~To"),
    ],
)
def test_sizes_are_decimal_in_the_unit_of_the_language(size_bytes: int, english: str, french: str) -> None:
    in_english = format_size(size_bytes, language="en", habits=Habits("en-CA"))
    in_french = format_size(size_bytes, language="fr-ca", habits=Habits("fr-CA"))

    assert (in_english, in_french) == (english.replace("~", NBSP), french.replace("~", NBSP))


def test_a_size_takes_its_number_from_the_culture_and_its_unit_from_the_language() -> None:
    assert format_size(2_500_000_000, language="en", habits=Habits("fr-CA")) == f"2,5{NBSP}GB"


@given(st.integers(min_value=0, max_value=10**18))
def test_a_size_never_shows_a_thousand_of_a_smaller_unit(size_bytes: int) -> None:
    amount, _, unit = format_size(size_bytes, language="en", habits=Habits("en-CA")).partition(NBSP)

    assert unit == "TB" or float(amount) < 1000


@pytest.mark.parametrize(
    ("culture", "separator"),
    [("en-CA", ","), ("en-US", ","), ("de-CH", ","), ("ar-EG", ","), ("fr-CA", ";"), ("fr-CH", ";"), ("de-DE", ";")],
)
def test_cells_are_separated_by_a_semicolon_where_a_comma_separates_tenths(culture: str, separator: str) -> None:
    assert list_separator(habits=Habits(culture)) == separator
