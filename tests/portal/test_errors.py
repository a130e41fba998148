"""Pages for what went wrong tell the visitor what to do, and nothing about us; odd requests are survived."""

import pytest
from django.conf import settings as project
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.test import Client

from portal.views import public
from tests.cast import make_user, sign_in
from tests.pages import InspectingClient, inspect

pytestmark = pytest.mark.django_db

CANARY = "canary-e2b9"
# Words of a traceback, of settings, of template names, of our folders.
TELLTALE = ("Traceback", "line ", ".py", "DJANGO", "SECRET", "django.", "templates/", str(project.BASE_DIR), CANARY)


def fail_with(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    """Let the help page fail."""

    def fail(request: object, template: str) -> None:
        raise fault

    monkeypatch.setattr(public, "render", fail)


@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*", "text/plain", "nonsense"])
@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (RuntimeError(CANARY), 500),
        (KeyError(CANARY), 500),
        (Http404(CANARY), 404),
        (PermissionDenied(CANARY), 403),
        (SuspiciousOperation(CANARY), 400),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_fault_says_nothing_about_us(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, accept: str
) -> None:
    """Statement 184."""
    fail_with(monkeypatch, fault)
    answer = Client(raise_request_exception=False).get("/help/", HTTP_ACCEPT=accept)
    assert answer.status_code == status
    inspect(answer, path="/help/")
    text = answer.content.decode()
    assert not [word for word in TELLTALE if word in text]


def test_debugging_is_off() -> None:
    assert project.DEBUG is False


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config", "/.env", "/manage.py", "/portal/settings.py", "/static/", "/static/../manage.py",
        "/static/%2e%2e/manage.py", "/static//etc/passwd", "/var/portal.sqlite3", "/backup.zip", "/admin.php",
        "/server-status", "/__debug__/", "/metrics", "/account/x.css", "/account/security/x.js", "/account/..;/",
        "/sign-in", "/" + "a" * 8_000, "/%ff%fe", "/\u0130/",
    ],
)  # fmt: skip
def test_there_is_nothing_beside_the_portal(client: InspectingClient, path: str) -> None:
    """Statements 185 and 186."""
    sign_in(client, make_user("pro@demo.example"))
    answer = client.get(path)
    assert answer.status_code in ((301, 404) if path == "/sign-in" else (404,))


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "FOO", "DEBUG"])
def test_an_unused_method_is_refused(method: str) -> None:
    """Statements 73 and 185."""
    for path in ("/", "/sign-in/", "/health/live"):
        answer = Client().generic(method, path, "canary", HTTP_COOKIE="session=canary")
        assert answer.status_code == 405
        assert b"canary" not in answer.content


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "testserver.evil.example",
        "evil.example:80",
        "[::1",
        "test server",
        "testserver/x",
    ],
)
def test_a_foreign_host_is_refused(host: str) -> None:
    """Statement 40."""
    answer = Client().get("/sign-in/", HTTP_HOST=host)
    assert answer.status_code == 400
    inspect(answer, path="/sign-in/")
    assert "evil" not in answer.content.decode()


def test_a_forwarded_host_is_not_believed(client: InspectingClient) -> None:
    """Statement 40."""
    for name in ("x-forwarded-host", "x-host", "forwarded", "x-original-url", "x-rewrite-url"):
        answer = client.get("/account/", headers={name: "evil.example"})
        assert answer.headers["Location"].startswith("/sign-in/")
        assert b"evil" not in client.get("/sign-in/", headers={name: "evil.example"}).content


def test_forty_kilobytes_of_cookies_are_survived() -> None:
    client = Client()
    cookies = "; ".join(f"c{number}={'x' * 100}" for number in range(400))
    assert client.get("/sign-in/", HTTP_COOKIE=cookies).status_code == 200
    assert client.get("/sign-in/", HTTP_COOKIE=f"{project.SESSION_COOKIE_NAME}={'x' * 40_000}").status_code == 200
    assert client.get("/", HTTP_COOKIE='=;;;="\x01"; a=b=c; \u00e9=1').status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        {"HTTP_ACCEPT_LANGUAGE": "x" * 20_000},
        {"HTTP_ACCEPT_LANGUAGE": "fr-" + "a-" * 200 + ", *;q=nonsense"},
        {"HTTP_USER_AGENT": "\x1b[31m" + "u" * 20_000},
        {"HTTP_X_FORWARDED_FOR": ", ".join(["203.0.113.7"] * 5_000)},
        {"HTTP_REFERER": "https://evil.example/" + "x" * 20_000},
        {"HTTP_AUTHORIZATION": "Basic " + "A" * 20_000},
        {"HTTP_IF_NONE_MATCH": '"' * 5_000, "HTTP_IF_MODIFIED_SINCE": "nonsense"},
    ],
    ids=lambda header: next(iter(header)),
)
def test_odd_headers_are_survived(header: dict[str, str]) -> None:
    for method, status in (("GET", 200), ("POST", 422)):
        assert Client().generic(method, "/sign-in/", **header).status_code == status  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "kind", "statuses"),
    [
        (b"x=" + b"y" * 1_100_000, "application/x-www-form-urlencoded", {400, 413}),
        (b"&".join(b"f=" for _ in range(1_001)), "application/x-www-form-urlencoded", {400}),
        (b"--nonsense", "multipart/form-data; boundary=other", {400, 422}),
        (b"nonsense", "multipart/form-data", {400, 422}),
        (b"\xff\xfe\xfd", "application/x-www-form-urlencoded; charset=utf-16", {400, 415, 422}),
        (b"email=%ff%fe&password=%00", "application/x-www-form-urlencoded", {422}),
        (b"{" * 10_000, "application/json", {422}),
        (b"<!ENTITY x SYSTEM 'file:///etc/passwd'>", "application/xml", {422}),
    ],
)
def test_odd_bodies_are_refused_without_a_fault(body: bytes, kind: str, statuses: set[int]) -> None:
    """Statement 139, for forms without files."""
    answer = Client().generic("POST", "/sign-in/", body, content_type=kind)
    assert answer.status_code in statuses


@pytest.mark.parametrize(
    "query",
    [
        "?_connector=OR", "?user__password__startswith=a", "?order_by=password", "?next=%00", "?next[]=x&next[]=y",
        "?next=/a&next=/b", "?a=" + "b" * 8_000, "?%ff=%fe", "?channel[$ne]=x",
    ],
)  # fmt: skip
def test_odd_questions_change_no_answer(client: InspectingClient, query: str) -> None:
    """Statement 183."""
    sign_in(client, make_user("pro@demo.example", plan="pro"))
    for path in ("/account/", "/account/security/", "/account/activity/", "/messages/", "/outbox/", "/help/"):
        assert client.get(path + query).status_code in (200, 400), path
