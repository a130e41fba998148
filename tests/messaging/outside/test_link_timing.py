"""Statement 87: before the right secret, no link can be told from another, or from none, by how long the answer takes.

Counted exactly: statements and key derivations. Measured beside it: the time of the processor, of requests that take
turns, so that a machine which has other work slows all of them alike.
"""

import os
import time
from collections.abc import Callable
from statistics import median

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.crypto.links import new_secret
from core.crypto.sealing import expand_key
from core.db import database_now
from messaging.items.limits import WRONG_SECRETS_PER_NETWORK
from messaging.items.models import Participant
from messaging.items.services.links import to_text
from tests.messaging.items.making import delete, make_sender, open_link, send_item
from tests.messaging.outside.browser import AGENT

pytestmark = pytest.mark.django_db

ROUNDS, WARM_ROUNDS, ATTEMPTS = 30, 5, 3
# The same work measures 0.95 to 1.05, also beside other load; a left-out count of the database 0.75 and less.
LEAST, MOST = 0.85, 1.15


@pytest.fixture
def locators() -> dict[str, str]:
    """A link of each state, and one that nobody made."""
    sender = make_sender()
    made = {name: send_item(sender, openings=1) for name in ("living", "expired", "deleted", "used up")}
    Participant.objects.filter(item=made["expired"].item).update(expires_at=database_now())
    delete(made["deleted"])
    open_link(made["used up"].links[0])
    return {name: to_text(bytes(sent.links[0].link.locator)) for name, sent in made.items()} | {
        "unknown": to_text(os.urandom(16))
    }


class Stranger:
    """Somebody with an address and without its secret, at many networks.

    Args:
        locator: of the address.
    """

    def __init__(self, locator: str) -> None:
        self.client, self.address = Client(headers={"user-agent": AGENT}), reverse("messages:link", args=[locator])

    def look(self, network: int) -> None:
        self.client.get(self.address, REMOTE_ADDR=f"10.0.{network}.7")

    def guess(self, network: int) -> None:
        secret = to_text(new_secret().reveal())
        assert self.client.post(self.address, {"link": secret}, REMOTE_ADDR=f"10.0.{network}.7").status_code == 404

    def guess_on(self, _network: int) -> None:
        """Guess from a network that used its tries up at the first of these."""
        self.guess(255)


def work_of(act: Callable[[int], None], derived: list[int]) -> tuple[int, int]:
    """Return how many statements and key derivations an act takes."""
    derived.clear()
    with CaptureQueriesContext(connection) as statements:
        act(0)
    return len(statements), len(derived)


def test_statement_87_every_step_takes_as_much_work_whatever_the_state(
    locators: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    derived: list[int] = []

    def counted(key: bytes, *, salt: bytes, info: bytes) -> bytes:
        derived.append(1)
        return expand_key(key, salt=salt, info=info)

    monkeypatch.setattr("core.crypto.links.expand_key", counted)
    done = {}
    for name, locator in locators.items():
        stranger = Stranger(locator)
        # The network's tries, the one of which the sender is told, and one more.
        guesses = [stranger.guess] * (WRONG_SECRETS_PER_NETWORK.most + 2)
        done[name] = [work_of(act, derived) for act in (stranger.look, stranger.look, *guesses)]
    assert all(work == done["living"] for work in done.values()), done
    assert all(derivations == 1 for _statements, derivations in done["living"][2:])


@pytest.mark.parametrize("step", [Stranger.look, Stranger.guess, Stranger.guess_on])
@pytest.mark.parametrize("state", ["unknown", "deleted"])
def test_statement_87_every_step_takes_as_long_whatever_the_state(
    locators: dict[str, str], state: str, step: Callable[[Stranger, int], None]
) -> None:
    one, other = Stranger(locators[state]), Stranger(locators["living"])
    for _ in range(WRONG_SECRETS_PER_NETWORK.most + 1 if step is Stranger.guess_on else WARM_ROUNDS):
        step(one, 0)
        step(other, 0)
    measured = [_ratio(one, other, step)]
    while not LEAST <= measured[-1] <= MOST and len(measured) < ATTEMPTS:
        measured.append(_ratio(one, other, step))
    assert LEAST <= measured[-1] <= MOST, measured


def _ratio(one: Stranger, other: Stranger, step: Callable[[Stranger, int], None]) -> float:
    """Return how much longer a step takes for one than for the other, in time of the processor."""
    took: dict[Stranger, list[float]] = {one: [], other: []}
    for network in range(1, ROUNDS + 1):
        for stranger in (one, other) if network % 2 else (other, one):
            began = time.process_time()
            step(stranger, network)
            took[stranger].append(time.process_time() - began)
    return median(took[one]) / median(took[other])
