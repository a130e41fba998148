"""Millimeters as people read and type them."""

from dataclasses import replace

import pytest

from core.cultures import current, override
from core.cultures.naming import culture_ids
from signatures.millimeters import MillimeterField, to_points, written


def test_what_is_written_in_any_culture_is_understood_again() -> None:
    field, length = MillimeterField(), to_points(35.4)
    for culture in culture_ids():
        with override(replace(current(), culture=culture)):
            assert field.to_python(written(length)) == length, culture


@pytest.mark.parametrize("typed", ["35.4", "35,4", " 35.44 "])
def test_a_length_counts_to_the_tenth(typed: str) -> None:
    assert MillimeterField().to_python(typed) == to_points(35.4)
