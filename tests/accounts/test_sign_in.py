"""Signing in with a password: who gets in, what the half-way state is worth, how wrong passwords cost time."""

import ast
import base64
import json
import re
import unicodedata
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as project
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError
from django.http import Http404
from django.test import Client

from accounts import hashing, limits
from accounts.choices import SecurityEventKind
from accounts.hashing import PortalPasswordHasher
from accounts.models import SecurityEvent, Session, User, fold_email
from core import throttle
from core.models import Counter, Job
from tests.accounts.steps import (
    ACCOUNT,
    RECOVERY,
    SIGN_IN,
    SIGN_IN_CODE,
    begin_half,
    is_signed_in,
    session_key,
    type_code,
    type_password,
)
from tests.cast import PASSWORD, make_user
from tests.forms import form_values
from tests.outbox import delivered
from tests.pages import InspectingClient
from tests.portal.addresses import all_addresses
from tests.races import on_threads
from tests.redirects import EVIL_REDIRECTS, leads_away

pytestmark = pytest.mark.django_db

EMAIL = "robin@demo.example"
# One address as a person writes it, and as Chromium sends it from a field for addresses.
UNICODE, ASCII = "b@bücher.example", "b@xn--bcher-kva.example"
WRONG = "not the password at all"
fold_domains = import_module("accounts.migrations.0016_fold_domains").fold_domains
# Open while somebody is between password and code, besides what everybody may see.
SECOND_STEP = {"accounts:sign_in_code", "accounts:sign_in_resend", "accounts:sign_in_recovery", "accounts:sign_out"}


@pytest.fixture
def robin() -> User:
    return make_user(EMAIL)


def move_windows(seconds: float) -> None:
    """Let time pass for every limit."""
    for row in Counter.objects.all():
        Counter.objects.filter(pk=row.pk).update(ends_at=row.ends_at - timedelta(seconds=seconds))


def seen(answer: Any) -> tuple[object, ...]:
    """Return what a visitor can tell one answer from another by: everything but random numbers."""
    passing = {"X-Request-Id", "Set-Cookie", "Content-Length"}
    headers = {name: value for name, value in answer.headers.items() if name not in passing}
    text = answer.content.decode()
    for field in ("csrfmiddlewaretoken", "Request number"):
        head, _, tail = text.partition(field)
        text = head + tail[120:] if tail else head
    return answer.status_code, tuple(sorted(headers.items())), len(text)


def test_address_and_password_sign_in(client: InspectingClient, robin: User) -> None:
    answer = type_password(client, " Robin@Demo.EXAMPLE ")
    assert (answer.status_code, answer.headers["Location"]) == (302, ACCOUNT)
    assert is_signed_in(client)


@pytest.mark.parametrize(("kept", "typed"), [(UNICODE, ASCII), (ASCII, UNICODE), (UNICODE, UNICODE.upper())])
def test_a_domain_beyond_ascii_signs_in_as_typed_and_as_browsers_send_it(
    client: InspectingClient, kept: str, typed: str
) -> None:
    user = make_user(kept)
    assert type_password(client, typed).status_code == 302
    user.refresh_from_db()
    assert user.email == kept


@pytest.mark.parametrize(
    "address", ["b@bücher..example", f"b@{'ü' * 64}.example", f"{'b' * 200}@{'ü' * 40}.example", "bücher"]
)
def test_a_domain_that_has_no_other_form_or_too_long_a_one_stays(address: str) -> None:
    assert fold_email(address.upper()) == address


@pytest.mark.parametrize("address", ["b@büro.example", "b@xn--bro-hoa.example", "b@bu\u0308ro.example"])
def test_addresses_kept_before_are_folded_anew(address: str) -> None:
    user = make_user(address)
    User.objects.filter(pk=user.pk).update(email_key=unicodedata.normalize("NFKC", address))
    fold_domains(apps, None)
    assert User.objects.get() == User.objects.with_email("b@xn--bro-hoa.example")


def test_two_accounts_of_one_address_stop_the_folding_with_a_sentence() -> None:
    older, newer = make_user(ASCII), make_user(EMAIL)
    User.objects.filter(pk=newer.pk).update(email=UNICODE, email_key=UNICODE)
    with pytest.raises(CommandError, match=f"Users {newer.pk} and {older.pk} have one address"):
        fold_domains(apps, None)


@pytest.mark.parametrize("password", [WRONG, PASSWORD.upper(), f"{PASSWORD} ", PASSWORD[:-1], ""])
def test_anything_but_the_password_is_refused(client: InspectingClient, robin: User, password: str) -> None:
    assert type_password(client, EMAIL, password).status_code == 422
    assert not is_signed_in(client)


def test_a_suspended_account_is_refused(client: InspectingClient, robin: User) -> None:
    User.objects.update(is_active=False)
    assert type_password(client, EMAIL).status_code == 422
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("changed", "answered"),
    [({"two_factor_enabled": True}, (302, SIGN_IN_CODE)), ({"is_active": False}, (422, None))],
)
def test_what_changes_while_the_hash_is_computed_counts(
    client: InspectingClient,
    monkeypatch: pytest.MonkeyPatch,
    changed: dict[str, bool],
    answered: tuple[int, str | None],
) -> None:
    make_user(EMAIL, number="+15145550142")
    verify = PortalPasswordHasher.verify

    def change(self: PortalPasswordHasher, password: str, encoded: str) -> bool:
        User.objects.update(**changed)
        return verify(self, password, encoded)

    monkeypatch.setattr(PortalPasswordHasher, "verify", change)
    answer = type_password(client, EMAIL)
    assert (answer.status_code, answer.headers.get("Location")) == answered
    assert not is_signed_in(client)


@pytest.mark.parametrize("scheme", ["cookie", "Bearer", "Basic"])
def test_between_password_and_code_every_address_answers_as_for_a_stranger(scheme: str) -> None:
    """Statement 1."""
    half, stranger = Client(), Client()
    begin_half(half, make_user(EMAIL, two_factor=True))
    visitor: Client = half
    more: dict[str, str] = {}
    if scheme != "cookie":
        visitor = Client()
        token = session_key(half)
        token = base64.b64encode(f"{EMAIL}:{token}".encode()).decode() if scheme == "Basic" else token
        more["HTTP_AUTHORIZATION"] = f"{scheme} {token}"
    known = all_addresses()
    assert len(known) > 40
    assert set(known) > SECOND_STEP
    for name, address in known.items():
        if name in SECOND_STEP and scheme == "cookie":
            continue
        for method in ("get", "post", "put"):
            if method == "post" and address == SIGN_IN:
                continue
            expected = seen(getattr(stranger, method)(address))
            assert seen(getattr(visitor, method)(address, **more)) == expected, f"{method} {name}"


def test_a_session_cookie_counts_only_as_a_cookie(client: InspectingClient, robin: User) -> None:
    """Statement 1."""
    type_password(client, EMAIL)
    key = session_key(client)
    for header in (
        f"Bearer {key}",
        f"Basic {base64.b64encode(f'{EMAIL}:{PASSWORD}'.encode()).decode()}",
        f"Token {key}",
    ):
        assert Client().get(ACCOUNT, HTTP_AUTHORIZATION=header).status_code == 302


def test_only_one_function_begins_sessions() -> None:
    """Statement 3."""
    callers = []
    for app in ("core", "accounts", "licenses", "messaging", "signatures", "portal"):
        for path in Path(project.BASE_DIR, app).rglob("*.py"):
            place = str(path.relative_to(project.BASE_DIR))
            tree = ast.parse(path.read_text())
            for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
                callers += [f"{place} {function.name}" for node in ast.walk(function) if _begins_session(node)]
            assert not [node for node in ast.walk(tree) if _imports_login(node)], place
    assert callers == ["accounts/services/sign_in.py _begin_session"]


def _begins_session(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return name in {"login", "alogin", "force_login"}
    if isinstance(node, ast.Assign):
        targets = [ast.unparse(target) for target in node.targets]
        return any("[SESSION_KEY]" in target or "_auth_user_id" in target for target in targets)
    return False


def _imports_login(node: ast.AST) -> bool:
    """Tell an import of `login` under its own or another name."""
    is_from_auth = isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
        ("django.contrib.auth", "django_otp")
    )
    return is_from_auth and any(alias.name in {"login", "alogin", "LoginView"} for alias in node.names)  # type: ignore[attr-defined]


@pytest.mark.parametrize("fault", [RuntimeError, PermissionDenied, Http404, KeyError])
def test_a_fault_while_the_session_begins_leaves_none(robin: User, fault: type[Exception]) -> None:
    """Statement 26."""

    def refuse(**_: object) -> None:
        raise fault

    client = Client(raise_request_exception=False)
    user_logged_in.connect(refuse)
    try:
        answer = type_password(client, EMAIL)
    finally:
        user_logged_in.disconnect(refuse)
    assert answer.status_code in (403, 404, 500)
    assert not Session.objects.filter(user=robin).exists()
    assert not is_signed_in(client)


@pytest.mark.parametrize("two_factor", [False, True])
def test_no_step_keeps_password_or_code(two_factor: bool) -> None:
    """Statement 27."""
    client, robin = Client(), make_user(EMAIL, two_factor=two_factor)
    kept = []

    def keep() -> None:
        kept.append(json.dumps(dict(client.session.items()), default=str))
        kept.append(str(client.cookies))
        kept.extend(Session.objects.values_list("data", flat=True))

    answer = type_password(client, EMAIL)
    keep()
    if two_factor:
        code = begin_half(Client(), robin) if not answer.headers["Location"] else delivered("sms")[0].text[:6]
        assert code.isdigit()
        type_code(client, code)
        keep()
        assert not any(code in text for text in kept)
    assert is_signed_in(client)
    assert not any(PASSWORD in text or PASSWORD.split()[0] in text for text in kept)


def test_get_and_head_sign_nobody_in(client: InspectingClient, robin: User) -> None:
    """Statement 28."""
    client.get(SIGN_IN, {"email": EMAIL, "password": PASSWORD})
    client.head(SIGN_IN, {"email": EMAIL, "password": PASSWORD})
    assert not is_signed_in(client)
    assert client.put(SIGN_IN).status_code == client.delete(SIGN_IN).status_code == 405


def test_the_form_needs_its_token(robin: User) -> None:
    """Statement 28."""
    client = InspectingClient(enforce_csrf_checks=True)
    assert type_password(client, EMAIL).status_code == 403
    assert not is_signed_in(client)


def test_a_stale_form_keeps_the_address_and_not_the_password(robin: User) -> None:
    client = InspectingClient(enforce_csrf_checks=True)
    form = form_values(client.get(SIGN_IN), None)
    stale = {"email": EMAIL, "password": PASSWORD, "next": "/messages/", "csrfmiddlewaretoken": "0" * 64}
    answer = client.post(SIGN_IN, form | stale)
    again = form_values(answer, None)
    assert (answer.status_code, again["email"], again["next"]) == (403, EMAIL, "/messages/")
    assert PASSWORD not in answer.content.decode()
    assert "This page was open too long" in answer.content.decode()
    answer = client.post(SIGN_IN, again | {"password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/messages/")


def test_after_signing_in_nobody_is_led_away(client: InspectingClient, robin: User) -> None:
    """Statements 28 and 181."""
    for wanted in EVIL_REDIRECTS:
        answer = type_password(client, EMAIL, next=wanted)
        assert answer.status_code == 302
        where = answer.headers["Location"]
        assert not leads_away(where), wanted
        assert client.get(SIGN_IN, {"next": wanted}).headers["Location"] == where


@pytest.mark.parametrize("wanted", ["/messages/", "/account/?tab=2", "/account/activity/?from=2026-01-01#top"])
def test_after_signing_in_one_is_where_one_wanted_to_go(client: InspectingClient, robin: User, wanted: str) -> None:
    assert type_password(client, EMAIL, next=wanted).headers["Location"] == wanted


def test_the_wish_survives_the_second_step(client: InspectingClient) -> None:
    robin = make_user(EMAIL, two_factor=True)
    type_password(client, robin.email, next="/messages/")
    assert type_code(client, delivered("sms")[0].text[:6]).headers["Location"] == "/messages/"


def test_five_wrong_passwords_lock_the_account_for_this_browser(client: InspectingClient, robin: User) -> None:
    for _ in range(5):
        assert b"do not match" in type_password(client, EMAIL, WRONG).content
    answer = type_password(client, EMAIL, PASSWORD).content.decode()
    # Whoever is not signed in may be in another zone.
    assert re.search(r"Too many tries\. The next one is possible at [\d:]+\s[ap]\.m\. \(UTC[+−][\d:]+\)", answer)
    assert not is_signed_in(client)
    assert [mail.to for mail in delivered("email")] == [EMAIL]
    kinds = list(SecurityEvent.objects.filter(user=robin).values_list("kind", flat=True))
    assert kinds.count(SecurityEventKind.PASSWORD_WRONG) == 5
    assert kinds.count(SecurityEventKind.PASSWORD_LOCKED) == 1


def test_a_lock_ends_and_each_further_try_costs_a_longer_wait(client: InspectingClient, robin: User) -> None:
    for _ in range(5):
        type_password(client, EMAIL, WRONG)
    for minutes in (1, 2, 4, 8):
        move_windows(minutes * 60 - 5)
        assert b"Too many tries" in type_password(client, EMAIL).content, minutes
        move_windows(6)
        assert b"do not match" in type_password(client, EMAIL, WRONG).content, minutes
    assert len(delivered("email")) == 1


def test_the_right_password_begins_the_budget_anew(client: InspectingClient, robin: User) -> None:
    for _ in range(4):
        type_password(client, EMAIL, WRONG)
    type_password(client, EMAIL)
    other = InspectingClient()
    for _ in range(5):
        assert b"do not match" in type_password(other, EMAIL, WRONG).content


def test_a_network_has_its_own_budget(client: InspectingClient, robin: User) -> None:
    """Statement 11, for passwords: a good sign-in gives the network only its own try back."""
    network = "203.0.113.0/24"
    throttle.take(limits.WRONG_PASSWORDS_NETWORK, network, cost=58)
    assert type_password(client, EMAIL, REMOTE_ADDR="203.0.113.1").status_code == 302
    assert throttle.used(limits.WRONG_PASSWORDS_NETWORK, network) == 58
    for address in ("203.0.113.2", "203.0.113.3"):
        assert b"do not match" in type_password(Client(), "a@x.example", WRONG, REMOTE_ADDR=address).content
    assert b"Too many tries" in type_password(Client(), "b@x.example", WRONG, REMOTE_ADDR="203.0.113.4").content
    assert b"do not match" in type_password(Client(), "b@x.example", WRONG, REMOTE_ADDR="203.0.114.4").content


def test_a_forged_forwarded_address_gives_no_new_budget(robin: User) -> None:
    throttle.take(limits.WRONG_PASSWORDS_NETWORK, "127.0.0.0/24", cost=60)
    for number in range(3):
        forged = {
            "HTTP_X_FORWARDED_FOR": f"198.51.{number}.7",
            "HTTP_X_REAL_IP": "198.51.100.7",
            "HTTP_FORWARDED": "for=1.2.3.4",
        }
        assert b"Too many tries" in type_password(Client(), EMAIL, **forged).content


def test_when_too_many_hash_a_try_is_asked_back_and_not_counted(client: InspectingClient, robin: User) -> None:
    places = [hashing._places.acquire(blocking=False) for _ in range(limits.HASHES_AT_ONCE + limits.HASHES_WAITING)]
    try:
        assert all(places)
        answer = type_password(client, EMAIL)
    finally:
        for _ in places:
            hashing._places.release()
    assert b"Many people sign in" in answer.content
    assert throttle.used(limits.WRONG_PASSWORDS_UNKNOWN_BROWSER, f"user:{robin.pk}") == 0
    assert throttle.used(limits.WRONG_PASSWORDS_NETWORK, "127.0.0.0/24") == 0
    assert type_password(client, EMAIL).status_code == 302


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_simultaneous_guesses_five_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(EMAIL)
    compared: list[str] = []
    verify = PortalPasswordHasher.verify

    def note(self: PortalPasswordHasher, password: str, encoded: str) -> bool:
        compared.append(password)
        return verify(self, password, encoded)

    monkeypatch.setattr(PortalPasswordHasher, "verify", note)
    answers = on_threads(30, lambda number: type_password(Client(), EMAIL, f"{WRONG} {number}").status_code)
    assert set(answers) == {422}
    assert len(compared) == limits.WRONG_PASSWORDS_UNKNOWN_BROWSER.most
    assert Job.objects.filter(kind="password-locked").count() == 1


def test_signing_in_at_the_recovery_page_needs_the_password_first(client: InspectingClient) -> None:
    for address in (SIGN_IN_CODE, RECOVERY):
        answer = client.post(address, {"code": "123456"})
        assert (answer.status_code, answer.headers["Location"]) == (302, SIGN_IN)
