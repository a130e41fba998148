"""Pasted lists of addresses: whatever stands between them, each person once, what is none by its name."""

import pytest

from messaging.messages.addresses import is_address, read_list


@pytest.mark.parametrize(
    ("pasted", "addresses"),
    [
        ("", ()),
        (" \n,;\t ", ()),
        ("a@x.example", ("a@x.example",)),
        ("a@x.example b@x.example", ("a@x.example", "b@x.example")),
        ("a@x.example,b@x.example;c@x.example", ("a@x.example", "b@x.example", "c@x.example")),
        ("Roy, Zoé <a@x.example>; <b@x.example>", ("a@x.example", "b@x.example")),
        ("A@x.example\na@X.example", ("A@x.example",)),
        ("\u200ba@x.example\ufeff\r\nb@x.example", ("a@x.example", "b@x.example")),
    ],
)
def test_addresses_are_found(pasted: str, addresses: tuple[str, ...]) -> None:
    assert read_list(pasted).addresses == addresses


def test_what_is_no_address_is_named_once_as_it_was_typed() -> None:
    found = read_list("a@x.example\nnot one\nnot one\nname@\n<oops>")
    assert found.addresses == ("a@x.example",)
    assert found.malformed == ("not one", "name@", "oops")


def test_a_name_before_an_address_may_hold_a_comma_and_is_left_out() -> None:
    assert read_list('"Roy, Zoé" <a@x.example>').malformed == ('"Roy',)


@pytest.mark.parametrize("text", ["a@x.example\nBcc: b@x.example", "a@x.example,b@x.example", "a" * 250 + "@x.example"])
def test_two_addresses_or_a_line_break_are_no_address(text: str) -> None:
    assert not is_address(text)
