"""What all tests share: closed sockets, an outbox for each test, a client that looks at every page."""

import asyncio
import gc
import ipaddress
import shutil
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.db import connection
from pytest_django import Settings

from core.sms import switch
from messaging.items.models import ChainHead, Event
from portal.catalogs import compile_catalogs
from tests.pages import InspectingClient

_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex
_refused: list[str] = []
ALL_EVENTS = 2**62
JOURNEYS = Path(__file__).parent / "browser"
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
TESTS = Path(__file__).parent
# What is asked of another database, too: the rules that tables keep, and what counts, locks, sorts and forgets. Pages
# are asked there by the role matrix, and wherever they meet real connections.
OF_EACH_DATABASE = [TESTS / name for name in ("accounts", "core", "licenses", "messaging/activity")] + [
    TESTS / name for name in ("messaging/items", "messaging/quota", "portal/test_demo.py")
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a second run, on another database, leave out what no database can change."""
    text = "run the tests that ask something of the database, few cases of each, and do not look at their pages"
    parser.addoption("--database-only", action="store_true", help=text)


def pytest_configure(config: pytest.Config) -> None:
    """Look at pages in the first run only: parsing them takes a quarter of the time."""
    InspectingClient.looks = not config.getoption("database_only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what another database answers alike, and most cases of the rest, if asked."""
    if not config.getoption("database_only"):
        return
    kept = set(_first_and_last_cases(filter(_asks_the_database, items)))
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = filter(kept.__contains__, items)


def _asks_the_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    uses_one = item.get_closest_marker("django_db") is not None or not fixtures.isdisjoint(DATABASE_FIXTURES)
    is_of_each = _needs_every_case(item) or any(item.path.is_relative_to(place) for place in OF_EACH_DATABASE)
    return uses_one and is_of_each


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over the thousands of tests each time it runs."""
    gc.collect()
    gc.freeze()


def _first_and_last_cases(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield of each test the first and the last of its cases: most differ in values, not in what is asked of tables."""
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for found in cases.values():
        yield from found if _needs_every_case(found[0]) else (found[0], found[-1])


def _needs_every_case(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    has_real_connections = mark is not None and bool(mark.kwargs.get("transaction"))
    return has_real_connections or item.get_closest_marker("every_case") is not None


def pytest_sessionstart() -> None:
    """Compile the catalogs, so that French pages are French."""
    compile_catalogs()


def pytest_unconfigure() -> None:
    """Leave no files behind; the processes of a parallel run end without their exit functions."""
    shutil.rmtree(project.KEY_DIR.parent, ignore_errors=True)


class SocketsAreClosed(RuntimeError):
    """A test tried to leave this machine."""


def _may_be_reached(address: Any) -> bool:
    if not isinstance(address, tuple):  # a Unix socket
        return True
    host = str(address[0])
    try:
        is_here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = host == "localhost"
    return is_here or host == project.DATABASES["default"].get("HOST")


def _refuse_foreign(address: Any) -> None:
    if not _may_be_reached(address):
        _refused.append(str(address[0]))
        raise SocketsAreClosed(f"a test tried to reach {address[0]}")


@pytest.fixture(autouse=True, scope="session")
def _closed_sockets() -> Iterator[None]:
    """Let nothing leave this machine, except to a database elsewhere."""

    def connect(self: socket.socket, address: Any) -> None:
        _refuse_foreign(address)
        _connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_foreign(address)
        return _connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        yield


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """Fail a test that tried to leave this machine, also where its code swallowed the refusal."""
    _refused.clear()
    yield
    hosts, _refused[:] = list(_refused), []
    assert not hosts, f"this test tried to reach {hosts}"


@pytest.fixture(autouse=True)
def _own_outbox(settings: Settings, tmp_path: Path) -> None:
    """Give each test a data directory, and so an outbox, of its own; the keys stay."""
    settings.DATA_DIR = tmp_path


@pytest.fixture(autouse=True)
def _emptied_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take the events away after a test on real connections: SQLite empties a table by deleting, which the log refuses.

    Nothing but a purge deletes an event, so every one is sealed, and every chain said to be purged.
    """
    mark = request.node.get_closest_marker("django_db")
    if mark is None or not mark.kwargs.get("transaction") or connection.vendor != "sqlite":
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    Event.objects.filter(number=None).update(number=0, digest=b"")
    organizations = set(Event.objects.order_by("pk").values_list("organization_id", flat=True))
    ends = {"number": 0, "digest": b"", "purged_number": ALL_EVENTS, "purged_digest": b"", "tag": b""}
    ChainHead.objects.bulk_create(
        [ChainHead(organization_id=organization_id, **ends) for organization_id in organizations],
        update_conflicts=True,
        unique_fields=["organization_id"],
        update_fields=list(ends),
    )
    Event.objects.all().delete()


@pytest.fixture(autouse=True)
def _switch_read_anew() -> None:
    """Forget what another test's database said about texts."""
    switch.recent.forget()


@pytest.fixture(autouse=True, scope="module")
def _no_event_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let tests run without an event loop, as the portal does: the one of a browser runs on until the last test.

    Of a whole module, since what opens a database for a test comes before any other fixture of the test.
    """
    if JOURNEYS in request.path.parents:
        yield
        return
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)


@pytest.fixture
def client() -> InspectingClient:
    """A browser without a session that looks at every page it gets."""
    return InspectingClient()
