"""Nobody learns from an answer whether an address has an account."""

import math
import re
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import limits
from accounts.choices import SecurityEventKind
from accounts.hashing import PortalPasswordHasher
from accounts.models import SecurityEvent, User
from accounts.visitors import KNOWN_BROWSER_COOKIE
from core import throttle
from core.models import Counter
from tests.accounts.steps import type_password
from tests.cast import make_user
from tests.outbox import delivered
from tests.pages import InspectingClient

pytestmark = pytest.mark.django_db

WRONG = "not the password at all"
# The token, the request's number, what was typed, and when the next try is possible: minutes pass between two answers.
CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|\b[0-9a-f]{12}\b|[\w-]+@demo\.example|(?<=is possible )[^(]+'
)
KINDS = ("unknown-00", "wrong-pass", "two-factor", "suspended1", "never-set1", "unusable11")
# Of medians, as statement 13 has it. An address that costs no hash would take less than half as long as the others.
TIMING_ROUNDS, TIMING_TURNS, TIMING_DIFFERENCE = 3, 20, 0.10
NOT_COMPARED = frozenset({"X-Request-Id", "Set-Cookie"})


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count the computed hashes; each is computed as before."""
    computed: list[str] = []
    for name in ("encode", "verify"):
        real: Callable[..., object] = getattr(PortalPasswordHasher, name)

        def note(*given: object, _name: str = name, _real: Callable[..., object] = real) -> object:
            computed.append(_name)
            return _real(*given)

        monkeypatch.setattr(PortalPasswordHasher, name, note)
    return computed


@pytest.fixture
def addresses() -> dict[str, str]:
    """An address of each kind, all of one length."""
    make_user("wrong-pass@demo.example")
    make_user("two-factor@demo.example", two_factor=True)
    make_user("suspended1@demo.example", is_active=False)
    make_user("never-set1@demo.example")
    User.objects.filter(email__startswith="never").update(password="")
    make_user("unusable11@demo.example")
    User.objects.filter(email__startswith="unusable").update(password="!no password can be this")
    return {kind: f"{kind}@demo.example" for kind in KINDS}


def seen(answer: Any) -> tuple[object, ...]:
    """Return all that a stranger sees of an answer, except numbers that are random for everybody."""
    headers = {name: value for name, value in answer.headers.items() if name not in NOT_COMPARED}
    cookies = {name: (morsel["path"], morsel["httponly"], morsel["max-age"]) for name, morsel in answer.cookies.items()}
    return answer.status_code, headers, cookies, CHANGING.sub("", answer.content.decode())


def without_values(sql: str) -> str:
    """Return the beginning of a statement, less whatever was given with it."""
    return re.sub(r"'[^']*'|X'\w*'|[0-9a-f-]{32,}|\d+", "", sql)[:80]


def test_every_refused_sign_in_looks_and_costs_the_same(addresses: dict[str, str], hashes: list[str]) -> None:
    """Statement 13; the time of a sign-in is the time of its hashes."""
    looks, costs = {}, {}
    for kind, address in addresses.items():
        hashes.clear()
        looks[kind] = seen(type_password(InspectingClient(), address, WRONG))
        costs[kind] = len(hashes)
    assert set(costs.values()) == {1}, costs
    assert all(look == looks["unknown-00"] for look in looks.values())


def test_the_right_password_of_a_suspended_account_tells_nothing(addresses: dict[str, str], hashes: list[str]) -> None:
    """Statement 13."""
    hashes.clear()
    right = seen(type_password(InspectingClient(), addresses["suspended1"]))
    assert len(hashes) == 1
    assert right == seen(type_password(InspectingClient(), addresses["unknown-00"]))


def test_every_locked_address_looks_and_costs_the_same(addresses: dict[str, str], hashes: list[str]) -> None:
    """Statement 13."""
    looks = {}
    for kind, address in addresses.items():
        for _ in range(limits.WRONG_PASSWORDS_UNKNOWN_BROWSER.most):
            type_password(Client(), address, WRONG)
        throttle.forget(limits.WRONG_PASSWORDS_NETWORK, "127.0.0.0/24")
        hashes.clear()
        looks[kind] = seen(type_password(InspectingClient(), address))
        assert hashes == [], kind
    assert "Too many tries" in str(looks["unknown-00"])
    assert all(look == looks["unknown-00"] for look in looks.values())


@pytest.mark.parametrize("cookie", ["", "x" * 43], ids=["no cookie", "a cookie of nobody"])
@pytest.mark.parametrize("tries_before", [0, 4, 5], ids=["wrong", "the one that locks", "locked"])
def test_every_refused_sign_in_sends_the_same_statements(
    addresses: dict[str, str], tries_before: int, cookie: str
) -> None:
    """Statement 13: whose address it is, the worker finds out: it writes the line of the log and tells of the lock."""
    statements = {}
    for kind, address in addresses.items():
        for _ in range(tries_before):
            type_password(Client(), address, WRONG)
        # The network's window exists and has room, for the first address as for the last one.
        throttle.forget(limits.WRONG_PASSWORDS_NETWORK, "127.0.0.0/24")
        throttle.take(limits.WRONG_PASSWORDS_NETWORK, "127.0.0.0/24")
        browser = Client()
        if cookie:
            browser.cookies[settings.COOKIE_PREFIX + KNOWN_BROWSER_COOKIE] = cookie
        with CaptureQueriesContext(connection) as asked:
            type_password(browser, address, WRONG)
        statements[kind] = [without_values(query["sql"]) for query in asked]
    is_compared = tries_before < limits.WRONG_PASSWORDS_UNKNOWN_BROWSER.most
    assert any('"core_job"' in sql for sql in statements["unknown-00"]) == is_compared
    assert {tuple(sent) for sent in statements.values()} == {tuple(statements["unknown-00"])}


def test_the_log_of_each_account_says_of_wrong_passwords_when_they_were_typed(addresses: dict[str, str]) -> None:
    for kind in ("unknown-00", "wrong-pass", "suspended1"):
        type_password(Client(), addresses[kind], WRONG)
    typed_by = timezone.now()
    delivered("email")
    lines = SecurityEvent.objects.filter(kind=SecurityEventKind.PASSWORD_WRONG)
    assert {line.user.email for line in lines} == {addresses["wrong-pass"], addresses["suspended1"]}
    assert all(line.at < typed_by and line.method == "password" and line.ip_address for line in lines)


def test_only_owners_are_told_of_a_lock(addresses: dict[str, str]) -> None:
    for address in (addresses["unknown-00"], addresses["wrong-pass"], addresses["suspended1"]):
        for _ in range(limits.WRONG_PASSWORDS_UNKNOWN_BROWSER.most):
            type_password(Client(), address, WRONG)
    assert [mail.to for mail in delivered("email")] == [addresses["wrong-pass"]]


def test_asking_for_a_link_looks_and_costs_the_same(addresses: dict[str, str]) -> None:
    """Statement 44: even the statements sent to the database are the same."""
    looks, statements = {}, {}
    Client().post("/sign-in/forgotten/", {"email": "first@demo.example"})  # begins the network's window
    for kind, address in addresses.items():
        with CaptureQueriesContext(connection) as asked:
            looks[kind] = seen(InspectingClient().post("/sign-in/forgotten/", {"email": address}))
        statements[kind] = [without_values(query["sql"]) for query in asked]
    assert all(look == looks["unknown-00"] for look in looks.values())
    assert all(asked == statements["unknown-00"] for asked in statements.values())


def test_only_active_accounts_get_a_link(addresses: dict[str, str]) -> None:
    """Statement 44."""
    for address in addresses.values():
        Client().post("/sign-in/forgotten/", {"email": address})
    written_to = {mail.to.partition("@")[0] for mail in delivered("email")}
    assert written_to == {"wrong-pass", "two-factor", "never-set1", "unusable11"}


def test_every_refused_sign_in_takes_the_same_time(addresses: dict[str, str]) -> None:
    """Statement 13, timed: in turns, and again where the machine was busy."""
    seconds: dict[str, list[float]] = {kind: [] for kind in addresses}
    for kind in seconds:
        timed_refusal(addresses[kind])  # what is made once is made before
    difference = math.inf
    for _round in range(TIMING_ROUNDS):
        for _turn in range(TIMING_TURNS):
            for kind, taken in seconds.items():
                taken.append(timed_refusal(addresses[kind]))
        medians = [statistics.median(taken) for taken in seconds.values()]
        difference = max(medians) / min(medians) - 1
        if difference < TIMING_DIFFERENCE:
            break
    assert difference < TIMING_DIFFERENCE, {kind: statistics.median(taken) for kind, taken in seconds.items()}


def timed_refusal(address: str) -> float:
    """Return how many seconds of computing a wrong password takes that no limit stops.

    What the thread waits for is left out: on a busy machine it is three times as much, and any program's doing.
    """
    Counter.objects.all().delete()
    browser, started_at = Client(), time.thread_time()
    answer = type_password(browser, address, WRONG)
    taken = time.thread_time() - started_at
    assert answer.status_code == 422
    return taken
