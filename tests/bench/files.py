"""Measure sealed files beside plain ones: in this process, and through the web server."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from core.crypto.container import ContainerId, ContainerReader, ContainerWriter
from core.crypto.links import new_secret
from tests.bench.browser import Answer, Broken, Browser
from tests.bench.servers import FILE_SITE, served
from tests.bench.table import Goal, Measured
from tests.multipart import CONTENT_TYPE, Sent, body_of

SIZE_BYTES = 256 * (1 << 20)
PIECE_BYTES = 1 << 20
# All chunks but one of four lie whole in what is written, and are sealed from there.
SEALED_AT_ONCE_BYTES = 4 * PIECE_BYTES
NAME = ContainerId(b"the whole".ljust(16), b"the file".ljust(16))
SEALING, OPENING = Goal(must=0.75, aim=0.9), Goal(must=0.8, aim=0.9)
UPLOAD, DOWNLOAD = Goal(must=0.9, aim=1.05), Goal(must=0.7, aim=0.85)

Act = Callable[[], float]


@dataclass(frozen=True)
class Compared:
    """A plain way and our ways of the same thing, each an act that returns the seconds it took."""

    base: tuple[str, Act]
    own: tuple[tuple[str, Act, Goal], ...]


def measure_files(folder: Path, rounds: int) -> list[list[Measured]]:
    """Return, for each group, what was measured: the plain way first.

    Args:
        folder: empty, with room for a gigabyte and a half.
    """
    groups = [_run(_in_this_process(folder), rounds)]
    with served(FILE_SITE, folder / "site", "", "unused") as browser:
        groups += [_run(compared, rounds) for compared in _over_http(browser)]
    return groups


def _run(compared: Compared, rounds: int) -> list[Measured]:
    """Measure each own way in turn with the plain one."""
    name, plain = compared.base
    base, found = Measured(name, [], SIZE_BYTES), list[Measured]()
    for name, act, goal in compared.own:
        pairs = [(plain(), act()) for _turn in range(-1, rounds)][1:]
        beside, seconds = ([pair[at] for pair in pairs] for at in range(2))
        found.append(Measured(name, seconds, SIZE_BYTES, goal, beside))
        base.seconds.extend(beside)
    return [base, *found]


def _in_this_process(folder: Path) -> Compared:
    plain, sealed, copied, opened = (folder / name for name in ("plain", "sealed", "copied", "opened"))
    key = new_secret()
    with plain.open("wb") as file:
        for _ in range(SIZE_BYTES // PIECE_BYTES):
            file.write(os.urandom(PIECE_BYTES))

    def copy() -> None:
        buffer = memoryview(bytearray(PIECE_BYTES))
        with plain.open("rb", buffering=0) as source, copied.open("wb", buffering=0) as sink:
            while count := source.readinto(buffer):
                sink.write(buffer[:count])

    def seal() -> None:
        buffer = memoryview(bytearray(SEALED_AT_ONCE_BYTES))
        with plain.open("rb", buffering=0) as source, sealed.open("wb", buffering=0) as sink:
            writer = ContainerWriter(sink, key, NAME)
            while count := source.readinto(buffer):
                writer.write(buffer[:count])
            writer.close()

    def open_() -> None:
        with sealed.open("rb") as source, opened.open("wb", buffering=0) as sink:
            for piece in ContainerReader(source, key, NAME, plain_bytes=SIZE_BYTES).read():
                sink.write(piece)

    own = (("sealed", _timed(seal, sealed), SEALING), ("opened", _timed(open_, opened), OPENING))
    return Compared(("plain copy of a file", _timed(copy, copied)), own)


def _over_http(browser: Browser) -> list[Compared]:
    token = json.loads(browser.get("/sealed/").body)["token"]
    parts = [Sent("csrfmiddlewaretoken", token.encode()), Sent("uploads", os.urandom(SIZE_BYTES), "file.bin")]
    form = body_of(parts)
    told = json.loads(_sent(browser, "/sealed/", form).body)["uploads"][0]
    described = urlencode(told)

    def send(path: str) -> Act:
        return lambda: _sent(browser, path, form).seconds

    def fetch(path: str) -> Act:
        return lambda: _fetched(browser, f"{path}?{described}")

    return [
        Compared(("upload, Django's own", send("/plain/")), (("upload, sealed", send("/unclaimed/"), UPLOAD),)),
        Compared(
            ("download, FileResponse", fetch("/plain-download/")),
            (("download, opened", fetch("/download/"), DOWNLOAD),),
        ),
    ]


def _timed(act: Callable[[], None], written: Path) -> Act:
    """Time an act, then wait until the disk has what it wrote, so that the next one does not pay for it."""

    def measured() -> float:
        started_at = time.perf_counter()
        act()
        seconds = time.perf_counter() - started_at
        with written.open("rb") as file:
            os.fsync(file.fileno())
        return seconds

    return measured


def _sent(browser: Browser, path: str, form: bytes) -> Answer:
    answer = browser.post(path, form, CONTENT_TYPE)
    if answer.status != 200:
        raise Broken(f"{path} answered {answer.status}.")
    return answer


def _fetched(browser: Browser, path: str) -> float:
    answer = browser.get(path)
    if answer.status != 200 or len(answer.body) < SIZE_BYTES:
        raise Broken(f"{path.partition('?')[0]} answered {answer.status}.")
    return answer.seconds
