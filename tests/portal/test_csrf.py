"""Nothing is changed by a page of somebody else's: tokens, origins, and what looking does."""

import pytest
from django.conf import settings as project
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from accounts.models import User
from portal.views.errors import ACTS_OF_PROOF
from tests.cast import make_staff, make_user, sign_in, strict_client
from tests.forms import form_values
from tests.pages import InspectingClient
from tests.portal.addresses import all_addresses, takes_files

pytestmark = pytest.mark.django_db

HOOKS = {"portal:hook_twilio"}
# What can only be sent. Whoever may be there at all gets 405 for looking.
POST_ONLY = {
    "accounts:sign_out", "accounts:sign_in_resend", "accounts:recovery_codes_make", "accounts:sessions_end_others",
    "portal:appearance", "portal:language", "portal:account_proof_resend", "portal:pending_drop", "portal:zone_offer",
    "portal:hook_twilio", "messages:link_code_send", "messages:link_code_missing",
}  # fmt: skip
# One line for each link and hour; a link that nobody made costs the same work.
COUNTED_LOOKS = dict.fromkeys(
    ("messages:link", "envelopes:link", "signatures:link"), ("items_linkcheck", "core_counter")
)


@pytest.fixture
def robin() -> User:
    return make_user("robin@demo.example", plan="pro", two_factor=True)


def token(client: Client, path: str = "/help/") -> str:
    """Return the token of a page's form for the language."""
    return form_values(client.get(path), "/language/")["csrfmiddlewaretoken"]


def test_every_form_needs_its_token(robin: User) -> None:
    """Statement 180."""
    for client in (strict_client(), strict_client(robin), strict_client(make_staff())):
        for name, address in all_addresses().items():
            answer = client.post(address)
            takes_no_form = answer.status_code == 405 and "POST" not in answer.headers["Allow"]
            # A view that takes files looks at the person's rights first, then at the token, then at the files.
            is_led_away = takes_files(address) and answer.status_code == 302
            # The page that asks for a proof is drawn again, since its token is replaced by signing in elsewhere.
            is_led_away |= name in ACTS_OF_PROOF and answer.headers.get("Location") == "/account/confirm/"
            assert name in HOOKS or takes_no_form or is_led_away or answer.status_code == 403, name


def test_only_the_providers_reports_come_without_a_token() -> None:
    """Statement 180. A view that takes files checks the token itself, as the test above sees."""
    views = {name: resolve(address).func for name, address in all_addresses().items() if not name.startswith("admin:")}
    exempt = {
        name
        for name, view in views.items()
        if getattr(view, "csrf_exempt", False) and not getattr(view, "takes_files", False)
    }
    assert exempt == HOOKS
    assert not getattr(resolve(f"/{project.ADMIN_PATH}").func, "csrf_exempt", False)


def test_what_can_only_be_sent_refuses_a_look(robin: User) -> None:
    """Statement 180."""
    sign_in(client := InspectingClient(), robin)
    found = {
        name
        for name, address in all_addresses().items()
        if not name.startswith("admin:") and client.get(address).status_code == 405
    }
    assert found >= POST_ONLY  # new ones are held by the role matrix


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 302),
        ({"origin": "http://testserver"}, 302),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://testserver.evil.example"}, 403),
        ({"origin": "http://testserver:8080"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
    ],
)
def test_a_token_sent_from_elsewhere_is_refused(robin: User, headers: dict[str, str], status: int) -> None:
    """Statement 180."""
    client = strict_client(robin)
    form = {"csrfmiddlewaretoken": token(client), "language": "fr"}
    assert client.post("/language/", form, headers=headers).status_code == status
    robin.refresh_from_db()
    assert robin.language == ("fr" if status == 302 else "en")


def test_another_browsers_token_is_refused(robin: User) -> None:
    """Statement 180."""
    client, other = strict_client(robin), strict_client()
    assert client.post("/language/", {"csrfmiddlewaretoken": token(other), "language": "fr"}).status_code == 403


def test_the_token_changes_with_signing_in(robin: User) -> None:
    client = strict_client()
    before = token(client)
    sign_in(client, make_user("casey@demo.example"))
    client.cookies.pop(project.CSRF_COOKIE_NAME)
    assert client.post("/language/", {"csrfmiddlewaretoken": before}).status_code == 403


def test_looking_writes_nothing_a_person_can_see(robin: User) -> None:
    """A session's latest use, and the count of looks at a link, are what a look may write."""
    sign_in(client := Client(), robin)
    for name, address in all_addresses().items():
        if name.startswith("admin:") or client.get(address).status_code >= 400:
            continue
        for method in (client.get, client.head):
            with CaptureQueriesContext(connection) as asked:
                method(address)
            written = [query["sql"] for query in asked if query["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
            allowed = ("accounts_session", *COUNTED_LOOKS.get(name, ()))
            assert all(any(table in sql for table in allowed) for sql in written), (name, written)
