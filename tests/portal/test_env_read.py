"""What the portal makes of its environment when it starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.portal.production import TOLD

PRODUCTION = TOLD | {"TRUSTED_PROXIES": "127.0.0.1"}
ASK = """
import sys
import django
django.setup()
from django.conf import settings
from django.test import Client
answer = Client().get(sys.argv[1], headers={"host": sys.argv[2]})
print(answer.status_code, answer.get("Location", ""), settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE)
"""


def run(*arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the portal's own settings; what is given wins over the environment of the tests."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"} | given
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)


# The address of the portal


def test_an_address_in_capitals_is_served_over_https_alone(tmp_path: Path) -> None:
    given = PRODUCTION | {"PORTAL_DATA_DIR": str(tmp_path), "PUBLIC_URL": "HTTPS://Portal.Example"}
    done = run("-c", ASK, "/help/", "portal.example", **given)
    assert done.stdout == "301 https://portal.example/help/ __Host-sessionid True\n", done.stderr


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://[::1]", "[::1]"),
        ("http://[2001:DB8::1]:8000", "[2001:db8::1]:8000"),
        ("http://portal.example.", "portal.example."),
        ("http://portal.example.:8000", "portal.example:8000"),
        ("http://PORTAL.example", "portal.example"),
    ],
)
def test_pages_answer_under_the_address_of_the_portal(tmp_path: Path, url: str, host: str) -> None:
    done = run("-c", ASK, "/health/live", host, PORTAL_DATA_DIR=str(tmp_path), PUBLIC_URL=url)
    assert done.stdout.startswith("200 "), done.stderr


# The folder of the data


def test_an_empty_place_becomes_an_installation(tmp_path: Path) -> None:
    data = tmp_path / "deep" / "data"
    given = PRODUCTION | {"PORTAL_DATA_DIR": str(data), "PORTAL_KEY_DIR": str(tmp_path / "keys"), "DATABASE_URL": ""}
    for command in (["create_keys"], ["migrate", "core", "--verbosity", "0"], ["check", "--deploy"]):
        done = run("manage.py", *command, **given)
        assert done.returncode == 0, done.stderr
    assert {oct(folder.stat().st_mode & 0o777) for folder in (data, data.parent)} == {"0o700"}
    assert (data / "portal.sqlite3").is_file()


def test_the_sealer_neither_makes_nor_needs_the_folder_of_the_data(tmp_path: Path) -> None:
    data = tmp_path / "data"
    given = PRODUCTION | {"PORTAL_DATA_DIR": str(data), "PORTAL_KEY_DIR": str(tmp_path / "keys"), "DATABASE_URL": ""}
    done = run("manage.py", "run_sealer", **given)
    assert done.stderr.startswith("CommandError: SEAL_CERTIFICATE and SEAL_KEY are not given")
    assert not data.exists()
