"""Pasted lists of addresses: whatever stands between them, each person once, what is none by its name."""

import re
import time

import pytest

from messaging.messages.addresses import is_address, read_list
from messaging.messages.limits import PASTED_MOST_CHARACTERS


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


@pytest.mark.parametrize(
    "line",
    [
        "a@x.example\t514 555 0187",
        "a@x.example; +1 (514) 555-0187",
        "a@x.example 514-555-0187",
        "Zoé Roy <a@x.example>, 514.555.0187",
        "Zoé Roy <a@x.example> +15145550187",
    ],
)
def test_a_number_behind_an_address_is_theirs(line: str) -> None:
    found = read_list(f"{line}\nb@x.example")
    assert (found.addresses, found.malformed) == (("a@x.example", "b@x.example"), ())
    assert list(found.cells) == ["a@x.example"]
    assert re.sub(r"\D", "", found.cells["a@x.example"]).endswith("5145550187")


def test_a_number_that_belongs_to_nobody_is_named_and_stays_beside_what_it_stood_behind() -> None:
    found = read_list("514 555 0187\na@x.example\n416 555 0123\nname@, 416 555 0199\nb@x.example,12\n")
    assert found.malformed == ("514 555 0187", "416 555 0123", "name@, 416 555 0199", "12")
    assert found.cells == {}


def test_the_first_of_two_numbers_counts_and_the_other_is_named() -> None:
    found = read_list("a@x.example, 514 555 0187, 416 555 0123")
    assert (found.cells, found.malformed) == ({"a@x.example": "514 555 0187"}, ("416 555 0123",))


@pytest.mark.parametrize("filling", ["@", " ", "1 ", "a@", "( ", "<", "a@b" + " " * 50])
def test_no_list_takes_long_to_read(filling: str) -> None:
    started = time.monotonic()
    read_list("a@x.example " + filling * (PASTED_MOST_CHARACTERS // len(filling)) + "!")
    assert time.monotonic() - started < 2
