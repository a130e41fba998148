"""Secret links: nothing about a link can be changed by whoever can write to the database."""

from dataclasses import replace

import pytest

from core.crypto.links import (
    LinkName,
    amendment_tag,
    check_amendment,
    new_secret,
    policy_hash,
    recognizer,
    unwrap_data_key,
    wrap_data_key,
)
from core.crypto.sealing import SealBroken
from core.crypto.secret import Secret

NAME = LinkName(locator=b"l" * 16, salt=b"s" * 32, holder=b"h" * 16, whole=b"w" * 16)
POLICY = {"version": 1, "proof": "sms_code", "ends_at": "2026-12-05T10:00:00Z", "openings": 5, "number": "ab12"}
SECRET, GATE, DATA_KEY = new_secret(), new_secret(), new_secret()
WRAP = wrap_data_key(DATA_KEY, secret=SECRET, gate_key=GATE, name=NAME, policy=policy_hash(POLICY))


def unwrap(**changes: object) -> Secret:
    given = {"secret": SECRET, "gate_key": GATE, "name": NAME, "policy": policy_hash(POLICY), **changes}
    wrap = given.pop("wrap", WRAP)
    return unwrap_data_key(wrap, **given)  # type: ignore[arg-type]


def test_the_right_parts_give_the_data_key() -> None:
    assert unwrap() == DATA_KEY


@pytest.mark.parametrize(
    "change",
    [
        {"proof": "none"},
        {"ends_at": "2027-12-05T10:00:00Z"},
        {"openings": 6},
        {"openings": "5"},
        {"number": "cd34"},
        {"version": 2},
        {"more": True},
    ],
)
def test_statement_113_a_changed_policy_opens_nothing(change: dict[str, object]) -> None:
    with pytest.raises(SealBroken):
        unwrap(policy=policy_hash({**POLICY, **change}))


def test_statement_113_a_wrap_moved_to_another_person_or_message_opens_nothing() -> None:
    for change in ({"holder": b"o" * 16}, {"whole": b"o" * 16}, {"locator": b"o" * 16}, {"salt": b"o" * 32}):
        with pytest.raises(SealBroken):
            unwrap(name=replace(NAME, **change))


def test_statement_114_every_wrong_key_fails_in_the_same_way() -> None:
    failures = []
    for change in ({"secret": new_secret()}, {"gate_key": new_secret()}, {"wrap": WRAP[:-1]}, {"wrap": b""}):
        with pytest.raises(SealBroken) as failure:
            unwrap(**change)
        failures.append((type(failure.value), str(failure.value), failure.value.__cause__))
    assert set(failures) == {(SealBroken, "", None)}


def test_a_recognizer_belongs_to_one_secret_salt_and_locator() -> None:
    known = recognizer(SECRET, NAME)
    assert known == recognizer(SECRET, replace(NAME, holder=b"o" * 16))
    assert known != recognizer(new_secret(), NAME)
    assert known != recognizer(SECRET, replace(NAME, salt=b"o" * 32))
    assert known != recognizer(SECRET, replace(NAME, locator=b"o" * 16))


TERMS = {"ends_at": "2026-12-12T10:00:00Z", "number": 1}


def test_statement_113_only_the_data_key_makes_an_amendment() -> None:
    tag = amendment_tag(DATA_KEY, name=NAME, policy=policy_hash(POLICY), terms=TERMS)
    check_amendment(tag, DATA_KEY, name=NAME, policy=policy_hash(POLICY), terms=TERMS)
    forgeries = [
        (tag, DATA_KEY, NAME, POLICY, {**TERMS, "ends_at": "2027-12-12T10:00:00Z"}),
        (tag, DATA_KEY, NAME, {**POLICY, "openings": 99}, TERMS),
        (tag, DATA_KEY, replace(NAME, holder=b"o" * 16), POLICY, TERMS),
        (tag, new_secret(), NAME, POLICY, TERMS),
        (bytes(32), DATA_KEY, NAME, POLICY, TERMS),
    ]
    for forged, key, name, policy, terms in forgeries:
        with pytest.raises(SealBroken):
            check_amendment(forged, key, name=name, policy=policy_hash(policy), terms=terms)


def test_secrets_are_long_and_never_the_same() -> None:
    drawn = {new_secret().reveal() for _ in range(1_000)}
    assert len(drawn) == 1_000
    assert {len(secret) for secret in drawn} == {32}
