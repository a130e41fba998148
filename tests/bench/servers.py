"""Start the portal and the bare project under the same server with databases of their own, and end both."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.browser import HOST, PATIENCE_SECONDS, Broken, Browser

ROOT = Path(__file__).resolve().parent.parent.parent
# An empty value hides the one of .env.
HIDDEN = dict.fromkeys(("CACHE_URL", "EMAIL_URL", "HOST", "PORTAL_KEY_DIR", "PUBLIC_URL", "SMS_URL"), "")
PORTAL_COMMANDS = (
    ("manage.py", "create_keys"),
    ("manage.py", "migrate", "--verbosity", "0"),
    ("manage.py", "collectstatic", "--noinput", "--verbosity", "0"),
    ("-m", "tests.bench.portal_person"),
    ("-m", "tests.bench.portal_message"),
    ("-m", "tests.bench.portal_log"),
)
BARE_COMMANDS = (("-m", "tests.bench.bare.seed"),)


@dataclass(frozen=True)
class Project:
    """Something the web server can serve.

    Args:
        commands: arguments of Python that prepare the database, in order.
        application: module of the WSGI application.
        settings: module of Django's settings.
    """

    commands: tuple[tuple[str, ...], ...]
    application: str
    settings: str


PORTAL = Project(PORTAL_COMMANDS, "portal.wsgi", "portal.settings")
BARE = Project(BARE_COMMANDS, "tests.bench.bare.wsgi", "tests.bench.bare.settings")
FILE_SITE = Project((("manage.py", "create_keys"),), "tests.file_site.wsgi", "tests.file_site.settings")


@contextlib.contextmanager
def served(project: Project, folder: Path, database_url: str, password: str) -> Iterator[Browser]:
    """Prepare a project in an empty folder, serve it, and yield a browser at its address.

    Args:
        password: what its person signs in with.
    """
    folder.mkdir()
    port = free_port()
    environment = environment_of(project, folder, database_url) | {"BENCH_PASSWORD": password, "PORT": str(port)}
    for arguments in project.commands:
        run(arguments, environment)
    log = folder / "server.log"
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", project.application]
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    browser = Browser(port)
    try:
        wait_until_open(server, port, log)
        yield browser
    finally:
        browser.close()
        end(server)


def environment_of(project: Project, folder: Path, database_url: str) -> dict[str, str]:
    """Return the environment in which a project's commands run."""
    return {
        **os.environ,
        **HIDDEN,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": project.settings,
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_ENV": "demo",
    }


def run(arguments: tuple[str, ...], environment: dict[str, str]) -> str:
    """Run Python with these arguments and return what it printed.

    Raises:
        Broken: it failed; the text holds what it printed.
    """
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Broken(f"{' '.join(arguments)} failed.\n{done.stdout}{done.stderr}")
    return done.stdout


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_until_open(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until the port takes connections.

    Raises:
        Broken: the server ended, or took too long.
    """
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.05)
    raise Broken(f"A server did not start.\n{log.read_text(encoding='utf-8')}")


def end(server: subprocess.Popen[bytes]) -> None:
    """End a server and wait until it is gone."""
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@contextlib.contextmanager
def own_databases(folder: Path, server_url: str) -> Iterator[tuple[str, str]]:
    """Yield the addresses of two databases that nobody else uses.

    Args:
        server_url: a PostgreSQL database whose user may create others; without one they are files in the folder.
    """
    if not server_url:
        yield f"sqlite:///{folder / 'bare.sqlite3'}", f"sqlite:///{folder / 'portal.sqlite3'}"
        return
    import psycopg  # an optional package, only here

    mark = secrets.token_hex(4)
    names = [f"bench_bare_{mark}", f"bench_portal_{mark}"]
    with psycopg.connect(server_url, autocommit=True) as connection:
        try:
            for name in names:
                connection.execute(f"CREATE DATABASE {name}")
            bare, portal = (f"{server_url.rpartition('/')[0]}/{name}" for name in names)
            yield bare, portal
        finally:
            for name in names:
                connection.execute(f"DROP DATABASE IF EXISTS {name}")
