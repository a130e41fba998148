"""The web server as `make run` starts it: it answers, says little of itself, and leaves nothing behind."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from email.message import Message
from http.client import HTTPResponse
from pathlib import Path

import pytest

from portal.headers import headers_of_every_answer
from tests.deploy.scripts import ROOT

PATIENCE_SECONDS = 60

pytestmark = pytest.mark.xdist_group("server")


def is_alive(process_id: int) -> bool:
    """Tell whether a process runs; one that has ended and waits to be noticed does not."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(process_id)], capture_output=True, text=True, check=False)
    return done.stdout.strip()[:1] not in {"", "Z"}


def children(process_id: int) -> list[int]:
    done = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = [line.split() for line in done.stdout.splitlines()]
    return [int(child) for child, parent in pairs if int(parent) == process_id]


def eventually(is_so: Callable[[], bool]) -> bool:
    """Ask again until it is so, or patience ends."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        if is_so():
            return True
        time.sleep(0.1)  # another process is waited for, not a clock
    return False


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the settings of a demo whose database is ready."""
    folder = tmp_path_factory.mktemp("installation")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    hidden = dict.fromkeys(("CACHE_URL", "DATABASE_URL", "HOST", "PORTAL_KEY_DIR", "PUBLIC_URL"), "")
    settings = {
        **{name: value for name, value in os.environ.items() if not name.startswith("COV_")},
        **hidden,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_ENV": "demo",
        "PORTAL_DATA_DIR": str(folder),
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "PORTAL_STARTS_WORKER": "yes",
    }
    for command in (["create_keys"], ["migrate", "--verbosity", "0"], ["collectstatic", "--noinput", "-v", "0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=settings, check=True, capture_output=True)
    return settings


@contextlib.contextmanager
def server(environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start gunicorn and wait until it answers; end it if the test has not."""
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "portal.wsgi"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        assert eventually(lambda: process.poll() is not None or answers(environment)), log.read_text(encoding="utf-8")
        assert process.poll() is None, log.read_text(encoding="utf-8")
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


def answers(environment: dict[str, str]) -> bool:
    with contextlib.suppress(urllib.error.URLError, ConnectionError):
        urllib.request.urlopen(f"http://localhost:{environment['PORT']}/health/live", timeout=10).close()
        return True
    return False


def headers_of(address: str) -> set[str]:
    """Return the names of the headers of an answer, of a refusal too."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return set(answer.headers)
    except urllib.error.HTTPError as refusal:
        return set(refusal.headers)


def test_answers_do_not_name_the_server(environment: dict[str, str], tmp_path: Path) -> None:
    address = f"http://localhost:{environment['PORT']}"
    with server(environment, tmp_path / "log"):
        for path in ("/health/live", "/static/staticfiles.json", "/no-such-page"):
            assert "Server" not in headers_of(address + path), path
    assert "The portal is ready at " + address in (tmp_path / "log").read_text(encoding="utf-8")


def test_a_setting_that_cannot_be_right_ends_the_server_with_one_line() -> None:
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "portal.wsgi"]
    environment = {**os.environ, "PORT": "eight"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "PORT must be a whole number from 1 to 65535.\n")


UNREADABLE = {
    "no request": (b"nonsense-canary\r\n\r\n", 400),
    "no method": (b"GET-canary{} / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    "no version": (b"GET /canary HTTP/7.7\r\nHost: localhost\r\n\r\n", 400),
    "no header": (b"GET / HTTP/1.1\r\nHost: localhost\r\ncanary\r\n\r\n", 400),
    "name of a header": (b"GET / HTTP/1.1\r\nHost: localhost\r\nca nary: 1\r\n\r\n", 400),
    "two lengths": (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    "long address": (b"GET /" + b"canary" * 1_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
    "long header": (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"canary" * 2_000 + b"\r\n\r\n", 431),
    "many headers": (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: canary\r\n" * 200 + b"\r\n", 431),
    "expectation": (b"GET / HTTP/1.1\r\nHost: localhost\r\nExpect: canary\r\n\r\n", 417),
    "coding": (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: canary\r\n\r\n", 501),
}


def raw_answer(environment: dict[str, str], request: bytes) -> tuple[int, Message, str]:
    """Send bytes as they are and return status, headers and text of the answer."""
    with socket.create_connection(("127.0.0.1", int(environment["PORT"])), timeout=10) as connection:
        connection.sendall(request)
        answer = HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.headers, answer.read().decode()


def test_what_no_page_can_answer_has_its_headers_and_a_kind_sentence_and_is_not_repeated(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """Statement 178."""
    with server({**environment, "PUBLIC_URL": "HTTPS://Portal.example"}, tmp_path / "log"):
        for case, (request, expected) in UNREADABLE.items():
            status, headers, text = raw_answer(environment, request)
            assert status == expected, case
            for name, value in headers_of_every_answer(is_https=True).items():
                assert headers.get_all(name) == [value], (case, name)
            assert not {"Server", "Set-Cookie"} & set(headers), case
            assert headers["Content-Type"] == "text/plain; charset=utf-8", case
            assert "Please go back" in text, case
            assert "réessayer" in text, case
            assert "canary" not in text, case
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "Invalid request" in log
    assert "canary" not in log
    assert "127.0.0.1" not in log


@pytest.mark.parametrize(("proxies", "status"), [("127.0.0.1", 200), ("127.0.0.0/8, 10.0.0.2", 200), ("10.0.0.2", 301)])
def test_only_a_named_proxy_says_that_a_request_came_over_https(
    environment: dict[str, str], tmp_path: Path, proxies: str, status: int
) -> None:
    """Plain http is led to https; behind a proxy that nobody named this would go on for ever."""
    settings = {**environment, "PUBLIC_URL": "https://portal.example", "TRUSTED_PROXIES": proxies}
    request = b"GET /help/ HTTP/1.1\r\nHost: portal.example\r\nConnection: close\r\n"
    with server(settings, tmp_path / "log"):
        assert raw_answer(settings, request + b"\r\n")[0] == 301
        assert raw_answer(settings, request + b"X-Forwarded-Proto: https\r\n\r\n")[0] == status


def test_statement_88_logs_hold_nothing_behind_the_locator_of_a_link(
    environment: dict[str, str], tmp_path: Path
) -> None:
    written = {**environment, "GUNICORN_CMD_ARGS": "--access-logfile - --log-level debug"}
    address, locator = f"http://localhost:{environment['PORT']}", "bm9ib2R5bm9ib2R5bm8"
    with server(written, tmp_path / "log"):
        for behind in ("%23canarysecret", "%23canarysecret/", "/files/canarysecret", "?canarysecret"):
            headers_of(f"{address}/o/{locator}{behind}")
        headers_of(f"{address}/help/?seen")
        with socket.create_connection(("127.0.0.1", int(environment["PORT"])), timeout=10) as connection:
            connection.sendall(f"GET /o/{locator}%23canarysecret HTTP/9.9\r\n\r\n".encode())
            connection.recv(4096)
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "/help/?seen" in log
    assert f"/o/{locator}" in log
    assert "canarysecret" not in log


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=["INT", "TERM", "KILL"])
def test_end_of_the_server_leaves_nothing_behind(
    environment: dict[str, str], tmp_path: Path, end: signal.Signals
) -> None:
    with server(environment, tmp_path / "log") as process:
        # One web process, the worker and the sealer.
        assert eventually(lambda: len(children(process.pid)) == 3)
        family = children(process.pid)
        process.send_signal(end)
        process.wait(timeout=PATIENCE_SECONDS)
        assert eventually(lambda: not any(map(is_alive, family)))
    with socket.create_server(("127.0.0.1", int(environment["PORT"]))):
        pass
