"""Run a portal of its own for a script: a free port, a temporary folder, the demo organization; nothing is left."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 300
OTHER_SETTINGS = ("CACHE_URL", "DATABASE_URL", "EMAIL_URL", "HOST", "PORTAL_KEY_DIR", "PUBLIC_URL", "SMS_URL")


class DidNotStart(RuntimeError):
    """The portal ended or took too long; the text is what it printed."""


@dataclass(frozen=True)
class DemoPortal:
    """Where the portal answers, the password of its demo accounts, the folder of its data, and its settings."""

    address: str
    password: str
    data_dir: Path
    environment: dict[str, str]


@contextlib.contextmanager
def demo_portal(*, most_items: int | None = None) -> Iterator[DemoPortal]:
    """Start a portal and end it when the script is done with it.

    Args:
        most_items: that anybody of the demo sent; None for a whole year of each.
    """
    limit = [] if most_items is None else ["--demo-items", str(most_items)]
    with tempfile.TemporaryDirectory(prefix="portal-") as folder:
        port = free_port()
        environment = settings_of_a_demo(Path(folder), port)
        log = Path(folder) / "server.log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [sys.executable, "deploy/start.py", *limit],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_until_ready(server, f"http://localhost:{port}/health/ready", log)
            yield DemoPortal(f"http://localhost:{port}", demo_password(log), Path(folder) / "data", environment)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=START_SECONDS)


def settings_of_a_demo(folder: Path, port: int) -> dict[str, str]:
    """Return the environment of a demo; an empty value hides the one of .env."""
    hidden = dict.fromkeys(OTHER_SETTINGS, "")
    return {
        **os.environ,
        **hidden,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_ENV": "demo",
        "PORTAL_DATA_DIR": str(folder / "data"),
        "PORT": str(port),
    }


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Ask until the portal answers; leave with what it printed when it ended or took too long."""
    give_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up_at and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310
            return
        time.sleep(0.2)
    raise DidNotStart(log.read_text(encoding="utf-8"))


def demo_password(log: Path) -> str:
    """Return the password that the start printed."""
    found = re.search(r"^Demo password: (.+)$", log.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise DidNotStart("no demo password was printed")
    return found[1].strip()
