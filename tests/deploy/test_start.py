"""The start script looks before it leaps, and prepares only what the kind of installation may have."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.scripts import ROOT, load_script

start = load_script("start")

MIGRATE = """
from tests.deploy.scripts import load_script

load_script("start").manage([["migrate", "--verbosity", "0"]])
"""


def test_busy_port_is_named_with_the_next_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        with pytest.raises(SystemExit) as left:
            start.refuse_busy_port("127.0.0.1", port)
    assert left.value.code == start.sentence_about_port(port, errno.EADDRINUSE)
    assert f"Port {port} is used" in str(left.value.code)


def test_free_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    start.refuse_busy_port("127.0.0.1", port)


def test_next_port_after_the_last_one_is_a_port() -> None:
    assert start.sentence_about_port(65535, errno.EADDRINUSE).endswith("PORT=8000")


def test_address_of_another_machine_is_refused() -> None:
    with pytest.raises(SystemExit) as left:
        start.refuse_busy_port("192.0.2.1", 8000)
    assert left.value.code == "HOST must be an address of this machine."


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list that gathers what the start does instead of doing it."""
    done: list[str] = []
    monkeypatch.setattr(start, "refuse_busy_port", lambda host, port: done.append(f"{host}:{port}"))
    monkeypatch.setattr(start, "create_keys", lambda: done.append("create_keys"))
    monkeypatch.setattr(start, "manage", lambda wanted: done.extend(" ".join(command) for command in wanted))
    monkeypatch.setattr(start, "become_server", lambda: done.append("become_server"))
    for name in ("HOST", "PORTAL_ENV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORT", "8001")
    monkeypatch.setattr(start, "ROOT", tmp_path)
    monkeypatch.setattr("sys.argv", ["start.py"])
    return done


def test_demo_gets_keys_and_data(steps: list[str]) -> None:
    start.main()
    assert steps[:2] == ["127.0.0.1:8001", "create_keys"]
    assert steps[-3:] == ["load_demo_data", "demo_accounts", "become_server"]


def test_a_demo_can_be_made_with_fewer_items(steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["start.py", "--demo-items", "30"])
    start.main()
    assert steps[-3:] == ["load_demo_data --items 30", "demo_accounts", "become_server"]


def test_production_gets_neither_keys_nor_demo_data(steps: list[str], tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORTAL_ENV=production\n", encoding="utf-8")
    start.main()
    assert set(steps).isdisjoint({"create_keys", "load_demo_data", "demo_accounts"})
    assert {"migrate --verbosity 0", "collectstatic --noinput --verbosity 0", "become_server"}.issubset(steps)


def test_setting_that_cannot_be_right_stops_the_start(steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eight")
    with pytest.raises(SystemExit, match="PORT must be a whole number"):
        start.main()
    assert steps == []


def test_dotenv_file_in_another_encoding_stops_the_start(steps: list[str], tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("PORTAL_NAME=Échange\n".encode("latin-1"))
    with pytest.raises(SystemExit, match=r"^\.env must be written in UTF-8\.$"):
        start.main()
    assert steps == []


def test_a_database_that_does_not_answer_stops_the_start_with_one_line() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        url = f"postgres://portal:hunter2@127.0.0.1:{silent.getsockname()[1]}/portal"
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings", "DATABASE_URL": url}
        command = [sys.executable, "-c", MIGRATE]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("The database cannot be used: "), done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "hunter2" not in done.stderr


def test_what_a_database_says_is_repeated_without_the_password() -> None:
    said = start.sentence_about_database('invalid value "p#\tss"\n\tCheck it.', "p#\tss")
    assert said == 'The database cannot be used: invalid value "…" Check it.'
    assert start.sentence_about_database("no file", "") == "The database cannot be used: no file"
