"""What a link asks: tries that are counted once, pauses, new codes."""

from datetime import timedelta

import pytest
from django.db.models import F

from accounts import hashing
from accounts.errors import HashingBusy
from core.db import database_now
from core.errors import TooManyRequests
from messaging.items import limits
from messaging.items.choices import Proof
from messaging.items.errors import ProofPaused, ProofWrong
from messaging.items.models import Gate
from messaging.items.services.gates import (
    GateSecret,
    agreed_password,
    answer_code,
    answer_password,
    new_opening_code,
    renew_code,
)
from tests.messaging.items.making import make_sender, send_item, with_proof

pytestmark = pytest.mark.django_db

PASSWORD, HINT = "correct horse", "the animal"


def gate_with(proof: Proof, secret: GateSecret) -> Gate:
    return send_item(make_sender(), [with_proof(proof, secret=secret)]).links[0].link.gate


def miss(gate: Gate, times: int) -> None:
    answer = answer_code if gate.code_digest else answer_password
    for _ in range(times):
        with pytest.raises((ProofWrong, ProofPaused)):
            answer(gate=gate, answer="not it")


def test_a_password_that_was_not_hashed_before_makes_no_gate() -> None:
    with pytest.raises(ValueError, match="hashed before"):
        gate_with(Proof.ITEM_PASSWORD, GateSecret(PASSWORD, HINT))


def test_neither_code_nor_password_is_kept() -> None:
    code = new_opening_code()
    row = Gate.objects.filter(pk=gate_with(Proof.OPENING_CODE, code).pk).values().get()
    assert code.value not in str(row)
    assert row["code_digest"] is not None
    other = Gate.objects.filter(pk=gate_with_other_sender().pk).values().get()
    assert PASSWORD not in str(other)
    assert other["password_hash"].startswith("argon2$argon2id$")


def gate_with_other_sender() -> Gate:
    sent = send_item(
        make_sender("other@demo.example"),
        [with_proof(Proof.ITEM_PASSWORD, secret=agreed_password(PASSWORD, hint=HINT))],
    )
    return sent.links[0].link.gate


@pytest.mark.parametrize("answer", ["{}", " {} ", "{a} {b}", "{a}-{b}"])
def test_a_code_is_right_however_it_is_spaced(answer: str) -> None:
    code = new_opening_code()
    gate = gate_with(Proof.OPENING_CODE, code)
    answer_code(gate=gate, answer=answer.format(code.value, a=code.value[:3], b=code.value[3:]))


def test_a_code_of_one_link_does_not_open_another() -> None:
    sender, code = make_sender(), new_opening_code()
    gates = [send_item(sender, [with_proof(Proof.OPENING_CODE, secret=code)]).links[0].link.gate for _ in range(2)]
    first = Gate.objects.get(pk=gates[0].pk)
    Gate.objects.filter(pk=gates[1].pk).update(code_salt=first.code_salt, code_digest=first.code_digest)
    with pytest.raises(ProofWrong):
        answer_code(gate=gates[1], answer=code.value)


def test_a_new_code_gives_new_tries_three_times_a_day() -> None:
    gate = gate_with(Proof.OPENING_CODE, new_opening_code())
    for _ in range(3):
        miss(gate, 5)
        code = renew_code(gate=gate)
        answer_code(gate=gate, answer=code.value)
    with pytest.raises(TooManyRequests):
        renew_code(gate=gate)


def test_the_code_before_a_new_one_is_worth_nothing() -> None:
    before = new_opening_code()
    gate = gate_with(Proof.OPENING_CODE, before)
    after = renew_code(gate=gate)
    if before.value != after.value:
        with pytest.raises(ProofWrong):
            answer_code(gate=gate, answer=before.value)


def test_a_password_pauses_and_comes_back() -> None:
    gate = gate_with(Proof.ITEM_PASSWORD, agreed_password(PASSWORD, hint=HINT))
    miss(gate, 5)
    with pytest.raises(ProofPaused) as paused:
        answer_password(gate=gate, answer=PASSWORD)
    assert paused.value.until is not None
    wait = (paused.value.until - database_now()).total_seconds()
    assert 0 < wait <= limits.PASSWORD_PAUSE_SECONDS
    Gate.objects.update(paused_until=F("paused_until") - timedelta(seconds=limits.PASSWORD_PAUSE_SECONDS))
    answer_password(gate=gate, answer=PASSWORD)


def test_twenty_misses_stop_a_password_for_good() -> None:
    gate = gate_with(Proof.ITEM_PASSWORD, agreed_password(PASSWORD, hint=HINT))
    for _ in range(4):
        miss(gate, 5)
        Gate.objects.update(paused_until=F("paused_until") - timedelta(seconds=limits.PASSWORD_PAUSE_SECONDS))
    with pytest.raises(ProofPaused) as stopped:
        answer_password(gate=gate, answer=PASSWORD)
    assert stopped.value.until is None
    gate.refresh_from_db()
    assert (gate.misses, gate.stopped_at is not None) == (20, True)


def test_a_busy_moment_costs_no_try(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = gate_with(Proof.ITEM_PASSWORD, agreed_password(PASSWORD, hint=HINT))
    monkeypatch.setattr(hashing._places, "acquire", lambda blocking: False)
    with pytest.raises(HashingBusy):
        answer_password(gate=gate, answer=PASSWORD)
    gate.refresh_from_db()
    assert gate.tries == 0
