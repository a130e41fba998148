"""What signers gave: kept as it was given, in zones of theirs alone, and nothing that could not be printed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signatures.answers import (
    Answers,
    Value,
    answers_of,
    is_complete,
    missing_zones,
    read_answer_text,
    read_answers,
    read_placed,
    write_answers,
)
from signatures.choices import ZoneKind
from signatures.contents import Content, Drawn, Typed, Uploaded
from signatures.limits import ANSWER_TEXT_MOST_CHARACTERS, PLACED_MOST
from signatures.pdf.geometry import Box
from signatures.request_errors import AnswersRefused, AnswersUnreadable, AnswerTooLong, AnswerUnprintable, TooManyZones
from signatures.zones import Zone, in_reading_order
from tests.signatures.requests import PAPERS, some_zones, write_zones, zone

TYPED = Typed("Camille Roy", "caveat")
MARKS = st.sampled_from([TYPED, Drawn((((0, 0), (900, 300)),)), Uploaded(b"\x89PNG")])
KINDS = (ZoneKind.SIGNATURE, ZoneKind.INITIALS)
VALUES = st.dictionaries(st.text("abc", min_size=1), MARKS | st.booleans() | st.text("aé b", min_size=1), max_size=5)
ZONES = (
    zone("sign", box=Box(0, 300, 180, 60)),
    zone("check", ZoneKind.CHECKBOX, box=Box(0, 200, 14, 14)),
    zone("text", ZoneKind.TEXT, box=Box(0, 100, 180, 20)),
    zone("date", ZoneKind.DATE, box=Box(0, 50, 180, 20)),
    zone("name", ZoneKind.NAME, box=Box(0, 20, 180, 20)),
    zone("initials", ZoneKind.INITIALS, is_required=False),
    zone("other", signer=1),
)
FILLED: dict[str, Value] = {"sign": TYPED, "check": True, "text": "PO 4711"}


@given(VALUES, some_zones(), st.integers(0, 2), st.dictionaries(st.sampled_from(KINDS), MARKS))
def test_what_is_kept_is_what_was_given(
    values: dict[str, Value], zones: tuple[Zone, ...], signer: int, spare: dict[ZoneKind, Content]
) -> None:
    answers = Answers(signer, values, tuple(zone for zone in zones if zone.signer <= signer), spare)
    assert read_answers(write_answers(answers), papers=PAPERS) == answers


def test_what_was_kept_before_marks_were_kept_apart_is_read() -> None:
    kept = json.loads(write_answers(Answers(0, {"sign": TYPED})))
    del kept["spare"]
    assert read_answers(json.dumps(kept).encode(), papers=PAPERS) == Answers(0, {"sign": TYPED})


def test_a_mark_is_kept_apart_as_long_as_it_stands_in_no_zone() -> None:
    marks = dict.fromkeys(KINDS, TYPED)
    assert answers_of(ZONES, 0, {"text": "PO 4711"}, marks=marks).spare == marks
    assert answers_of(ZONES, 0, {"sign": TYPED}, marks=marks).spare == {ZoneKind.INITIALS: TYPED}


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"values": {"a": 1}},
        {"values": {"a": {"way": "carve", "kept": ""}}},
        {"spare": {"signature": "A"}},
        {"spare": {"stamp": {"way": "type", "kept": ""}}},
    ],
)
def test_what_was_kept_otherwise_is_an_error(change: dict[str, object]) -> None:
    kept = json.loads(write_answers(Answers(0))) | change
    with pytest.raises(ValueError, match=r"."):
        read_answers(json.dumps(kept).encode(), papers=PAPERS)


def test_zones_that_miss_are_named_in_reading_order() -> None:
    missing = missing_zones(ZONES, answers_of(ZONES, 0, {}))
    assert [each.zone_id for each in missing] == ["text", "check", "sign"]


@given(st.sets(st.sampled_from(sorted(FILLED))))
def test_a_zone_misses_until_it_is_filled(names: set[str]) -> None:
    answers = answers_of(ZONES, 0, {name: FILLED[name] for name in names})
    missing = missing_zones(ZONES, answers)
    assert {each.zone_id for each in missing} == FILLED.keys() - names
    assert missing == in_reading_order(missing)
    assert is_complete(ZONES, answers) == (not missing)


@pytest.mark.parametrize("values", [{"check": False}, {"text": ""}, {"text": " \u00a0 "}])
def test_an_empty_text_and_an_unchecked_box_fill_nothing(values: dict[str, Value]) -> None:
    (name,) = values
    assert name in {each.zone_id for each in missing_zones(ZONES, answers_of(ZONES, 0, FILLED | values))}


@pytest.mark.parametrize(
    "values",
    [
        {"other": TYPED},
        {"nowhere": TYPED},
        {"sign": "Camille"},
        {"sign": True},
        {"check": TYPED},
        {"check": "on"},
        {"text": True},
        {"text": TYPED},
        {"date": "2026-11-21"},
        {"name": "Somebody Else"},
    ],
)
def test_a_value_fits_its_zone_or_is_refused(values: dict[str, Value]) -> None:
    with pytest.raises(AnswersUnreadable, match="did not arrive"):
        answers_of(ZONES, 0, values)


def test_a_text_is_composed_and_on_one_line() -> None:
    assert read_answer_text("  E\u0301lodie \u00a0 Roy ") == "\u00c9lodie Roy"
    assert read_answer_text("\u300012\u202f500,50\u2009$") == "12 500,50 $"
    assert (
        read_answer_text("\u0646\u0627\u0645\u0647\u200c\u0647\u0627") == "\u0646\u0627\u0645\u0647\u200c\u0647\u0627"
    )
    assert answers_of(ZONES, 0, {"text": " a "}).values == {"text": "a"}


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "a\u202eb", "a\x00", "a\u2028b", "\u200b", "\u0301", "\ud800"])
def test_a_text_that_would_not_be_seen_as_it_is_is_refused(text: str) -> None:
    with pytest.raises(AnswerUnprintable):
        read_answer_text(text)


def test_a_text_has_up_to_200_characters() -> None:
    assert len(read_answer_text("é" * ANSWER_TEXT_MOST_CHARACTERS)) == ANSWER_TEXT_MOST_CHARACTERS
    with pytest.raises(AnswerTooLong, match="up to 200 characters"):
        read_answer_text("é" * (ANSWER_TEXT_MOST_CHARACTERS + 1))


@given(st.text())
def test_a_text_that_is_taken_once_stays_as_it_is(typed: str) -> None:
    try:
        text = read_answer_text(typed)
    except AnswersRefused:
        return
    assert read_answer_text(text) == text


def test_who_has_no_zones_places_a_signature_freely() -> None:
    (placed,) = read_placed(write_zones([zone("mine", signer=2)]), papers=PAPERS, signer=2)
    assert not is_complete(ZONES, answers_of(ZONES, 2, {}))
    assert missing_zones(ZONES, answers_of(ZONES, 2, {}, [placed])) == (placed,)
    assert is_complete(ZONES, answers_of(ZONES, 2, {"mine": TYPED}, [placed]))


def test_initials_alone_are_no_signature() -> None:
    placed = zone("mine", ZoneKind.INITIALS, signer=2)
    assert not is_complete(ZONES, answers_of(ZONES, 2, {"mine": TYPED}, [placed]))


def test_nothing_is_placed_beside_prepared_zones_or_for_others() -> None:
    for signer, placed in ((0, zone("mine")), (2, zone("mine", signer=1))):
        with pytest.raises(AnswersUnreadable):
            answers_of(ZONES, signer, {}, [placed])


@pytest.mark.parametrize(
    "placed", [zone(signer=0), zone(kind=ZoneKind.TEXT, signer=1), zone(kind=ZoneKind.CHECKBOX, signer=1)]
)
def test_a_signer_places_marks_dates_and_names_of_theirs_alone(placed: Zone) -> None:
    with pytest.raises(AnswersUnreadable):
        read_placed(write_zones([placed]), papers=PAPERS, signer=1)


def test_a_signer_places_up_to_fifty() -> None:
    zones = [zone(f"z{number}") for number in range(PLACED_MOST + 1)]
    assert len(read_placed(write_zones(zones[1:]), papers=PAPERS, signer=0)) == PLACED_MOST
    with pytest.raises(TooManyZones):
        read_placed(write_zones(zones), papers=PAPERS, signer=0)
