"""What a signer gave: a value for each zone of theirs, and what they placed themselves.

Date and name are the portal's to write. The bytes are sealed under the request's data key before they are kept.
Source: docs/decisions/0066-preparing-requests.md
"""

import json
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from core.characters import NON_JOINER, has_ink, single_spaced
from signatures.choices import MarkWay, ZoneKind
from signatures.contents import Content, Drawn, Typed, Uploaded, read_content, write_content
from signatures.limits import ANSWER_TEXT_MOST_CHARACTERS, PLACED_MOST
from signatures.papers import Paper
from signatures.request_errors import AnswersUnreadable, AnswerTooLong, AnswerUnprintable, TooManyZones
from signatures.zones import Zone, in_reading_order, read_zones, zones_of, zones_of_json

VERSION = 1
MARKS = frozenset({ZoneKind.SIGNATURE, ZoneKind.INITIALS})
WRITTEN_BY_PORTAL = frozenset({ZoneKind.DATE, ZoneKind.NAME})

Value = Content | str | bool
"""What stands in a zone: a mark, a text, or whether a box is checked."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What one signer gave.

    Args:
        signer: their place in the request, from 0.
        values: by the id of the zone.
        placed: zones they chose themselves where none were prepared for them.
        spare: marks that stand in no zone yet, by kind, so that nobody draws again; gone once they sign.
    """

    signer: int
    values: Mapping[str, Value] = field(default_factory=dict, repr=False)
    placed: tuple[Zone, ...] = ()
    spare: Mapping[ZoneKind, Content] = field(default_factory=dict, repr=False)


def read_answer_text(typed: str) -> str:
    """Return a text as it is printed: composed (Unicode NFC), without blanks at its ends, or empty.

    Raises:
        AnswerTooLong: it has more characters than are printed.
        AnswerUnprintable: it is more than a line, or has characters that would not be seen.
    """
    text = single_spaced(unicodedata.normalize("NFC", typed)).strip(" ")
    if len(text) > ANSWER_TEXT_MOST_CHARACTERS:
        raise AnswerTooLong(ANSWER_TEXT_MOST_CHARACTERS)
    if not text.replace(NON_JOINER, "").isprintable() or (text and not has_ink(text)):
        raise AnswerUnprintable
    return text


def read_placed(text: str, *, papers: Sequence[Paper], signer: int) -> tuple[Zone, ...]:
    """Return the zones that a signer placed, sent as the editor sends them.

    Raises:
        ZonesRefused: as `read_zones` says, or too many.
        AnswersUnreadable: one is somebody else's, or is not for a mark, a date or a name.
    """
    zones = read_zones(text, papers=papers, signers=signer + 1)
    if len(zones) > PLACED_MOST:
        raise TooManyZones(PLACED_MOST)
    if any(zone.signer != signer or zone.kind not in MARKS | WRITTEN_BY_PORTAL for zone in zones):
        raise AnswersUnreadable
    return zones


def answers_of(
    zones: Iterable[Zone],
    signer: int,
    values: Mapping[str, Value],
    placed: Sequence[Zone] = (),
    marks: Mapping[ZoneKind, Content] = MappingProxyType({}),
) -> Answers:
    """Return the answers of a signer; an empty text is none.

    Args:
        zones: of the request.
        placed: as `read_placed` returned it.
        marks: all that were given, by kind; those that stand in no zone are kept apart.

    Raises:
        AnswersUnreadable: a value for a zone that is not theirs or not for such a value, or something placed beside
            prepared zones.
        AnswerTooLong, AnswerUnprintable: a text that cannot be printed.
    """
    theirs = zones_of(zones, signer)
    if (theirs and placed) or any(zone.signer != signer for zone in placed):
        raise AnswersUnreadable
    by_id = {zone.zone_id: zone for zone in (*theirs, *placed)}
    if not by_id.keys() >= values.keys():
        raise AnswersUnreadable
    given = {name: _fitting(by_id[name].kind, value) for name, value in values.items()}
    used = {by_id[name].kind for name in given}
    spare = {kind: content for kind, content in marks.items() if kind not in used}
    return Answers(signer, {name: value for name, value in given.items() if value != ""}, tuple(placed), spare)


def missing_zones(zones: Iterable[Zone], answers: Answers) -> tuple[Zone, ...]:
    """Return the zones that a signer still has to fill, in reading order.

    A required box must be checked. Whoever places freely owes what they placed; see `is_complete`.
    """
    asked = (*(zone for zone in zones_of(zones, answers.signer) if zone.is_required), *answers.placed)
    return in_reading_order(zone for zone in asked if not _is_filled(zone, answers))


def is_complete(zones: Iterable[Zone], answers: Answers) -> bool:
    """Tell whether a signer may finish: nothing is missing, and who places freely has placed a signature."""
    kept = tuple(zones)
    if missing_zones(kept, answers):
        return False
    has_signature = any(zone.kind is ZoneKind.SIGNATURE for zone in answers.placed)
    return bool(zones_of(kept, answers.signer)) or has_signature


def write_answers(answers: Answers) -> bytes:
    """Return the bytes that `read_answers` reads; the same ones whenever the same was given."""
    kept = {
        "version": VERSION,
        "signer": answers.signer,
        "values": {name: _value_as_json(value) for name, value in answers.values.items()},
        "placed": [zone.as_json() for zone in answers.placed],
        "spare": {kind.value: _value_as_json(content) for kind, content in answers.spare.items()},
    }
    return json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()


def read_answers(kept: bytes, *, papers: Sequence[Paper]) -> Answers:
    """Return what `write_answers` wrote.

    Raises:
        KeyError, TypeError, ValueError, ZonesRefused: it is not that, or of another version.
    """
    found = json.loads(kept)
    if found["version"] != VERSION:
        raise ValueError("The answers are of an unknown version.")
    signer = int(found["signer"])
    placed = zones_of_json(found["placed"], papers=papers, signers=signer + 1)
    values = {name: _value_of_json(value) for name, value in found["values"].items()}
    # What was kept before marks were kept apart has none.
    spare = {ZoneKind(kind): _content_of_json(kept) for kind, kept in found.get("spare", {}).items()}
    return Answers(signer, values, placed, spare)


def _fitting(kind: ZoneKind, value: Value) -> Value:
    """Return a value that a zone of a kind can take."""
    match value:
        case bool() if kind is ZoneKind.CHECKBOX:
            return value
        case str() if kind is ZoneKind.TEXT:
            return read_answer_text(value)
        case Drawn() | Typed() | Uploaded() if kind in MARKS:
            return value
        case _:
            raise AnswersUnreadable


def _is_filled(zone: Zone, answers: Answers) -> bool:
    if zone.kind in WRITTEN_BY_PORTAL:
        return True
    value = answers.values.get(zone.zone_id)
    return value is not None and value is not False


def _value_as_json(value: Value) -> object:
    match value:
        case bool() | str():
            return value
        case content:
            return {"way": content.way.value, "kept": b64encode(write_content(content)).decode("ascii")}


def _value_of_json(value: object) -> Value:
    match value:
        case bool() | str():
            return value
        case mark:
            return _content_of_json(mark)


def _content_of_json(mark: object) -> Content:
    match mark:
        case {"way": str(way), "kept": str(kept)}:
            return read_content(MarkWay(way), b64decode(kept, validate=True))
        case _:
            raise ValueError("An answer is a mark, a text or whether a box is checked.")
