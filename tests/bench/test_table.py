"""The figures of the benchmark say what they should."""

import pytest

from tests.bench.table import Goal, Measured, Spread, judged, lines, speed, verdict

GOAL = Goal(must=0.7, aim=1.0)
BARE = Measured("/page/", [0.008, 0.010, 0.012, 0.010], 20_000)


def test_a_page_that_takes_twice_as_long_has_half_the_speed() -> None:
    slow = Measured("/slow/", [2 * second for second in BARE.seconds], 1)
    assert speed(slow, BARE) == Spread(0.5, 0.5, 0.5)


def test_speed_is_taken_round_by_round_so_that_a_slow_moment_hits_both_alike() -> None:
    bare = Measured("/page/", [0.010, 0.010, 0.100, 0.100], 1)
    page = Measured("/account/", [0.010, 0.010, 0.100, 0.100], 1)
    assert speed(page, bare) == Spread(1, 1, 1)


def test_a_page_asked_in_turn_with_the_bare_one_is_held_beside_those_answers() -> None:
    page = Measured("/account/", [0.020, 0.020, 0.020], 1, beside=[0.010, 0.010, 0.010])
    assert speed(page, BARE) == Spread(0.5, 0.5, 0.5)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Spread(0.9, 1.0, 1.1), "aim reached"),
        (Spread(0.6, 0.7, 0.8), "reached"),
        (Spread(0.5, 0.6, 0.7), "in doubt: measure again"),
        (Spread(0.5, 0.6, 0.69), "missed"),
    ],
)
def test_a_goal_is_missed_only_where_the_middle_half_lies_below_it(found: Spread, said: str) -> None:
    assert verdict(found, GOAL) == said


def test_the_table_names_each_page_with_its_speed_and_goal() -> None:
    account = Measured("/account/", [2 * second for second in BARE.seconds], 110_000, GOAL)
    head, bare, page = lines(BARE, [account])
    assert [bare.split()[0], page.split()[0]] == ["/page/", "/account/"]
    assert "1.00 – 1.00" in bare
    assert "0.50 – 0.50" in page
    assert page.endswith("0.70, aim 1.00: missed")
    assert len(head.split("  goal")[0]) == len(bare)


def test_a_spread_is_printed_with_its_goal_and_whether_that_is_reached() -> None:
    assert judged(Spread(0.6, 0.7, 0.8), GOAL) == "0.70 (quartiles 0.60 – 0.80); goal 0.70, aim 1.00: reached"
