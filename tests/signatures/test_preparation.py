"""Preparing a request: what is sent is what was kept, and what cannot be sent is said beside its field."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.items.choices import Proof
from signatures.choices import ZoneKind
from signatures.limits import PAPERS_MOST, REQUEST_MESSAGE_MOST_CHARACTERS, REQUEST_PAGES_MOST
from signatures.papers import Paper
from signatures.pdf.geometry import Box, PageSize
from signatures.preparation import PlannedSigner, Preparation, refusals_of, repeated_addresses, require_sendable
from signatures.request_errors import (
    MessageTooLong,
    NameTooLongForPlace,
    NoPaper,
    NoRoomToSign,
    NoSigner,
    PreparationRefused,
    SameAddress,
    SignatureMissing,
    TooManyPages,
    TooManyPapers,
    TooManySigners,
    TurnsWithGap,
)
from signatures.zones import Zone
from tests.signatures.requests import A4, SIGNERS, preparation, signer, some_signers, some_zones, zone


def paper(pages: int = 1, size: PageSize = A4) -> Paper:
    return Paper("a" * 32, "Lease.pdf", (size,) * pages, "1" * 64)


def found(made: Preparation, signers_most: int = 50) -> list[tuple[type[PreparationRefused], str, int | None]]:
    return [(type(each), each.field, each.signer) for each in refusals_of(made, signers_most=signers_most)]


@given(some_signers(), some_zones(), st.text())
def test_what_a_manifest_keeps_is_what_was_prepared(
    signers: tuple[PlannedSigner, ...], zones: tuple[Zone, ...], message: str
) -> None:
    signers = (*signers, *(signer(f"more{place}@client.example") for place in range(SIGNERS)))
    made = preparation(signers=signers, zones=zones, message=message)
    kept = json.loads(json.dumps(made.as_product()))
    again = Preparation.from_product(kept)
    assert again == made


@given(some_signers())
def test_an_order_without_gaps_can_be_sent(signers: tuple[PlannedSigner, ...]) -> None:
    assert found(preparation(signers=signers)) == []


@pytest.mark.parametrize(
    ("zones", "is_missing"),
    [
        ([], False),
        ([zone()], False),
        ([zone(kind=ZoneKind.INITIALS)], False),
        ([zone(kind=ZoneKind.CHECKBOX), zone("z2")], False),
        ([zone(is_required=False)], True),
        ([zone(kind=ZoneKind.CHECKBOX, is_required=False)], True),
        ([zone(kind=ZoneKind.TEXT), zone("z2", ZoneKind.DATE), zone("z3", ZoneKind.NAME)], True),
    ],
)
def test_who_has_zones_has_a_mark_to_give(zones: list[Zone], is_missing: bool) -> None:
    wanted = [(SignatureMissing, "zones", 0)] if is_missing else []
    two = (signer(), signer("yan@client.example"))
    assert found(preparation(signers=two, zones=tuple(zones))) == wanted


def test_who_places_freely_needs_one_page_with_room() -> None:
    label, whole = paper(size=PageSize(59, 300)), paper()
    assert found(preparation(papers=(label,))) == [(NoRoomToSign, "papers", None)]
    assert found(preparation(papers=(label, whole))) == []
    assert found(preparation(papers=(label,), zones=(zone(kind=ZoneKind.INITIALS),))) == []


@pytest.mark.parametrize(
    ("turns", "place"),
    [((1,), None), ((2,), 0), ((1, 3), 1), ((1, 1), None), ((3, 1, 2), None), ((0, 1), 0), ((4, 1, 2), 0), ((2, 2), 0)],
)
def test_turns_begin_with_one_and_leave_no_number_out(turns: tuple[int, ...], place: int | None) -> None:
    signers = tuple(signer(f"p{number}@client.example", turn=turn) for number, turn in enumerate(turns))
    wanted = [] if place is None else [(TurnsWithGap, "turn", place)]
    assert found(preparation(signers=signers)) == wanted


def test_a_request_is_sequential_where_somebody_waits() -> None:
    one, other = signer("a@client.example"), signer("b@client.example")
    assert not preparation(signers=(one, other)).is_sequential
    assert preparation(signers=(one, signer("b@client.example", turn=2))).is_sequential


def test_the_same_address_twice_is_said_beside_the_second() -> None:
    signers = tuple(map(signer, ("a@client.example", "b@client.example", " A@Client.Example", "\uff42@client.example")))
    assert found(preparation(signers=signers)) == [(SameAddress, "email", 2), (SameAddress, "email", 3)]
    assert repeated_addresses(["a@x.example"] * 3) == (1, 2)


@pytest.mark.parametrize(
    ("made", "refusal", "field"),
    [
        ({"papers": ()}, NoPaper, "papers"),
        ({"papers": (paper(),) * (PAPERS_MOST + 1)}, TooManyPapers, "papers"),
        ({"papers": (paper(REQUEST_PAGES_MOST), paper())}, TooManyPages, "papers"),
        ({"signers": ()}, NoSigner, "signers"),
        ({"message": "a" * (REQUEST_MESSAGE_MOST_CHARACTERS + 1)}, MessageTooLong, "message"),
    ],
)
def test_limits_are_said_in_whole_sentences(
    made: dict[str, object], refusal: type[PreparationRefused], field: str
) -> None:
    prepared = preparation(**made)
    assert found(prepared) == [(refusal, field, None)]
    with pytest.raises(refusal, match=r"\.$"):
        require_sendable(prepared, signers_most=50)


def test_as_much_as_is_allowed_can_be_sent() -> None:
    papers = (paper(REQUEST_PAGES_MOST - PAPERS_MOST + 1), *(paper(),) * (PAPERS_MOST - 1))
    lines = "a\r\n" * (REQUEST_MESSAGE_MOST_CHARACTERS // 2)
    assert found(preparation(papers=papers, message=lines)) == []


def test_a_name_that_could_not_be_read_in_its_place_is_said_beside_the_signer() -> None:
    signers = (signer("a@client.example"), signer("b@client.example", name="Wolfeschlegelsteinhausenbergerdorff " * 4))
    small, large = Box(100, 200, 60, 10), Box(100, 200, 300, 40)
    marks = (zone("m", signer=0), zone("n", signer=1))
    assert found(preparation(signers=signers, zones=(*marks, zone("a", ZoneKind.NAME, box=small, signer=0)))) == []
    made = preparation(signers=signers, zones=(*marks, zone("b", ZoneKind.NAME, box=small, signer=1)))
    assert found(made) == [(NameTooLongForPlace, "name", 1)]
    with pytest.raises(NameTooLongForPlace, match=r"on page 1 of document 1 .* Draw the place larger\.$"):
        require_sendable(made, signers_most=50)
    assert found(preparation(signers=signers, zones=(*marks, zone("c", ZoneKind.NAME, box=large, signer=1)))) == []


@pytest.mark.parametrize(
    ("most", "sentence"),
    [(0, "does not include signature requests"), (1, "1 person can sign"), (2, "up to 2 people can sign")],
)
def test_the_plan_says_how_many_may_sign(most: int, sentence: str) -> None:
    signers = tuple(signer(f"p{number}@client.example") for number in range(most + 1))
    require_sendable(preparation(signers=signers), signers_most=most + 1)
    with pytest.raises(TooManySigners, match=sentence):
        require_sendable(preparation(signers=signers), signers_most=most)


@pytest.mark.parametrize("proof", [Proof.NONE, Proof.ITEM_PASSWORD])
def test_a_signer_proves_who_they_are_by_a_code(proof: Proof) -> None:
    with pytest.raises(ValueError, match="by a code"):
        signer(proof=proof)


def test_a_code_by_text_message_needs_a_number() -> None:
    with pytest.raises(ValueError, match="needs a number"):
        signer(proof=Proof.SMS_CODE)


@pytest.mark.parametrize("product", [{}, {"request": 1}, {"request": {}}])
def test_a_manifest_without_a_request_is_an_error(product: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError)):
        Preparation.from_product(product)
