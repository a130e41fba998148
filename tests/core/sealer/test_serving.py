"""The sealer: signs digests for one user, notes each, and gives nothing else away."""

import contextlib
import hashlib
import logging
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from core.crypto.seal_keys import read_chain, read_key, was_signed
from core.sealer import serving
from core.sealer.asking import SealerAway, sign_by_sealer
from core.sealer.peers import uid_behind
from core.sealer.protocol import MAGIC, answer, request
from core.sealer.serving import Sealer, SocketTaken, listen
from tests.core.crypto.test_seal_keys import elliptic, pair, pem, record

DIGEST = hashlib.sha256(b"a document").digest()
PATIENCE_SECONDS = 60
KEEPER, WORKER, WEB = 64001, 64002, 64003
# Python itself may lie where other users cannot read it, so everything is loaded before the user changes.
AS_USER = """
import os, sys
from pathlib import Path
from core.crypto.seal_keys import read_chain
from core.sealer.asking import SealerAway, sign_by_sealer
from core.sealer.files import read_key_file
from core.sealer.serving import Sealer

what, user, folder, worker = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
key, path, chain = folder / "key.pem", folder / "socket" / "s", read_chain((folder / "chain.pem").read_bytes())
read_key_file(key, proven=False)
os.setgroups([])
os.setgid(user)
os.setuid(user)
if what == "serve":
    Sealer(read_key_file(key), path=path, user=worker).run()
try:
    key.read_bytes()
    print("reads the key")
except PermissionError:
    print("reads no key")
try:
    sign_by_sealer(b"d" * 32, path=path, chain=chain)
    print("gets a signature")
except SealerAway:
    print("gets nothing")
"""
SAYS = """
import socket, sys

connection, _address = socket.socket(fileno=int(sys.argv[1])).accept()
connection.sendall(bytes.fromhex(sys.argv[2]))
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short name, since that of a socket must be short."""
    made = Path(tempfile.mkdtemp(prefix="seal"))
    yield made
    shutil.rmtree(made)


def eventually(is_so: Callable[[], bool]) -> bool:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        if is_so():
            return True
        time.sleep(0.05)  # another process is waited for, not a clock
    return False


def asked(sent: bytes, *, user: int | None = None, ends: bool = True) -> bytes:
    """Return what a sealer answers to bytes that came over a connection."""
    sealer = Sealer(read_key(pem(elliptic())), path=Path("unused"), user=os.geteuid() if user is None else user)
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    with here, there:
        here.sendall(sent)
        if ends:
            here.shutdown(socket.SHUT_WR)
        sealer.answer(there)
        there.close()
        # What was sent and not read makes an end a reset.
        with contextlib.suppress(ConnectionResetError):
            return here.recv(10_000)
        return b""


def test_the_kernel_says_who_asks() -> None:
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    with here, there:
        assert uid_behind(there) == os.geteuid()


def test_statement_166_a_digest_gets_a_signature_and_its_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "portal.sealer")
    said = asked(request(DIGEST))
    assert said == answer(said[3:])
    assert was_signed(read_chain(record(elliptic())).links[0], DIGEST, said[3:])
    (line,) = caplog.records
    assert (line.getMessage(), line.levelname) == ("sealer.signed", "INFO")
    assert (vars(line)["user"], vars(line)["digest"]) == (os.geteuid(), DIGEST.hex())


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        MAGIC,
        request(DIGEST)[:-1],
        request(DIGEST) + b"x",
        request(DIGEST + DIGEST),
        b"SXS2" + DIGEST,
        DIGEST + MAGIC,
        b"GET / HTTP/1.1\r\n\r\n" + DIGEST,
    ],
)
def test_statement_166_nothing_else_gets_an_answer(sent: bytes, caplog: pytest.LogCaptureFixture) -> None:
    assert asked(sent) == b""
    (line,) = caplog.records
    assert (line.getMessage(), vars(line)["reason"]) == ("sealer.refused", "WrongBytes")


def test_who_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(serving, "CLIENT_SECONDS", 0.05)
    assert asked(b"", ends=False) == asked(request(DIGEST)[:9], ends=False) == b""
    assert [vars(line)["reason"] for line in caplog.records] == ["TimeoutError"] * 2


def test_statement_166_another_user_gets_nothing(caplog: pytest.LogCaptureFixture) -> None:
    assert asked(request(DIGEST), user=os.geteuid() + 1) == b""
    (line,) = caplog.records
    assert (vars(line)["reason"], vars(line)["user"]) == ("user", os.geteuid())


@contextlib.contextmanager
def as_user(folder: Path, keeper: int, worker: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", AS_USER, "serve", str(keeper), str(folder), str(worker)]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR)
    try:
        assert eventually(lambda: process.poll() is not None or (folder / "socket" / "s").exists())
        yield process
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be three users")
def test_statement_166_three_users_one_key(folder: Path) -> None:
    """The sealer's user holds the key, the worker's gets signatures, the web server's neither."""
    folder.chmod(0o755)
    (folder / "chain.pem").write_bytes(pair().chain)
    (folder / "key.pem").write_bytes(pair().key)
    (folder / "key.pem").chmod(0o400)
    os.chown(folder / "key.pem", KEEPER, KEEPER)
    (folder / "socket").mkdir(mode=0o755)
    os.chown(folder / "socket", KEEPER, KEEPER)
    (folder / "socket").chmod(0o755)

    def said_as(user: int) -> list[str]:
        command = [sys.executable, "-c", AS_USER, "ask", str(user), str(folder), "0"]
        done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    with as_user(folder, KEEPER, WORKER):
        assert said_as(WORKER) == ["reads no key", "gets a signature"]
        assert said_as(WEB) == ["reads no key", "gets nothing"]
        assert said_as(KEEPER) == ["reads the key", "gets nothing"]
    assert said_as(WORKER) == ["reads no key", "gets nothing"]


def test_the_socket_is_for_its_user_alone_or_for_whom_the_kernel_names(folder: Path) -> None:
    for for_others, mode in ((False, 0o600), (True, 0o666)):
        with listen(folder / "s", for_others=for_others):
            assert stat.S_IMODE((folder / "s").stat().st_mode) == mode
        (folder / "s").unlink()


def test_a_second_sealer_does_not_take_the_place_of_the_first(folder: Path) -> None:
    with listen(folder / "s", for_others=False), pytest.raises(SocketTaken, match="another sealer"):
        listen(folder / "s", for_others=False)
    # The first one ended without taking its socket away.
    assert (folder / "s").exists()
    listen(folder / "s", for_others=False).close()


def test_no_socket_is_made_where_something_else_lies_or_nothing_can(folder: Path) -> None:
    (folder / "file").write_text("precious", encoding="utf-8")
    refused = {folder / "file": "no socket", folder / "no" / "s": "no socket can", folder / ("s" * 200): "longer"}
    for path, words in refused.items():
        with pytest.raises(SocketTaken, match=words):
            listen(path, for_others=False)
    assert (folder / "file").read_text(encoding="utf-8") == "precious"


def environment(folder: Path) -> dict[str, str]:
    own = {"PORTAL_ENV": "demo", "PORTAL_DATA_DIR": str(folder), "PORTAL_KEY_DIR": str(folder), "LOG_LEVEL": "ERROR"}
    own |= {"SEAL_CERTIFICATE": str(folder / "chain.pem"), "SEAL_KEY": str(folder / "key.pem")}
    return {**os.environ, **own, "SEAL_SOCKET": str(folder / "s"), "DJANGO_SETTINGS_MODULE": "portal.settings"}


def started(folder: Path, **more: str) -> subprocess.Popen[str]:
    (folder / "chain.pem").write_bytes(pair().chain)
    (folder / "key.pem").write_bytes(pair().key)
    (folder / "key.pem").chmod(0o600)
    command = [sys.executable, "manage.py", "run_sealer"]
    return subprocess.Popen(
        command, cwd=settings.BASE_DIR, env={**environment(folder), **more}, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_the_command_needs_no_other_key_signs_and_ends_when_told(folder: Path, end: signal.Signals) -> None:
    """Its folder holds nothing but the pair, and each use is written down though only errors are wanted."""
    sealer, chain = started(folder), read_chain(pair().chain)
    try:
        assert eventually(lambda: sealer.poll() is not None or (folder / "s").exists())
        signatures = {sign_by_sealer(DIGEST, path=folder / "s", chain=chain) for _ in range(3)}
        assert len(signatures) == 1
        with pytest.raises(SealerAway):
            sign_by_sealer(DIGEST, path=folder / "s", chain=read_chain(record(elliptic())))
    finally:
        sealer.send_signal(end)
        _out, log = sealer.communicate(timeout=PATIENCE_SECONDS)
    assert sealer.returncode == 0
    assert not (folder / "s").exists()
    assert log.count('"event": "sealer.signed"') == 4
    assert log.count(DIGEST.hex()) == 4
    assert "PRIVATE" not in log


def test_a_key_directory_with_a_long_name_is_sealed_for_as_well(folder: Path) -> None:
    """The socket is looked for by other processes, which read the settings for themselves."""
    keys = folder / ("k" * 100)
    keys.mkdir()
    more = {"SEAL_SOCKET": "", "PORTAL_KEY_DIR": str(keys), "TMPDIR": str(folder)}
    ask = [sys.executable, "-c", "from portal.settings import SEAL_SOCKET; print(SEAL_SOCKET)", "catalogs"]
    sealer = started(folder, **more)
    done = subprocess.run(
        ask, cwd=settings.BASE_DIR, env=environment(folder) | more, capture_output=True, text=True, check=True
    )
    path = Path(done.stdout.strip())
    try:
        assert eventually(lambda: sealer.poll() is not None or path.exists())
        assert sign_by_sealer(DIGEST, path=path, chain=read_chain(pair().chain))
    finally:
        sealer.terminate()
        _out, log = sealer.communicate(timeout=PATIENCE_SECONDS)
    assert sealer.returncode == 0, log
    assert path.parent.parent == folder


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such switch")
def test_its_memory_is_for_nobody_else() -> None:
    ask = "import ctypes, resource; from core.sealer.serving import keep_to_oneself as keep; keep()"
    ask += "; print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    command = [sys.executable, "-c", ask]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    assert done.stdout == "(0, 0) 0\n"


def test_it_leaves_when_its_parent_is_gone(folder: Path) -> None:
    sealer = started(folder, WORKER_PARENT_PID="1")
    _out, _log = sealer.communicate(timeout=PATIENCE_SECONDS)
    assert sealer.returncode == 0
    assert not (folder / "s").exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"SEAL_WORKER": "nobody-of-this-name"}, "SEAL_WORKER must be a user of this system"),
        ({"SEAL_SOCKET": "/dev/null"}, "SEAL_SOCKET names something that is no socket."),
    ],
)
def test_what_keeps_it_from_starting_is_said_in_one_line(folder: Path, more: dict[str, str], words: str) -> None:
    sealer = started(folder, **more)
    _out, log = sealer.communicate(timeout=PATIENCE_SECONDS)
    assert sealer.returncode == 1
    assert words in log
    assert len(log.splitlines()) == 1


def test_without_a_sealer_there_is_no_signature(folder: Path) -> None:
    chain = read_chain(pair().chain)
    for path in (folder / "s", folder / ("s" * 200)):
        with pytest.raises(SealerAway):
            sign_by_sealer(DIGEST, path=path, chain=chain)


@pytest.mark.parametrize("said", [b"", b"N", b"S\x00", b"S\x01\x00short", answer(b"no signature"), answer(b"\0" * 384)])
def test_a_false_answer_is_none(folder: Path, said: bytes) -> None:
    """Somebody else listens where the sealer should."""
    with listen(folder / "s", for_others=False) as server:
        command = [sys.executable, "-c", SAYS, str(server.fileno()), said.hex()]
        false = subprocess.Popen(command, pass_fds=[server.fileno()])
        with pytest.raises(SealerAway):
            sign_by_sealer(DIGEST, path=folder / "s", chain=read_chain(pair().chain))
        assert false.wait(timeout=PATIENCE_SECONDS) == 0
