"""The start script looks before it leaps, and prepares only what the kind of installation may have."""

import errno
import socket

import pytest

from tests.deploy.scripts import load_script

start = load_script("start")


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


def test_demo_gets_keys_and_data() -> None:
    names = [command[0] for command in start.commands(is_demo=True)]
    assert names[0] == "create_keys"
    assert names[-2:] == ["load_demo_data", "demo_accounts"]


def test_production_gets_neither_keys_nor_demo_data() -> None:
    names = {command[0] for command in start.commands(is_demo=False)}
    assert names.isdisjoint({"create_keys", "load_demo_data", "demo_accounts"})
    assert "migrate" in names
