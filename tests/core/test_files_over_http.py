"""Files through the real web server: broken connections, endless bodies, and what a transfer costs.

The server's processes are counted by Linux's /proc; elsewhere only what is answered is judged.
"""

import http.client
import json
import os
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.bench.browser import HOST, PATIENCE_SECONDS
from tests.bench.servers import FILE_SITE, served
from tests.file_site.views import DESCRIBED
from tests.multipart import CONTENT_TYPE, Sent, body_of

MEGABYTE = 1 << 20
CANARY = b"the last will of Mrs Tremblay"
MEMORY_BYTES = 64 * 1_000_000
PROCESSOR_SECONDS = 2.0
linux = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs Linux's /proc")


class Site:
    """The file site, served by gunicorn as the portal is."""

    def __init__(self, port: int, data: Path, temporary: Path) -> None:
        self.port = port
        self.data = data
        self.temporary = temporary
        answer = self.ask("GET", "/sealed/")
        self.cookie = str(answer.headers["Set-Cookie"]).partition(";")[0]
        self.token = Sent("csrfmiddlewaretoken", json.loads(answer.body)["token"].encode())

    def connect(self) -> socket.socket:
        return socket.create_connection((HOST, self.port), timeout=PATIENCE_SECONDS)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
        """Send a request whole and return the answer, its body read as far as it came."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE_SECONDS)
        connection.request(method, path, body, headers)
        answer: Any = connection.getresponse()
        answer.is_broken = False
        try:
            answer.body = answer.read()
        except http.client.IncompleteRead as broken:
            answer.is_broken, answer.body = True, broken.partial
        connection.close()
        return answer

    def send(self, *parts: Sent, path: str = "/sealed/") -> Any:
        """Post a form with files."""
        return self.ask("POST", path, body_of([self.token, *parts]), **self.form_headers())

    def form_headers(self) -> dict[str, str]:
        return {"Content-Type": CONTENT_TYPE, "Cookie": self.cookie}

    def begin(self, path: str, **headers: str) -> socket.socket:
        """Send the head of a form and return the connection."""
        lines = {"Host": HOST, **self.form_headers(), **headers}
        connection = self.connect()
        head = [f"POST {path} HTTP/1.1", *(f"{name.replace('_', '-')}: {value}" for name, value in lines.items())]
        connection.sendall("\r\n".join([*head, "", ""]).encode())
        return connection

    def stored(self) -> list[Path]:
        """Return every file of the blobs, complete or not."""
        return [path for path in (self.data / "blobs").rglob("*") if path.is_file()]

    def settles_at(self, count: int) -> bool:
        """Tell whether so many files remain, within a few seconds."""
        give_up_at = time.monotonic() + 10
        while time.monotonic() < give_up_at and len(self.stored()) != count:
            time.sleep(0.02)
        return len(self.stored()) == count


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, temporary = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        patch.setenv("WEB_WORKERS", "1")
        with served(FILE_SITE, folder / "data", f"sqlite:///{folder / 'unused.sqlite3'}", "unused") as browser:
            yield Site(browser.port, folder / "data", temporary)


def children_of(pid: int) -> list[int]:
    """Return the processes that a process started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def worker_of(site: Site) -> int:
    """Return the process that answers: the child of the one of our children that serves the site."""
    (worker,) = (
        child
        for server in children_of(os.getpid())
        if b"tests.file_site.wsgi" in Path(f"/proc/{server}/cmdline").read_bytes()
        for child in children_of(server)
    )
    return worker


def peak_bytes(pid: int) -> int:
    (line,) = (line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def file(content: bytes, **more: Any) -> Sent:
    return Sent("uploads", content, "will.pdf", "application/pdf", **more)


def download_path(told: dict[str, Any], path: str = "/download/?") -> str:
    return path + urlencode({name: told[name] for name in DESCRIBED})


def kept(site: Site, content: bytes) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(site.send(file(content)).body)["uploads"][0]
    return told


def test_a_file_goes_in_and_comes_out(site: Site) -> None:
    content = os.urandom(3 * MEGABYTE)
    told = kept(site, content)
    answer = site.ask("GET", download_path(told))
    assert (answer.status, answer.body, answer.is_broken) == (200, content, False)
    part = site.ask("GET", download_path(told), Range="bytes=1048570-1048580")
    assert (part.status, part.body) == (206, content[1_048_570:1_048_581])
    head = site.ask("HEAD", download_path(told))
    assert (head.status, head.headers["Content-Length"], head.body) == (200, str(len(content)), b"")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_statement_109_a_damaged_download_is_an_error_and_not_a_short_file(site: Site) -> None:
    told = kept(site, os.urandom(3 * MEGABYTE))
    (path,) = (path for path in site.stored() if path.name == told["blob"])
    changed = bytearray(path.read_bytes())
    changed[-1] ^= 1
    path.write_bytes(changed)
    answer = site.ask("GET", download_path(told))
    assert answer.is_broken
    assert len(answer.body) < told["size_bytes"] == int(answer.headers["Content-Length"])
    described = {f"{name}0": told[name] for name in DESCRIBED}
    archive = site.ask("GET", f"/archive/?{urlencode(described | {'count': 1})}")
    assert archive.is_broken
    assert site.ask("GET", "/health/live").status == 200


def test_an_upload_that_breaks_off_leaves_nothing(site: Site) -> None:
    before = len(site.stored())
    body = body_of([site.token, file(os.urandom(5 * MEGABYTE))])
    for linger in (False, True):
        connection = site.begin("/sealed/", Content_Length=str(len(body)))
        connection.sendall(body[: 3 * MEGABYTE])
        assert site.settles_at(before + 1), "it arrives"
        if linger:  # a reset instead of an end
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        assert site.settles_at(before), "it is gone"
    assert site.ask("GET", "/health/live").status == 200


@linux
def test_statement_139_what_is_too_much_costs_little(site: Site) -> None:
    worker, before = worker_of(site), len(site.stored())
    site.send(file(b"x" * 3 * MEGABYTE), path="/unclaimed/")
    memory, seconds = peak_bytes(worker), processor_seconds(worker)
    encoded = file(b"YWJj" * 100_000, extra=("Content-Transfer-Encoding: base64",))
    assert site.send(encoded).status == 400
    assert site.send(*[file(b"x")] * 10_000, path="/sealed/?files_at_most=5").status == 422
    assert site.send(file(b"x" * 10 * MEGABYTE), path="/sealed/?bytes_at_most=1000").status == 422
    assert peak_bytes(worker) - memory < MEMORY_BYTES
    assert processor_seconds(worker) - seconds < 3 * PROCESSOR_SECONDS
    assert site.settles_at(before)


@linux
@pytest.mark.parametrize("declared", [{"Transfer_Encoding": "chunked"}, {"Content_Length": str(10**13)}])
def test_statement_139_an_endless_body_is_not_read_for_long(site: Site, declared: dict[str, str]) -> None:
    worker, before = worker_of(site), len(site.stored())
    memory, seconds = peak_bytes(worker), processor_seconds(worker)
    connection = site.begin("/sealed/?bytes_at_most=1000", **declared)
    chunk = b"x" * MEGABYTE
    sent = 0
    try:
        connection.sendall((b"%x\r\n" % 10**13 if "Transfer_Encoding" in declared else b"") + bytes(site.token))
        connection.sendall(bytes(file(b""))[:-2])
        while sent < 500:
            connection.sendall(chunk)
            sent += 1
    except OSError:
        pass
    finally:
        connection.close()
    assert sent < 100, "the server should have ended the connection"
    assert peak_bytes(worker) - memory < MEMORY_BYTES
    assert processor_seconds(worker) - seconds < PROCESSOR_SECONDS
    assert site.settles_at(before)


@linux
def test_statement_120_a_large_file_touches_no_disk_and_little_memory(site: Site) -> None:
    size = 96 * MEGABYTE
    piece = CANARY.ljust(32) * (MEGABYTE // 32)
    worker = worker_of(site)
    kept(site, piece * 3)
    memory = peak_bytes(worker)
    head, end = body_of([site.token, file(b"\0")]).split(b"\0")
    connection = site.begin("/sealed/", Content_Length=str(len(head) + size + len(end)))
    connection.sendall(head)
    looked = 0
    for number in range(size // MEGABYTE):
        connection.sendall(piece)
        if number % 16 == 15:
            assert_no_canary(site)
            looked += len(open_arrivals(worker))
    connection.sendall(end)
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    (told,) = json.loads(answer.read())["uploads"]
    answer.close()
    connection.close()
    assert looked >= 6, "each time, the blob that arrives is open"
    assert told["size_bytes"] == size
    came = site.ask("GET", download_path(told)).body
    assert len(came) == size
    assert came[:MEGABYTE] == piece
    assert peak_bytes(worker) - memory < 16 * MEGABYTE
    assert_no_canary(site)


def assert_no_canary(site: Site) -> None:
    """Look into every file of the server's folders."""
    for folder in (site.data, site.temporary):
        for path in folder.rglob("*"):
            assert not path.is_file() or CANARY not in path.read_bytes(), path.name


def open_arrivals(worker: int) -> list[str]:
    """Return the files that the server is writing; everything else it has open is a socket, a log or a library."""
    targets: list[str] = []
    for handle in Path(f"/proc/{worker}/fd").iterdir():
        with suppress(FileNotFoundError):
            targets.append(os.readlink(handle))
    assert not [target for target in targets if target.startswith(("/tmp/tmp", "/var/tmp"))]
    return [target for target in targets if Path(target).parent.name == "arriving"]
