"""What a setting may not be: the start ends with one line that names the setting and the rule, not the value."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import get_resolver

from portal.env import SettingRefused
from portal.settings_rules import LANGUAGES, check_choices, check_seal, check_time_stamps, socket_of
from tests.core.crypto.test_seal_keys import elliptic, pair, pem, record

GOOD = {
    "DEFAULT_LANGUAGE": "fr",
    "DEFAULT_TIME_ZONE": "America/Toronto",
    "DEFAULT_CULTURE": "fr-CA",
    "SMS_COUNTRIES": "CA, us",
    "ADMIN_PATH": "/support-pages/staff/",
    "STORAGE_URL": "file:",
    "LOG_LEVEL": "WARNING",
    "PORTAL_NAME": "Échange sûr, portail №\u00a01",
    "PUBLIC_URL": "https://portal.example:8443/",
    "MAIL_FROM": "Portal <portal@portal.example>",
    "SUPPORT_EMAIL": "help@portal.example",
    "MICROSOFT_ISSUER": "",
}


def test_names_that_exist_are_accepted() -> None:
    check_choices(GOOD)
    check_choices(GOOD | {"SMS_COUNTRIES": "", "ADMIN_PATH": "admin"})
    for url in ("http://localhost:8000", "https://192.0.2.7", "http://[::1]:8000", "https://xn--caf-dma.example"):
        check_choices(GOOD | {"PUBLIC_URL": url})
    for sender in ("portal@portal.example", '"Portal, the" <portal@portal.example>'):
        check_choices(GOOD | {"MAIL_FROM": sender})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEFAULT_LANGUAGE", "de"),
        ("DEFAULT_LANGUAGE", "fr-CA"),
        ("DEFAULT_TIME_ZONE", "Mars/X"),
        ("DEFAULT_TIME_ZONE", "../UTC"),
        ("DEFAULT_CULTURE", "xx"),
        ("DEFAULT_CULTURE", "fr_CA"),
        ("SMS_COUNTRIES", "CA,ZZ"),
        ("SMS_COUNTRIES", "CA US"),
        ("ADMIN_PATH", "/"),
        ("ADMIN_PATH", "a<b>/"),
        ("ADMIN_PATH", "../admin"),
        ("ADMIN_PATH", "static/admin/"),
        ("STORAGE_URL", "s3://bucket?endpoint=https://objects.example"),
        ("STORAGE_URL", "folder:"),
        ("STORAGE_URL", "file:///srv/blobs"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_LEVEL", "info"),
        ("PORTAL_NAME", "Portal\nBcc: all@portal.example"),
        ("PORTAL_NAME", "Portal \u202e"),
        ("PORTAL_NAME", "\u200b"),
        ("PORTAL_NAME", "n" * 300),
        ("PUBLIC_URL", "https://portal.example/portal"),
        ("PUBLIC_URL", "https://portal.example//"),
        ("PUBLIC_URL", "https://user@portal.example"),
        ("PUBLIC_URL", "https://user:password@portal.example"),
        ("PUBLIC_URL", "https://portal.example?a=b"),
        ("PUBLIC_URL", "https://portal_one.example"),
        ("PUBLIC_URL", "https://portal.example:port"),
        ("MAIL_FROM", "abc"),
        ("MAIL_FROM", "a@portal.example, b@portal.example"),
        ("MAIL_FROM", "Portal <portal@portal.example>\nBcc: all@portal.example"),
        ("MAIL_FROM", "\u202e <portal@portal.example>"),
        ("SUPPORT_EMAIL", "abc"),
        ("SUPPORT_EMAIL", "Help <help@portal.example>"),
        ("MICROSOFT_ISSUER", "nonsense"),
    ],
)
def test_what_names_nothing_is_refused_without_its_value(name: str, value: str) -> None:
    with pytest.raises(SettingRefused) as refused:
        check_choices(GOOD | {name: value})
    sentence = str(refused.value)
    assert sentence.startswith(f"{name} must be ")
    assert "\n" not in sentence
    assert len(value) < 3 or value not in sentence


def test_a_seal_has_two_halves_that_belong_together(tmp_path: Path) -> None:
    certificate, key = tmp_path / "canary.pem", tmp_path / "canary.key"

    def check(certificate_pem: bytes, key_pem: bytes, mode: int = 0o600) -> str:
        certificate.write_bytes(certificate_pem)
        key.write_bytes(key_pem)
        key.chmod(mode)
        return refusal(certificate.name, str(key))

    def refusal(*given: str) -> str:
        try:
            check_seal(*given, base=tmp_path)
        except SettingRefused as refused:
            return str(refused)
        return ""

    assert refusal("", "") == check(pair().chain, pair().key) == check(record(elliptic()), pem(elliptic())) == ""
    assert (
        check(pair().chain, pem(elliptic()))
        == "SEAL_KEY must name the key of the first certificate in SEAL_CERTIFICATE."
    )
    assert check(b"canary", pair().key).startswith("SEAL_CERTIFICATE must hold ")
    assert check(pair().chain, b"canary").startswith("SEAL_KEY must hold ")
    assert check(pair().chain, pair().key, 0o644).startswith("SEAL_KEY names a file that others may read.")
    assert refusal(certificate.name, "") == "SEAL_KEY must be given with its other half."
    assert refusal("", str(key)) == "SEAL_CERTIFICATE must be given with its other half."
    assert refusal("nowhere", str(key)) == "SEAL_CERTIFICATE names a file that cannot be read."
    # The web server of a portal whose sealer is another user does not even see the key.
    assert refusal(certificate.name, "nowhere") == ""


def test_a_time_stamp_server_comes_with_whom_its_stamps_lead_to(tmp_path: Path) -> None:
    (tmp_path / "good.pem").write_bytes(pair().chain)
    (tmp_path / "bad.pem").write_bytes(b"canary")
    check_time_stamps("", "", base=tmp_path)
    check_time_stamps("https://tsa.example", "good.pem", base=tmp_path)
    check_time_stamps("", "good.pem", base=tmp_path)
    for url, certificates in [("https://tsa.example", ""), ("https://tsa.example", "bad.pem"), ("", "nowhere.pem")]:
        with pytest.raises(SettingRefused, match=r"^TSA_CERTIFICATES must|^TSA_CERTIFICATES names") as refused:
            check_time_stamps(url, certificates, base=tmp_path)
        assert "canary" not in str(refused.value)


@pytest.mark.parametrize("word", ["Hold", "yes", "never"])
def test_159_a_time_stamp_server_that_is_down_has_two_answers(tmp_path: Path, word: str) -> None:
    environment = os.environ | {"PORTAL_DATA_DIR": str(tmp_path), "TSA_DOWN": word}
    environment["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    command = [sys.executable, "manage.py", "catalogs", "compile"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "TSA_DOWN must be one of hold, seal.\n")


SOCKET = {"PORTAL_ENV": "demo", "SEAL_SOCKET": "", "SEAL_KEY": "", "SEAL_WORKER": ""}
LONG = Path("/srv") / ("k" * 100) / "sealer.sock"


def test_a_socket_with_a_short_name_lies_where_it_was_wanted() -> None:
    for given in ("", "/keys/sealer.sock"):
        assert socket_of(Path("/keys/sealer.sock"), SOCKET | {"SEAL_SOCKET": given}) == Path("/keys/sealer.sock")


def test_a_socket_with_a_long_name_lies_elsewhere_or_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(prefix="seal") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        assert socket_of(LONG, SOCKET).is_relative_to(folder)
        assert socket_of(LONG, SOCKET | {"PORTAL_ENV": "production", "SEAL_KEY": "key.pem"}).is_relative_to(folder)
    for more, rule in (
        ({"SEAL_SOCKET": str(LONG)}, "must be at most 103 bytes long"),
        # A user of its own can enter no private folder of the worker's.
        ({"SEAL_WORKER": "portal"}, "must be given, since the name of the key directory is too long"),
    ):
        with pytest.raises(SettingRefused, match=f"^SEAL_SOCKET {rule}"):
            socket_of(LONG, SOCKET | more)


def test_a_real_portal_that_seals_nothing_needs_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nonexistent")
    assert socket_of(LONG, SOCKET | {"PORTAL_ENV": "production"}) == LONG


def test_the_support_pages_take_no_address_of_another_page() -> None:
    taken = {str(pattern.pattern).partition("/")[0] for pattern in leaves(get_resolver().url_patterns)} - {"", "admin"}
    assert {"account", "sign-in", "help"} < taken
    for first in taken:
        with pytest.raises(SettingRefused):
            check_choices(GOOD | {"ADMIN_PATH": f"{first}/"})
        with pytest.raises(SettingRefused):
            check_choices(GOOD | {"ADMIN_PATH": f"{first.upper()}/deeper"})


def test_the_languages_are_those_of_the_pages() -> None:
    assert [code for code, _name in settings.LANGUAGES] == list(LANGUAGES)


def test_the_start_ends_with_one_line(tmp_path: Path) -> None:
    environment = os.environ | {"PORTAL_DATA_DIR": str(tmp_path), "DEFAULT_TIME_ZONE": "Mars/X"}
    environment["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    command = [sys.executable, "manage.py", "catalogs", "compile"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "DEFAULT_TIME_ZONE must be a name of the IANA time zones, such as America/Toronto.\n"


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("WEB_WORKERS", "0", "must be a whole number from 1 to 64."),
        ("TRUSTED_PROXIES", "0.0.0.0/0", "must name no network larger than 10.0.0.0/8 or fd00::/8."),
        ("PORTAL_DATA_DIR", "manage.py", "must name a folder, or one that can be made; a file is in its way."),
        ("PORTAL_DATA_DIR", "/proc/foo", "must name a folder that is there, or that can be made."),
        ("PORTAL_KEY_DIR", "manage.py/keys", "must name a folder, or one that can be made; a file is in its way."),
        ("SEAL_SOCKET", "/tmp/" + "s" * 99, "must be at most 103 bytes long, its folders among them."),
        ("DATABASE_URL", "sqlite:////nonexistent/x.db", "must name a file in a folder that is there."),
        ("DATABASE_URL", "sqlite:////tmp", "must name a file in a folder that is there."),
    ],
)
def test_nonsense_is_refused_before_anything_is_done(tmp_path: Path, name: str, value: str, rule: str) -> None:
    environment = os.environ | {"PORTAL_DATA_DIR": str(tmp_path), name: value}
    environment["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    command = [sys.executable, "manage.py", "migrate"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, f"{name} {rule}\n")
    assert list(tmp_path.iterdir()) == []


def leaves(patterns: Iterable[Any]) -> list[Any]:
    """Return the patterns of a list with those included under no address of their own in place of the inclusion."""
    found: list[Any] = []
    for pattern in patterns:
        inner = getattr(pattern, "url_patterns", [])
        found += leaves(inner) if inner and not str(pattern.pattern) else [pattern]
    return found
