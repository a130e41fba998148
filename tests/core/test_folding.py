"""A search asks neither for capitals nor for accents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.folding import folded


@pytest.mark.parametrize(
    ("one", "other"), [("Élodie", "elodie"), ("STRASSE", "Straße"), ("Łódź", "ŁÓDŹ"), ("Ωμέγα", "ΩΜΕΓΑ"), ("ﬁn", "FIN")]
)
def test_two_spellings_are_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_different_letters_stay_different() -> None:
    assert folded("Roy") != folded("Rey")


@given(st.text())
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert folded(folded(text)) == folded(text)
