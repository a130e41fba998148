"""The circuit to a provider: opens after five failures in a row, lets one try through after thirty seconds."""

from core.sms.circuit import Circuit
from core.sms.limits import CIRCUIT_OPENS_AFTER_FAILURES, CIRCUIT_PAUSE_SECONDS


class Clock:
    """A clock that only moves when told."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def broken_circuit(clock: Clock) -> Circuit:
    """Return a circuit that has just opened."""
    circuit = Circuit(clock)
    for _ in range(CIRCUIT_OPENS_AFTER_FAILURES):
        assert circuit.lets_through()
        circuit.failed()
    return circuit


def test_it_opens_after_the_fifth_failure_and_not_before() -> None:
    assert CIRCUIT_OPENS_AFTER_FAILURES == 5
    assert not broken_circuit(Clock()).lets_through()


def test_an_answer_between_failures_begins_the_count_anew() -> None:
    circuit = Circuit(Clock())
    for _ in range(CIRCUIT_OPENS_AFTER_FAILURES - 1):
        circuit.failed()
    circuit.succeeded()
    circuit.failed()
    assert circuit.lets_through()


def test_after_the_pause_one_try_is_let_through() -> None:
    clock = Clock()
    circuit = broken_circuit(clock)
    clock.now += CIRCUIT_PAUSE_SECONDS - 1
    assert not circuit.lets_through()
    clock.now += 1
    assert [circuit.lets_through(), circuit.lets_through()] == [True, False]


def test_a_try_that_fails_opens_it_again_and_one_that_succeeds_closes_it() -> None:
    clock = Clock()
    circuit = broken_circuit(clock)
    clock.now += CIRCUIT_PAUSE_SECONDS
    assert circuit.lets_through()
    circuit.failed()
    assert not circuit.lets_through()
    clock.now += CIRCUIT_PAUSE_SECONDS
    assert circuit.lets_through()
    circuit.succeeded()
    assert [circuit.lets_through(), circuit.lets_through()] == [True, True]
