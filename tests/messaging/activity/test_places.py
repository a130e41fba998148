"""Places in a sorted list, as they stand in an address."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from messaging.activity.places import Place

INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2286, 1, 1), timezones=st.just(UTC))


@given(INSTANTS, st.integers(0, 10**18 - 1))
def test_a_place_is_read_as_it_was_written(at: datetime, key: int) -> None:
    assert Place.from_text(Place(at, key).to_text()) == Place(at, key)


@given(st.text())
def test_any_other_text_is_no_place_or_a_whole_one(text: str) -> None:
    place = Place.from_text(text)
    assert place is None or Place.from_text(place.to_text()) == place
