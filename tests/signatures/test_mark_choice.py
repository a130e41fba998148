"""What is offered to a signer before they give a mark of their own."""

import pytest

from signatures.choices import ZoneKind
from signatures.limits import MARK_TEXT_MOST_CHARACTERS
from signatures.mark_choice import MarkChoice


def offered(kind: ZoneKind, name: str) -> str:
    return str(MarkChoice(kind, name=name, kept=None).forms["type"]["text"].value())


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Zoë Roy", "Z.R."),
        ('Zoë "Ré" Roy', "Z.R.R."),
        ("(Dr.) Élise d’Amours", "D.É.d."),
        ("Jean-Luc O'Neil - 2nd", "J.O.n."),
        ("Anne & Cie 3", "A.C."),
        ("王 小明", "王.小."),
        ("007 -", ""),
        ("  ", ""),
    ],
)
def test_initials_are_the_first_letter_of_each_word_that_has_one(name: str, initials: str) -> None:
    assert offered(ZoneKind.INITIALS, name) == initials


def test_what_is_offered_is_no_longer_than_what_may_be_typed() -> None:
    name = "A " * 50
    assert len(offered(ZoneKind.INITIALS, name)) == MARK_TEXT_MOST_CHARACTERS
    assert len(offered(ZoneKind.SIGNATURE, name)) == MARK_TEXT_MOST_CHARACTERS
