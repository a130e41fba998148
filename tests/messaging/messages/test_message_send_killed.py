"""Web server and worker killed at any point of a sending: nothing was sent, or one message, counted and mailed once.

A sweep of instants stands for the points, since nothing in the portal knows that it is being tested.
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
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.deploy.scripts import ROOT
from tests.deploy.test_server import PATIENCE_SECONDS, answers, environment, eventually
from tests.messaging.messages.composing import NOAH, ZOE, filled, values_of

__all__ = ["environment"]

PASSWORD = "harbour-lantern-maple-otter"
SENDER = "robin@demo.example"
# The web server ends so long after the form was posted, the worker so long after it has taken up the mails.
WEB_ENDS_AFTER_MS = (0, 10, 25, 50, 80, 120)
WORKER_ENDS_AFTER_MS = (0, 5, 15, 40)
FORMS = "application/x-www-form-urlencoded"

pytestmark = [
    pytest.mark.xdist_group("server"),
    pytest.mark.skipif(bool(os.environ.get("TEST_DATABASE_URL")), reason="an installation of its own, on SQLite, once"),
]

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
        self.data, self.log = Path(environment["PORTAL_DATA_DIR"]), folder / "log"
        self.browser = Browser(int(environment["PORT"]))
        self.running: list[subprocess.Popen[bytes]] = []
        self._web: subprocess.Popen[bytes] | None = None
        self._worker: subprocess.Popen[bytes] | None = None

    @property
    def database(self) -> Path:
        return self.data / "portal.sqlite3"

    def start_web(self) -> None:
        self._web = started = self._start("-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "portal.wsgi")
        assert eventually(lambda: started.poll() is not None or answers(self.environment)), self.log.read_text()
        assert started.poll() is None, self.log.read_text()

    def stop_web(self) -> None:
        assert self._web is not None
        self.kill(self._web)

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
        with contextlib.closing(sqlite3.connect(self.database, timeout=30)) as database:
            return database.execute(question).fetchall()

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

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as output:
            started = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running.append(started)
        return started


@pytest.fixture(scope="module")
def portal(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """An installation with one person who is signed in and sends."""
    portal = Portal(environment, tmp_path_factory.mktemp("killed"))
    portal.manage("shell", "-c", MAKE_SENDER)
    portal.start_web()
    portal.sign_in()
    try:
        yield portal
    finally:
        for process in portal.running:
            portal.kill(process)


def post_and_kill(portal: Portal, values: dict[str, Any], after_ms: int) -> None:
    """Press *Send*, and kill the web server so many milliseconds later."""

    def press() -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            portal.browser.post(values["action"], values)

    pressed = threading.Thread(target=press)
    pressed.start()
    time.sleep(after_ms / 1_000)  # the point at which the server ends, not a wait for something
    portal.stop_web()
    pressed.join()


def is_handed_out(portal: Portal) -> bool:
    """Tell whether every mail has left and every event is sealed."""
    jobs = portal.rows("SELECT 1 FROM core_job WHERE state IN ('pending', 'leased')")
    return not jobs and not portal.rows("SELECT 1 FROM items_event WHERE number IS NULL")


def end_leases(portal: Portal) -> None:
    """Let another worker take up at once what a killed one held; it would wait for two minutes."""
    with contextlib.closing(sqlite3.connect(portal.database, timeout=30)) as database, database:
        database.execute("UPDATE core_job SET lease_until = '2000-01-01 00:00:00' WHERE state = 'leased'")


def kill_with_mails(portal: Portal, after_ms: int) -> None:
    """Start a worker, and kill it so many milliseconds after it has taken up the mails that wait."""
    worker = portal.start_worker()
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while portal.rows("SELECT 1 FROM core_job WHERE attempts = 0") and time.monotonic() < give_up_at:
        time.sleep(0.002)  # another process is waited for, not a clock
    time.sleep(after_ms / 1_000)  # the point at which the worker ends
    portal.kill(worker)
    assert not portal.rows("SELECT 1 FROM core_job WHERE attempts = 0")
    end_leases(portal)


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


def test_statement_76_a_web_server_killed_anywhere_sends_nothing_or_one_message(portal: Portal) -> None:
    before, mails = portal.sent(), sum(portal.mails().values())
    for sent, after_ms in enumerate(WEB_ENDS_AFTER_MS, start=before + 1):
        values = portal.composed()
        post_and_kill(portal, values, after_ms)
        assert portal.sent() in (sent - 1, sent), after_ms
        portal.start_web()
        require_promises(portal)
        assert portal.browser.post(values["action"], values).status_code in (302, 409), after_ms
        require_once(portal, sent)
    assert sum(portal.mails().values()) - mails == 2 * len(WEB_ENDS_AFTER_MS)


def test_statement_76_a_worker_killed_anywhere_mails_the_same_mail_again_at_most(portal: Portal) -> None:
    portal.stop_worker()
    for sent, after_ms in enumerate(WORKER_ENDS_AFTER_MS, start=portal.sent() + 1):
        values = portal.composed()
        assert portal.browser.post(values["action"], values).status_code == 302
        mails = sum(portal.mails().values())
        kill_with_mails(portal, after_ms)
        worker = portal.worker()
        require_promises(portal)
        assert worker.poll() is None
        assert portal.browser.post(values["action"], values).status_code == 409
        require_once(portal, sent)
        portal.stop_worker()
        # The mail that was being handed over may lie there once more, with the same link.
        assert sum(portal.mails().values()) - mails in (2, 3), after_ms
