"""What the command that makes keys says."""

from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from core import keys
from core.limits import KEYS_AHEAD_DAYS, KEYS_AHEAD_WEEKS
from core.sealer import files


def test_it_names_the_lasting_keys_and_counts_the_others(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    counted = f"{KEYS_AHEAD_DAYS + 2} daily keys, {KEYS_AHEAD_WEEKS + 1} weekly keys"
    call_command("create_keys")
    assert capsys.readouterr().out == f"Created: root.key, pepper.key, secret_key, {counted}, a demo seal\n"
    call_command("create_keys")
    assert capsys.readouterr().out == "All keys exist.\n"
    max((settings.KEY_DIR / keys.WEEKLY).iterdir()).unlink()
    call_command("create_keys")
    assert capsys.readouterr().out == "Created: 1 weekly key\n"


def test_a_real_portal_gets_no_seal_that_nobody_vouches_for(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.KEY_DIR, settings.SEAL_IS_DEMO = tmp_path / "keys", False
    call_command("create_keys")
    assert "seal" not in capsys.readouterr().out
    assert not files.demo_key(settings.KEY_DIR).parent.exists()
