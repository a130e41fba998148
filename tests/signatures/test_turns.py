"""Whose turn it is: nobody before those with lower numbers, and everybody once."""

from hypothesis import given
from hypothesis import strategies as st

from signatures.preparation import PlannedSigner
from signatures.turns import whose_turn
from tests.signatures.requests import signer, some_signers


@given(some_signers(), st.data())
def test_everybody_signs_once_and_after_all_with_lower_numbers(
    signers: tuple[PlannedSigner, ...], data: st.DataObject
) -> None:
    done: list[int] = []
    while now := whose_turn(signers, set(done)):
        done.append(data.draw(st.sampled_from(now)))
    turns = [signers[place].turn for place in done]
    assert sorted(done) == list(range(len(signers)))
    assert turns == sorted(turns)


@given(some_signers(), st.sets(st.integers(0, 5)))
def test_all_whose_turn_it_is_have_one_number_and_have_not_signed(
    signers: tuple[PlannedSigner, ...], done: set[int]
) -> None:
    now = whose_turn(signers, done)
    assert not done & set(now)
    assert len({signers[place].turn for place in now}) <= 1
    assert bool(now) == bool(set(range(len(signers))) - done)


@given(some_signers())
def test_signing_takes_nobody_elses_turn_away(signers: tuple[PlannedSigner, ...]) -> None:
    first, *others = whose_turn(signers, set())
    assert set(others) <= set(whose_turn(signers, {first})) or not others


def test_mixed_order() -> None:
    signers = [signer(turn=turn) for turn in (2, 1, 2, 3)]
    assert whose_turn(signers, set()) == (1,)
    assert whose_turn(signers, {1}) == (0, 2)
    assert whose_turn(signers, {1, 2}) == (0,)
    assert whose_turn(signers, {0, 1, 2}) == (3,)
    assert whose_turn(signers, {0, 1, 2, 3}) == ()
