"""Pasted lists of addresses: whatever stands between them, each person once, what is none by its name."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("Roy, Anne <a@x.example>; Côté, Luc <b@x.example>", ("a@x.example", "b@x.example")),
        ("Roy, Anne <a@x.example>, Côté, Luc, ing. <b@x.example>", ("a@x.example", "b@x.example")),
        ("Roy, Anne <a@x.example>\r\nCôté, Luc <b@x.example>;", ("a@x.example", "b@x.example")),
        ('"Roy, Anne" <a@x.example>, "Côté; Luc" <b@x.example>', ("a@x.example", "b@x.example")),
        ('"a@x.example" <a@x.example>; "<Luc>, b@y.example" <b@x.example>', ("a@x.example", "b@x.example")),
        ("'Roy, Anne' <a@x.example>, b@x.example", ("a@x.example", "b@x.example")),
        ("a@x.example, Roy, J.R. Anne <b@x.example>,c@x.example", ("a@x.example", "b@x.example", "c@x.example")),
        ("Roy, Anne <a@x.example> Luc <b@x.example>", ("a@x.example", "b@x.example")),
        ("a@x.example Luc Côté <b@x.example>", ("a@x.example", "b@x.example")),
        ("a@x.example <b@x.example>", ("a@x.example", "b@x.example")),
        ('a@x.example "Luc" <b@x.example>', ("a@x.example", "b@x.example")),
        (
            "a@x.example; b@x.example c@x.example; Luc d@x.example <e@x.example>",
            tuple(f"{n}@x.example" for n in "abcde"),
        ),
        (
            "'a@x.example' <a@x.example>; o'neil@x.example Luc <b@x.example>",
            ("a@x.example", "o'neil@x.example", "b@x.example"),
        ),
        ("Luc @ Roy <a@x.example>", ("a@x.example",)),
        ("mailto:a@x.example, MAILTO:b@x.example", ("a@x.example", "b@x.example")),
        ("<mailto:a@x.example>; b@x.example<mailto:b@x.example>", ("a@x.example", "b@x.example")),
        ("Roy, Anne <mailto:a%2Bb@x.example?subject=Bonjour%20Anne>", ("a+b@x.example",)),
        ("A@x.example\na@X.example", ("A@x.example",)),
        ("\u200ba@x.example\ufeff\r\nb@x.example", ("a@x.example", "b@x.example")),
    ],
)
def test_addresses_are_found(pasted: str, addresses: tuple[str, ...]) -> None:
    found = read_list(pasted)
    assert (found.addresses, found.malformed) == (addresses, ())


def test_what_is_no_address_is_named_once_as_it_was_typed() -> None:
    found = read_list("a@x.example\nnot one\nnot one\nname@\n<oops>")
    assert found.addresses == ("a@x.example",)
    assert found.malformed == ("not one", "name@", "oops")


@pytest.mark.parametrize(
    ("pasted", "malformed"),
    [
        ("Roy, Anne <anne@>; Côté, Luc <a@x.example>", ("anne@",)),
        ("Roy, Anne <>; name@, Côté, Luc <a@x.example>", ("Anne <>", "name@")),
        ('Anna Roy <a@x.example>, Jean Tremblay <>, "Luc" < >', ("Jean Tremblay <>", '"Luc" <>')),
        ("<>, a@x.example", ("<>",)),
        ("anne.x.example, Luc <a@x.example>", ("anne.x.example",)),
        ('anne, "Côté, Luc" <a@x.example>', ("anne",)),
        ("anne; Côté, Luc <a@x.example>", ("anne",)),
        ("Anne <anne@y.example Luc <a@x.example>", ("Anne <anne@y.example Luc",)),
        ("Roy, Anne <anne@y.example; Côté, Luc <a@x.example>", ("Roy", "Anne <anne@y.example")),
        ("Luc <a@x.example> 514 555", ("514 555",)),
        ("b@y@x.example Luc <a@x.example>", ("b@y@x.example",)),
        ("anne@y Luc <a@x.example>", ("anne@y",)),
        ("123, Luc <a@x.example>", ("123",)),
        ('"Roy, Anne; a@x.example', ('"Roy', "Anne")),
        ("mailto:anne, a@x.example", ("mailto:anne",)),
        ("mailto:b@x.example?cc=c@x.example, a@x.example", ("mailto:b@x.example?cc=c@x.example",)),
        ("mailto:b@x.example?cc=c%40x.example, a@x.example", ("mailto:b@x.example?cc=c%40x.example",)),
        ("mailto:b%0A@x.example, a@x.example", ("mailto:b%0A@x.example",)),
    ],
)
def test_beside_names_what_is_no_address_is_still_named(pasted: str, malformed: tuple[str, ...]) -> None:
    found = read_list(pasted)
    assert (found.addresses, found.malformed) == (("a@x.example",), malformed)


@pytest.mark.parametrize(
    "pasted",
    [
        "Roy, Anne <a@x.example>, 514 555 0187, Côté, Luc <b@x.example>",
        "a@x.example 514 555 0187 Luc <b@x.example>",
        "a@x.example, 514 555 0187, Côté, Luc <b@x.example>",
        "mailto:a@x.example 514 555 0187; Côté, Luc <b@x.example>",
    ],
)
def test_a_number_before_a_name_stays_with_the_address_before_it(pasted: str) -> None:
    found = read_list(pasted)
    assert (found.addresses, found.malformed) == (("a@x.example", "b@x.example"), ())
    assert found.cells == {"a@x.example": "514 555 0187"}


WORDS = st.text(st.sampled_from("aZé-' "), min_size=1, max_size=8).filter(lambda word: any(map(str.isalpha, word)))
QUOTED = st.text(st.sampled_from("aé,;.@<>'\t 1"), max_size=12).map(lambda name: f'"{name}"')
NAMES = st.one_of(WORDS, st.lists(WORDS, min_size=2, max_size=3).map(", ".join), QUOTED)
WAYS = st.one_of(
    st.just("{}"),
    st.just("mailto:{}"),
    st.builds("{0} <{2}{{}}>{1}".format, NAMES, st.sampled_from(["", " "]), st.sampled_from(["", "mailto:", " "])),
)
# Each is no address, and no part of a name either.
NONE = st.sampled_from(["anne@", "anne.x.example", "@x.example", "anne@x", "mailto:anne@", "12"])


@given(
    st.lists(st.tuples(st.booleans(), WAYS, NONE), max_size=12),
    st.sampled_from([",", ", ", ";", "; ", "\t", "\n", "\r\n"]),
)
def test_every_address_is_found_and_all_else_named_whatever_the_names(
    entries: list[tuple[bool, str, str]], separator: str
) -> None:
    good = [f"p{number}@x.example" for number in range(len(entries))]
    typed = [way.format(one) if is_good else none for one, (is_good, way, none) in zip(good, entries, strict=True)]
    found = read_list(separator.join(typed))
    assert found.addresses == tuple(one for one, (is_good, *_) in zip(good, entries, strict=True) if is_good)
    assert found.malformed == tuple(dict.fromkeys(none for is_good, _, none in entries if not is_good))


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


@pytest.mark.parametrize(
    "filling", ["@", " ", "1 ", "a@", "( ", "<", "a@b" + " " * 50, '"', '" ', '"<', "< ", "mailto:?", "%40"]
)
def test_no_list_takes_long_to_read(filling: str) -> None:
    started = time.monotonic()
    read_list("a@x.example " + filling * (PASTED_MOST_CHARACTERS // len(filling)) + "!")
    assert time.monotonic() - started < 2
