"""What the command that makes keys says."""

from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from core import keys
from core.limits import KEYS_AHEAD_DAYS, KEYS_AHEAD_WEEKS


def test_it_names_the_lasting_keys_and_counts_the_others(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    counted = f"{KEYS_AHEAD_DAYS + 2} daily keys, {KEYS_AHEAD_WEEKS + 1} weekly keys"
    call_command("create_keys")
    assert capsys.readouterr().out == f"Created: root.key, pepper.key, secret_key, {counted}\n"
    call_command("create_keys")
    assert capsys.readouterr().out == "All keys exist.\n"
    max((settings.KEY_DIR / keys.WEEKLY).iterdir()).unlink()
    call_command("create_keys")
    assert capsys.readouterr().out == "Created: 1 weekly key\n"
