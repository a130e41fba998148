"""The web server: one process for each core, 16 threads in each, and beside them worker and sealer under `make run`.

Source: docs/decisions/0011-two-commands.md, docs/decisions/0061-key-process.md
"""

import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from gunicorn import util
from gunicorn.glogging import Logger
from gunicorn.http.wsgi import Response

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from portal.env import Env, SettingRefused  # noqa: E402
from portal.headers import headers_of_every_answer  # noqa: E402

STOP_SECONDS = 30
# No page can be drawn for a request that cannot be read, and nobody's language is known.
UNREADABLE = "Invalid request"
REFUSAL = """\
The portal could not answer this request. Please go back, load the page again and try once more.
Le portail n’a pas pu répondre à cette demande. Veuillez revenir en arrière, recharger la page et réessayer.
"""

try:
    env = Env.read(ROOT)
    host, port = env.text("HOST", "127.0.0.1"), env.integer("PORT", 8000, 1, 65535)
    public_url = env.url("PUBLIC_URL", f"http://localhost:{port}")
    workers = env.integer("WEB_WORKERS", os.cpu_count() or 1, 1, 64)
    # Only a named proxy may say that a request came over https.
    forwarded_allow_ips = ",".join(env.networks("TRUSTED_PROXIES"))
except SettingRefused as refusal:
    sys.exit(str(refusal))

wsgi_app = "portal.wsgi"
chdir = str(ROOT)
bind = f"[{host}]:{port}" if ":" in host and not host.startswith("[") else f"{host}:{port}"
worker_class = "gthread"
threads = 16
timeout = 30
graceful_timeout = STOP_SECONDS
keepalive = 5
loglevel = "warning"
accesslog = None
access_log_format = '%(h)s %(t)s "%(r)s" %(s)s %(B)s %(M)s'
# The shared memory of Linux: a slow disk then never makes a living process look dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# The control socket would be shared by all portals of one person.
control_socket_disable = True

# What follows the locator of a link, or the mark of its fragment, in whatever is written down.
BEHIND_LOCATOR = re.compile(r"(/[oes]/[\w-]{1,22})[^\s\"']*")


class DiscreetLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Logs without secrets: nothing of what could not be read, nothing behind the locator of a link.

    A secret whose # became %23 stands there.
    """

    def setup(self, cfg: Any) -> None:
        """Cut the lines of both logs."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.addFilter(cut_links)

    def warning(self, message: str, *args: Any, **kwargs: Any) -> None:
        """Write a warning; of an unreadable request only that there was one."""
        if message.startswith(UNREADABLE):
            message, args = f"{UNREADABLE}; what it said is not kept.", ()
        super().warning(message, *args, **kwargs)


def cut_links(record: logging.LogRecord) -> bool:
    """Take from a line what stands behind the locators of links."""
    record.msg, record.args = BEHIND_LOCATOR.sub(r"\1", record.getMessage()), ()
    return True


logger_class = DiscreetLogger

started_beside: list[subprocess.Popen[bytes]] = []
headers_with_server = Response.default_headers


def headers_without_server(response: Any) -> list[str]:
    """Return the headers of every answer without the name of the server."""
    return [header for header in headers_with_server(response) if not header.startswith("Server:")]


Response.default_headers = headers_without_server


def write_refusal(sock: Any, status: int, reason: str, cause: str) -> None:
    """Answer a request that does not reach the portal; the cause, which may quote the request, is not repeated."""
    body = REFUSAL.encode()
    headers = {
        **headers_of_every_answer(is_https=public_url.startswith("https://")),
        "Cache-Control": "no-store, private",
        "Connection": "close",
        "Content-Length": str(len(body)),
        "Content-Type": "text/plain; charset=utf-8",
    }
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    util.write_nonblock(sock, "\r\n".join(lines).encode() + body)


util.write_error = write_refusal


def when_ready(server: Any) -> None:
    """Start worker and sealer once the port is ours, and say where the portal is.

    Each gets a session of its own, so that Ctrl+C reaches it through this process alone; it leaves by itself when this
    process is gone.
    """
    if env.boolean("PORTAL_STARTS_WORKER"):
        environment = {**os.environ, "WORKER_PARENT_PID": str(os.getpid())}
        for command in commands_beside():
            line = [sys.executable, "manage.py", command]
            started_beside.append(subprocess.Popen(line, cwd=ROOT, env=environment, start_new_session=True))
        print(f"\nThe portal is ready at {public_url} (Ctrl+C stops it)", flush=True)


def commands_beside() -> list[str]:
    """Return what runs beside the server; a real portal without a sealing key has no sealer."""
    is_demo = env.choice("PORTAL_ENV", ("demo", "production"), "demo") == "demo"
    return ["run_worker", "run_sealer"] if is_demo or env.text("SEAL_KEY") else ["run_worker"]


def on_exit(server: Any) -> None:
    """End worker and sealer, and wait until the work is handed back."""
    for beside in started_beside:
        beside.terminate()
    for beside in started_beside:
        try:
            beside.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            beside.kill()
