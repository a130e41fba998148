"""Web server and worker killed at ten points of a sending: nothing was sent, or one message, counted and mailed once.

The points are named in `killing`, which only the settings of this installation know; each is seen to be met.
"""

import contextlib
import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import pytest

from tests.deploy.scripts import ROOT
from tests.deploy.test_server import PATIENCE_SECONDS, answers, environment, eventually
from tests.messaging.messages.composing import NOAH, ZOE, filled, values_of
from tests.messaging.messages.killing.points import INSIDE, MET, OF_THE_WEB_SERVER, OF_THE_WORKER, OUTSIDE, WISH, Point

__all__ = ["environment"]

PASSWORD = "harbour-lantern-maple-otter"
SENDER = "robin@demo.example"
KILLING = "tests.messaging.messages.killing.settings"
GIVEN_DATABASE = os.environ.get("TEST_DATABASE_URL", "")
FORMS = "application/x-www-form-urlencoded"

# With TEST_DATABASE_URL the installation has a database of its own there.
pytestmark = pytest.mark.xdist_group("server")

MAKE_SENDER = f"""
from accounts.choices import RoleType
from accounts.hashing import hash_password
from accounts.models import User
from accounts.services.organizations import Beginnings, Person, create_organization, create_user
from core.db import database_now
from licenses.models import Plan
from licenses.services.pool import add_licenses, assign_free_license

beginnings = Beginnings(language="en", time_zone="America/Toronto", date_culture="en-CA", default_sms_country="CA")
organization = create_organization(name="Harbour", beginnings=beginnings)
person = Person({SENDER!r}, "Robin", "Roy")
user = create_user(organization=organization, person=person, role_type=RoleType.STANDARD)
User.objects.filter(pk=user.pk).update(password=hash_password({PASSWORD!r}))
plan = Plan.objects.get(code="pro")
add_licenses(organization=organization, plan=plan, count=1, starts_at=database_now())
assign_free_license(organization=organization, plan=plan, holder=user)
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status_code: int
    headers: Message
    content: bytes


class Browser:
    """A browser of one person: it keeps cookies, and may lose the server in the middle of an answer."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, values: dict[str, Any]) -> Answer:
        given = {name: value for name, value in values.items() if name != "action" and value is not None}
        return self._ask("POST", path, urlencode(given))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        origin = f"http://localhost:{self.port}"
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Origin": origin}
        if body is not None:
            headers["Content-Type"] = FORMS
        with contextlib.closing(http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE_SECONDS)) as line:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie", []):
                name, _equals, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return Answer(answer.status, answer.headers, answer.read())


class Portal:
    """An installation whose web server and worker can be killed, and started again."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = {**environment, "PORTAL_STARTS_WORKER": ""}
        self.killable = {**self.environment, "DJANGO_SETTINGS_MODULE": KILLING}
        self.data, self.log = Path(environment["PORTAL_DATA_DIR"]), folder / "log"
        self.browser = Browser(int(environment["PORT"]))
        self.running: list[subprocess.Popen[bytes]] = []
        self._web: subprocess.Popen[bytes] | None = None
        self._worker: subprocess.Popen[bytes] | None = None

    def kill_at(self, point: Point) -> None:
        """Let the process that comes to a point end there."""
        (self.data / MET).unlink(missing_ok=True)
        (self.data / WISH).write_text(point.name)

    def require_killed(self, process: subprocess.Popen[bytes], point: Point) -> None:
        """Require that a process has ended at a point, and that the point lies where it is said to."""
        assert process.wait(timeout=PATIENCE_SECONDS) == -signal.SIGKILL, point
        assert (self.data / MET).read_text() == point.place, point

    def start_web(self) -> None:
        self._web = started = self._start("-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "portal.wsgi")
        assert eventually(lambda: started.poll() is not None or answers(self.environment)), self.log.read_text()
        assert started.poll() is None, self.log.read_text()

    @property
    def web(self) -> subprocess.Popen[bytes]:
        assert self._web is not None
        return self._web

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self._start("manage.py", "run_worker")

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a process and all that it started, as a machine does that loses its power."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=PATIENCE_SECONDS)

    def manage(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def worker(self) -> subprocess.Popen[bytes]:
        """Return the worker that runs, or a new one."""
        if self._worker is None or self._worker.poll() is not None:
            self._worker = self.start_worker()
        return self._worker

    def stop_worker(self) -> None:
        if self._worker is not None:
            self.kill(self._worker)

    def sent(self) -> int:
        """Return how many messages were sent."""
        return int(self.rows("SELECT COUNT(*) FROM items_item")[0][0])

    def rows(self, question: str) -> list[Any]:
        with self._database() as database:
            return list(database.execute(question).fetchall())

    def do(self, statement: str) -> None:
        """Change rows."""
        with self._database() as database:
            database.execute(statement)
            database.commit()

    def mails(self) -> Counter[str]:
        """Return how often each mail lies in the outbox, by the link in it."""
        texts = [json.loads(path.read_bytes())["text"] for path in (self.data / "outbox").glob("*.json")]
        return Counter(link for text in texts for link in re.findall(r"/o/\S+", text))

    def sign_in(self) -> None:
        page = self.browser.get("/sign-in/")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page.content)
        assert token is not None
        values = {"csrfmiddlewaretoken": token[1].decode(), "email": SENDER, "password": PASSWORD}
        assert self.browser.post("/sign-in/", values).status_code == 302

    def composed(self) -> dict[str, Any]:
        """Open a composer and type a message for two people."""
        page = self.browser.get("/messages/new/?kind=message")
        assert page.status_code == 200
        return filled(values_of(SimpleNamespace(content=page.content)), to=[ZOE, NOAH])

    def _database(self) -> contextlib.closing[Any]:
        """Return a connection beside those of the portal."""
        if url := self.environment["DATABASE_URL"]:
            return contextlib.closing(import_module("psycopg").connect(url))
        return contextlib.closing(sqlite3.connect(self.data / "portal.sqlite3", timeout=30))

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as output:
            started = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.killable,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running.append(started)
        return started


@pytest.fixture(scope="module")
def installed(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The settings of the installation; on a server that was given, with a database of its own there."""
    if not GIVEN_DATABASE:
        yield environment
        return
    name = f"killed_{os.getpid()}"
    given = urlsplit(GIVEN_DATABASE)
    with contextlib.closing(import_module("psycopg").connect(GIVEN_DATABASE, autocommit=True)) as server:
        server.execute(f"CREATE DATABASE {name}")
        own = {**environment, "DATABASE_URL": urlunsplit(given._replace(path=f"/{name}"))}
        try:
            command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(command, cwd=ROOT, env=own, check=True, capture_output=True)
            yield own
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def portal(installed: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """An installation with one person who is signed in and sends."""
    portal = Portal(installed, tmp_path_factory.mktemp("killed"))
    portal.manage("shell", "-c", MAKE_SENDER)
    portal.start_web()
    portal.sign_in()
    try:
        yield portal
    finally:
        for process in portal.running:
            portal.kill(process)


def post_and_be_killed(portal: Portal, values: dict[str, Any], point: Point) -> None:
    """Press *Send*, and have the web server end at a point."""
    portal.kill_at(point)
    with contextlib.suppress(OSError, http.client.HTTPException):
        portal.browser.post(values["action"], values)
    portal.require_killed(portal.web, point)


def is_handed_out(portal: Portal) -> bool:
    """Tell whether every mail has left and every event is sealed."""
    jobs = portal.rows("SELECT 1 FROM core_job WHERE state IN ('pending', 'leased')")
    return not jobs and not portal.rows("SELECT 1 FROM items_event WHERE number IS NULL")


def end_leases(portal: Portal) -> None:
    """Let another worker take up at once what a killed one held; it would wait for two minutes."""
    portal.do("UPDATE core_job SET lease_until = '2000-01-01 00:00:00' WHERE state = 'leased'")


def require_once(portal: Portal, sent: int) -> None:
    """Require so many messages, units of the month and mails to both recipients, and every promise kept."""
    worker = portal.worker()
    assert eventually(lambda: is_handed_out(portal))
    assert worker.poll() is None
    assert portal.sent() == sent
    assert portal.rows("SELECT SUM(used) FROM quota_monthlycount") == [(sent,)]
    assert portal.rows("SELECT COUNT(*) FROM items_event WHERE kind = 'item:mail:handed_over'") == [(2 * sent,)]
    assert len(portal.mails()) == 2 * sent
    require_promises(portal)


def require_promises(portal: Portal) -> None:
    """Require that nothing stored contradicts anything else."""
    assert "Every promise is kept." in portal.manage("check_invariants")


def test_the_points_are_ten_and_both_outcomes_are_among_them() -> None:
    assert len({point.name for point in (*OF_THE_WEB_SERVER, *OF_THE_WORKER)}) == 10
    for points in (OF_THE_WEB_SERVER, OF_THE_WORKER):
        assert {point.done for point in points} == {0, 1}
        assert {point.place for point in points} == {INSIDE, OUTSIDE}


def test_statement_76_a_web_server_killed_anywhere_sends_nothing_or_one_message(portal: Portal) -> None:
    before, mails = portal.sent(), sum(portal.mails().values())
    for sent, point in enumerate(OF_THE_WEB_SERVER, start=before + 1):
        values = portal.composed()
        post_and_be_killed(portal, values, point)
        assert portal.sent() == sent - 1 + point.done, point
        portal.start_web()
        require_promises(portal)
        expected = 409 if point.done else 302
        assert portal.browser.post(values["action"], values).status_code == expected, point
        require_once(portal, sent)
    assert sum(portal.mails().values()) - mails == 2 * len(OF_THE_WEB_SERVER)


def test_statement_76_a_worker_killed_anywhere_mails_the_same_mail_again_at_most(portal: Portal) -> None:
    portal.stop_worker()
    for sent, point in enumerate(OF_THE_WORKER, start=portal.sent() + 1):
        values = portal.composed()
        assert portal.browser.post(values["action"], values).status_code == 302
        mails = sum(portal.mails().values())
        portal.kill_at(point)
        portal.require_killed(portal.start_worker(), point)
        end_leases(portal)
        worker = portal.worker()
        require_promises(portal)
        assert worker.poll() is None
        assert portal.browser.post(values["action"], values).status_code == 409
        require_once(portal, sent)
        portal.stop_worker()
        # The mail that was written before the worker could note it lies there once more, with the same link.
        assert sum(portal.mails().values()) - mails == 2 + point.done, point
