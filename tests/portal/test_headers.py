"""The headers that every answer carries, whatever it is; and those of an installation behind https."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client
from pytest_django import Settings

from core.keys import create_missing_keys
from portal.views import public
from tests.cast import make_staff, make_user, sign_in
from tests.pages import InspectingClient
from tests.portal.addresses import all_addresses

pytestmark = pytest.mark.django_db

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}
POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:", "blob:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "object-src": {"'none'"},
    "frame-ancestors": {"'none'"},
}
# What a source may look like; a keyword without its quotes is a host name and does nothing.
SOURCE = re.compile(r"'(?:none|self)'|data:|blob:")

HTTPS_INSTALLATION = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
from accounts.hashing import hash_password
from accounts.models import Organization, User
User.objects.create(email="robin@portal.example", organization=Organization.objects.create(name="Here"),
                    first_name="Robin", last_name="Roe", password=hash_password("violet harbour ladder seven"))
client = Client(SERVER_NAME="portal.example")
def told(answer):
    cookies = {name: dict(morsel.items()) for name, morsel in answer.cookies.items()}
    return {"status": answer.status_code, "headers": dict(answer.headers), "cookies": cookies}
asked = {
    "plain": client.get("/sign-in/?next=/messages/"),
    "alive": client.get("/health/live"),
    "page": client.get("/sign-in/", secure=True),
    "signed_in": client.post("/sign-in/", {"email": "robin@portal.example",
                                           "password": "violet harbour ladder seven"}, secure=True),
    "language": client.post("/language/", {"language": "fr"}, secure=True),
    "appearance": client.post("/appearance/", {"appearance": "dark"}, secure=True),
    "outbox": client.get("/outbox/", secure=True),
    "other_host": client.get("/sign-in/", secure=True, SERVER_NAME="localhost"),
    "spoofed": client.get("/sign-in/", HTTP_X_FORWARDED_PROTO="https"),
}
print(json.dumps({name: told(answer) for name, answer in asked.items()}, default=str))
"""


def parse_policy(text: str) -> dict[str, set[str]]:
    """Read a content security policy; anything a browser would pass over is refused."""
    directives = [part.split() for part in text.split(";")]
    assert all(directives), "an empty directive"
    policy = {name: set(sources) for name, *sources in directives}
    assert len(policy) == len(directives), "a directive twice"
    for name, sources in policy.items():
        assert sources, name
        assert all(SOURCE.fullmatch(source) for source in sources), (name, sources)
        assert len(sources) == 1 or "'none'" not in sources, name
    return policy


def assert_headers(answer: Any, what: str) -> None:
    """Hold an answer to the rules of all answers."""
    for name, value in ALWAYS.items():
        assert answer.headers[name] == value, (what, name)
    assert parse_policy(answer.headers["Content-Security-Policy"]) == POLICY, what
    for feature in answer.headers["Permissions-Policy"].split(", "):
        assert re.fullmatch(r"[a-z-]+=\(\)", feature), (what, feature)
    assert not {"Server", "X-Powered-By", "Via"} & set(answer.headers), what
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        assert answer.headers["Cache-Control"].split(",")[0] in ("no-store", "max-age=0"), what
        assert "no-store" in answer.headers["Cache-Control"], what


def visitors() -> Iterator[tuple[str, Client]]:
    """Yield a browser for each kind of visitor."""
    yield "stranger", Client()
    for role, user in (("member", make_user("pro@demo.example", plan="pro")), ("staff", make_staff())):
        sign_in(client := Client(), user)
        yield role, client


def test_every_answer_of_every_address_carries_them() -> None:
    """Statements 177 and 178."""
    for role, client in visitors():
        for name, address in all_addresses().items():
            for method in ("get", "post", "head", "options", "put"):
                answer = getattr(client, method)(address)
                assert_headers(answer, f"{role} {method} {name}")
                if answer.status_code == 302 and name == "accounts:sign_out":
                    break


@pytest.mark.parametrize("path", ["/nowhere/", "/account/x.css", "/.git/config", "/static/missing.css", "/%00/"])
def test_an_address_that_leads_nowhere_carries_them(client: InspectingClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert_headers(answer, path)


def test_refused_requests_carry_them(settings: Settings) -> None:
    assert_headers(Client().get("/", HTTP_HOST="evil.example"), "foreign host")
    assert_headers(Client(enforce_csrf_checks=True).post("/sign-in/"), "no token")
    assert_headers(Client().post("/sign-in/", {f"f{number}": "" for number in range(1_001)}), "too many fields")


def test_our_own_failure_carries_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "render", lambda request, template: 1 / 0)
    answer = Client(raise_request_exception=False).get("/help/")
    assert answer.status_code == 500
    assert_headers(answer, "500")


def test_static_files_carry_them(settings: Settings, tmp_path: Path) -> None:
    """Statement 178."""
    (tmp_path / "theme.css").write_text("p {}")
    (tmp_path / "mark.svg").write_text("<svg/>")
    settings.STATIC_ROOT = tmp_path
    client = Client()
    for name, kind in (("theme.css", "text/css"), ("mark.svg", "image/svg+xml")):
        answer = client.get(f"/static/{name}")
        assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (200, kind)
        assert_headers(answer, name)
        answer.close()


def test_pages_behind_the_sign_in_differ_by_cookie(client: InspectingClient) -> None:
    """Statement 186."""
    sign_in(client, make_user("pro@demo.example"))
    assert "Cookie" in client.get("/account/").headers["Vary"]


@pytest.mark.parametrize(
    "broken",
    [
        "default-src none",
        "default-src 'none'; default-src 'self'",
        "script-src 'self' https://cdn.example",
        "img-src;",
        "",
    ],
)
def test_the_parser_of_policies_sees_what_browsers_pass_over(broken: str) -> None:
    with pytest.raises(AssertionError):
        parse_policy(broken)


@pytest.fixture(scope="module")
def behind_https(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the answers of a production installation at https://portal.example."""
    folder = tmp_path_factory.mktemp("production")
    create_missing_keys(folder / "keys", datetime.now(UTC).date())
    (folder / "data" / "static").mkdir(parents=True)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_ENV": "production",
        "PORTAL_DATA_DIR": str(folder / "data"),
        "PORTAL_KEY_DIR": str(folder / "keys"),
        "DATABASE_URL": f"sqlite:///{folder / 'data' / 'portal.sqlite3'}",
        "CACHE_URL": "",
        "PUBLIC_URL": "https://portal.example",
        "PORTAL_NAME": "Portal",
        "MAIL_FROM": "portal@portal.example",
        "SUPPORT_EMAIL": "help@portal.example",
        "EMAIL_URL": "smtp+tls://127.0.0.1:9",
        "SMS_URL": "none:",
        "TRUSTED_PROXIES": "10.0.0.2",
    }
    ended = subprocess.run(
        [sys.executable, "-c", HTTPS_INSTALLATION],
        cwd=project.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2_000:]
    told: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return told


def test_plain_http_leads_to_https(behind_https: dict[str, Any]) -> None:
    for name in ("plain", "spoofed"):
        assert behind_https[name]["status"] == 301, name
        assert behind_https[name]["headers"]["Location"].startswith("https://portal.example/sign-in/"), name
    assert behind_https["alive"]["status"] == 200


def test_https_is_promised_for_a_year(behind_https: dict[str, Any]) -> None:
    """Statement 178."""
    for name in ("page", "signed_in", "language", "outbox"):
        promise = behind_https[name]["headers"]["Strict-Transport-Security"]
        assert promise == "max-age=31536000; includeSubDomains; preload", name


def test_every_cookie_belongs_to_this_host_alone(behind_https: dict[str, Any]) -> None:
    """Statement 32."""
    cookies: dict[str, Any] = {}
    for name in ("page", "signed_in", "language", "appearance"):
        cookies |= behind_https[name]["cookies"]
    assert {name.removeprefix("__Host-") for name in cookies} == {
        "sessionid", "csrftoken", "browser", "language", "appearance"
    }  # fmt: skip
    for name, cookie in cookies.items():
        assert name.startswith("__Host-"), name
        assert cookie["secure"] is True, name
        assert cookie["httponly"] is True, name
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", ""), name


def test_production_has_no_outbox_page_and_one_name(behind_https: dict[str, Any]) -> None:
    assert behind_https["signed_in"]["status"] == 302
    assert behind_https["outbox"]["status"] == 404
    assert behind_https["other_host"]["status"] == 400
