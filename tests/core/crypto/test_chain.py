"""The chain: what was changed, dropped or moved is found; what was erased is not missed."""

import hashlib
from collections.abc import Callable

import pytest

from core.crypto.canonical import canonical_json
from core.crypto.chain import START, commit_to, link_digest, new_salt

FACTS = [{"kind": "message.item:sent", "at": f"2026-11-{day:02d}T10:00:00Z"} for day in range(1, 6)]
SALT = new_salt()
COMMITMENTS = {"name": commit_to(SALT, "Zoé"), "address": commit_to(SALT, "zoe@example.org")}


def digests(facts: list[dict[str, str]]) -> list[bytes]:
    chain, previous = [], START
    for number, fact in enumerate(facts, 1):
        previous = link_digest(previous, number, fact, COMMITMENTS)
        chain.append(previous)
    return chain


def test_the_digest_is_sha_256_of_length_prefixed_parts() -> None:
    parts = [b"event", START, (1).to_bytes(8, "big"), b'{"a":1}', b"name", b"c" * 32]
    joined = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    assert link_digest(START, 1, {"a": 1}, {"name": b"c" * 32}) == hashlib.sha256(joined).digest()


def _changed(facts: list[dict[str, str]]) -> list[dict[str, str]]:
    return [facts[0], {**facts[1], "kind": "message.item:deleted"}, *facts[2:]]


def _dropped(facts: list[dict[str, str]]) -> list[dict[str, str]]:
    return facts[:1] + facts[2:]


def _swapped(facts: list[dict[str, str]]) -> list[dict[str, str]]:
    return [facts[1], facts[0], *facts[2:]]


@pytest.mark.parametrize("attack", [_changed, _dropped, _swapped])
def test_an_attack_changes_every_digest_behind_it(
    attack: Callable[[list[dict[str, str]]], list[dict[str, str]]],
) -> None:
    before, after = digests(FACTS), digests(attack(FACTS))
    assert before[-1] not in after


def test_a_personal_value_is_bound_by_its_commitment() -> None:
    plain = link_digest(START, 1, FACTS[0], COMMITMENTS)
    assert plain != link_digest(START, 1, FACTS[0], {**COMMITMENTS, "name": commit_to(SALT, "Zoe")})
    assert plain != link_digest(START, 1, FACTS[0], {"name": COMMITMENTS["name"]})
    swapped = {"name": COMMITMENTS["address"], "address": COMMITMENTS["name"]}
    assert plain != link_digest(START, 1, FACTS[0], swapped)


def test_a_commitment_tells_nothing_without_its_salt() -> None:
    assert commit_to(new_salt(), "Zoé") != commit_to(new_salt(), "Zoé")


def test_facts_have_one_form() -> None:
    assert canonical_json({"b": 1, "a": ["é", None, True]}) == '{"a":["é",null,true],"b":1}'.encode()
    for value in (1.5, {"a": [0.1]}, {1: "a"}, object()):
        with pytest.raises(TypeError):
            canonical_json(value)
