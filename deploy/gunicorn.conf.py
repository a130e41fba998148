"""The web server: one process for each core, 16 threads in each, and beside them the worker under `make run`.

Source: docs/decisions/0011-two-commands.md
"""

import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.http.wsgi import Response

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from portal.env import Env  # noqa: E402

STOP_SECONDS = 30

env = Env.read(ROOT)
host, port = env.text("HOST", "127.0.0.1"), env.integer("PORT", 8000, 1, 65535)
public_url = env.url("PUBLIC_URL", f"http://localhost:{port}")

wsgi_app = "portal.wsgi"
chdir = str(ROOT)
bind = f"[{host}]:{port}" if ":" in host and not host.startswith("[") else f"{host}:{port}"
worker_class = "gthread"
threads = 16
workers = env.integer("WEB_WORKERS", os.cpu_count() or 1, 1, 64)
timeout = 30
graceful_timeout = STOP_SECONDS
keepalive = 5
loglevel = "warning"
accesslog = None
access_log_format = '%(h)s %(t)s "%(r)s" %(s)s %(B)s %(M)s'
# The shared memory of Linux: a slow disk then never makes a living process look dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# Only a named proxy may say that a request came over https.
forwarded_allow_ips = ",".join(env.words("TRUSTED_PROXIES"))
# The control socket would be shared by all portals of one person.
control_socket_disable = True

# What follows the locator of a link, or the mark of its fragment, in whatever is written down.
BEHIND_LOCATOR = re.compile(r"(/[oes]/[\w-]{1,22})[^\s\"']*")


class LogWithoutLinks(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Writes logs in which nothing stands behind a link's locator: a secret whose # became %23 stands there."""

    def setup(self, cfg: Any) -> None:
        """Cut the lines of both logs."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.addFilter(cut_links)


def cut_links(record: logging.LogRecord) -> bool:
    """Take from a line what stands behind the locators of links."""
    record.msg, record.args = BEHIND_LOCATOR.sub(r"\1", record.getMessage()), ()
    return True


logger_class = LogWithoutLinks

started_workers: list[subprocess.Popen[bytes]] = []
headers_with_server = Response.default_headers


def headers_without_server(response: Any) -> list[str]:
    """Return the headers of every answer without the name of the server."""
    return [header for header in headers_with_server(response) if not header.startswith("Server:")]


Response.default_headers = headers_without_server


def when_ready(server: Any) -> None:
    """Start the worker once the port is ours, and say where the portal is.

    The worker gets a session of its own, so that Ctrl+C reaches it through this process alone; it leaves by itself when
    this process is gone.
    """
    if env.boolean("PORTAL_STARTS_WORKER"):
        environment = {**os.environ, "WORKER_PARENT_PID": str(os.getpid())}
        command = [sys.executable, "manage.py", "run_worker"]
        started_workers.append(subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True))
        print(f"\nThe portal is ready at {public_url} (Ctrl+C stops it)", flush=True)


def on_exit(server: Any) -> None:
    """End the worker, and wait until it has handed its work back."""
    for worker in started_workers:
        worker.terminate()
    for worker in started_workers:
        try:
            worker.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            worker.kill()
