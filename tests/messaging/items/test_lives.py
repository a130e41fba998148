"""How long an item can live, in words."""

import pytest

from messaging.items.lives import life_in_words, lives_offered


@pytest.mark.parametrize(("hours", "words"), [(1, "1 hour"), (30, "30 hours"), (24, "1 day"), (168, "7 days")])
def test_hours_become_days_where_they_are_whole_ones(hours: int, words: str) -> None:
    assert life_in_words(hours) == words


@pytest.mark.parametrize("longest", [1, 5, 720, 24 * 365])
def test_nothing_longer_than_allowed_is_offered_and_the_longest_is(longest: int) -> None:
    hours = [life for life, _words in lives_offered(longest)]
    assert hours == sorted(set(hours))
    assert hours[-1] == longest
