"""Every address × every role in one table: a URL name that is missing here fails.

`in` = answers 200; `to` = leads on (302); the rest are status codes. What changes something refuses GET (405) for
whoever may be there at all. The support pages are one row: nobody but staff finds anything there.
"""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.cast import make_organization, make_staff, make_user, sign_in

pytestmark = pytest.mark.django_db

ROLES = ("stranger", "no_license", "eco", "pro", "administrator", "staff")
IN, TO = 200, 302

#                                    stranger  no_license  eco   pro  administrator  staff
MATRIX: dict[str, tuple[int, ...]] = {
    "portal:home": (IN, IN, IN, IN, IN, IN),
    "portal:help": (IN, IN, IN, IN, IN, IN),
    "portal:privacy": (IN, IN, IN, IN, IN, IN),
    "portal:security_txt": (IN, IN, IN, IN, IN, IN),
    "portal:appearance": (405, 405, 405, 405, 405, 405),
    "portal:language": (405, 405, 405, 405, 405, 405),
    "portal:account": (TO, IN, IN, IN, IN, IN),
    "portal:account_proof": (TO, TO, TO, TO, TO, TO),
    "portal:account_proof_resend": (TO, 405, 405, 405, 405, 405),
    "portal:pending_drop": (TO, 405, 405, 405, 405, 405),
    "portal:kept_form_drop": (TO, 405, 405, 405, 405, 405),
    "portal:zone_offer": (TO, 405, 405, 405, 405, 405),
    "portal:organization": (TO, 403, 403, 403, IN, 403),
    "portal:outbox": (IN, IN, IN, IN, IN, IN),
    "portal:outbox_entry": (404, 404, 404, 404, 404, 404),
    "portal:health_live": (IN, IN, IN, IN, IN, IN),
    "portal:health_ready": (503, 503, 503, 503, 503, 503),
    "portal:hook_twilio": (405, 405, 405, 405, 405, 405),
    "accounts:sign_in": (IN, TO, TO, TO, TO, TO),
    "accounts:sign_in_code": (TO, TO, TO, TO, TO, TO),
    "accounts:sign_in_resend": (405, 405, 405, 405, 405, 405),
    "accounts:sign_in_recovery": (TO, TO, TO, TO, TO, TO),
    "accounts:password_forgotten": (IN, IN, IN, IN, IN, IN),
    "accounts:password_reset": (IN, IN, IN, IN, IN, IN),
    "accounts:email_confirm": (IN, IN, IN, IN, IN, IN),
    "accounts:email_undo": (IN, IN, IN, IN, IN, IN),
    "accounts:email_change": (TO, IN, IN, IN, IN, IN),
    "accounts:password_change": (TO, IN, IN, IN, IN, IN),
    "accounts:sign_out": (405, 405, 405, 405, 405, 405),
    "accounts:security": (TO, IN, IN, IN, IN, IN),
    "accounts:confirm": (TO, IN, IN, IN, IN, IN),
    "accounts:recovery_codes_make": (TO, 405, 405, 405, 405, 405),
    "accounts:sessions_end_others": (TO, 405, 405, 405, 405, 405),
    "activity:log": (TO, IN, IN, IN, IN, IN),
    "messages:message_list": (TO, IN, IN, IN, IN, IN),
    "messages:message_new": (TO, IN, IN, IN, IN, IN),
    "messages:returns": (TO, IN, IN, IN, IN, IN),
    "messages:return_detail": (TO, 404, 404, 404, 404, 404),
    "messages:return_read": (TO, 405, 405, 405, 405, 405),
    "messages:return_done": (TO, 405, 405, 405, 405, 405),
    "messages:return_undone": (TO, 405, 405, 405, 405, 405),
    "messages:return_files": (TO, 404, 404, 404, 404, 404),
    "messages:return_file": (TO, 404, 404, 404, 404, 404),
    "messages:link": (IN, IN, IN, IN, IN, IN),
    "messages:link_fragment": (303, 303, 303, 303, 303, 303),
    "messages:link_proof": (TO, TO, TO, TO, TO, TO),
    "messages:link_code_send": (405, 405, 405, 405, 405, 405),
    "messages:link_code_missing": (405, 405, 405, 405, 405, 405),
    "messages:message_read": (TO, TO, TO, TO, TO, TO),
    "messages:link_files": (TO, TO, TO, TO, TO, TO),
    "messages:link_file": (TO, TO, TO, TO, TO, TO),
    "messages:link_reply": (TO, TO, TO, TO, TO, TO),
    "messages:link_reply_code_send": (405, 405, 405, 405, 405, 405),
    "messages:link_reply_prove": (405, 405, 405, 405, 405, 405),
    "messages:link_reply_receipt": (TO, TO, TO, TO, TO, TO),
    "envelopes:envelope_new": (TO, IN, IN, IN, IN, IN),
    "envelopes:envelope_detail": (TO, 404, 404, 404, 404, 404),
    "envelopes:envelope_delete": (TO, 404, 404, 404, 404, 404),
    "envelopes:envelope_expiry": (TO, 404, 404, 404, 404, 404),
    "envelopes:envelope_link_renew": (TO, 404, 404, 404, 404, 404),
    "envelopes:link": (IN, IN, IN, IN, IN, IN),
    "envelopes:link_fragment": (303, 303, 303, 303, 303, 303),
    "envelopes:link_proof": (TO, TO, TO, TO, TO, TO),
    "envelopes:link_code_send": (405, 405, 405, 405, 405, 405),
    "envelopes:link_code_missing": (405, 405, 405, 405, 405, 405),
    "envelopes:envelope_fill": (TO, TO, TO, TO, TO, TO),
    "envelopes:envelope_receipt": (TO, TO, TO, TO, TO, TO),
    "signatures:marks": (TO, IN, IN, IN, IN, IN),
    "signatures:tracking": (TO, IN, IN, IN, IN, IN),
    "admin:*": (TO, 404, 404, 404, 404, IN),
}
NOBODYS_ID, NOBODYS_LINK = "00000000-0000-4000-8000-000000000000", "bm9ib2R5bm9ib2R5bm8"
OF_LINK, OF_RETURN = {"locator": NOBODYS_LINK}, {"whole_id": NOBODYS_ID}
OF_OWNERS = [f"envelopes:envelope_{name}" for name in ("detail", "delete", "expiry", "link_renew")]
ARGUMENTS: dict[str, dict[str, str]] = {
    "portal:outbox_entry": {"key": "20260101T000000000000Z-sms-00000000"},
    **{name: OF_RETURN for name in MATRIX if name.startswith("messages:return_")},
    "messages:return_file": OF_RETURN | {"file_id": NOBODYS_ID},
    **{name: OF_LINK for name in MATRIX if name.startswith("messages:link")},
    **{name: OF_LINK for name in MATRIX if name.startswith("envelopes:link")},
    "envelopes:link_fragment": OF_LINK | {"secret": "secret"},
    "envelopes:envelope_fill": OF_LINK,
    "envelopes:envelope_receipt": OF_LINK,
    **{name: {"reference": "34679ACDEFGH"} for name in OF_OWNERS},
    "messages:link_fragment": OF_LINK | {"secret": "secret"},
    "messages:message_read": OF_LINK,
    "messages:link_file": OF_LINK | {"file_id": NOBODYS_ID},
    "messages:link_reply_receipt": OF_LINK | OF_RETURN,
}


def url_names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """Walk the addresses and yield each name with its namespace; the support pages count as one."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = entry.namespace or namespace
            if inner == "admin":
                yield "admin:*"
            else:
                yield from url_names(entry, inner)
        elif isinstance(entry, URLPattern):
            assert entry.name, f"an address without a name: {entry.pattern}"
            yield f"{namespace}:{entry.name}"


def browser_of(role: str) -> Client:
    """Return a browser in which somebody of the role is signed in."""
    client = Client()
    organization = make_organization()
    makers: dict[str, Callable[[], object]] = {
        "no_license": lambda: make_user("free@demo.example", organization=organization),
        "eco": lambda: make_user("eco@demo.example", organization=organization, plan="eco"),
        "pro": lambda: make_user("pro@demo.example", organization=organization, plan="pro"),
        "administrator": lambda: make_user(
            "admin@demo.example", organization=organization, plan="pro", is_administrator=True
        ),
        "staff": make_staff,
    }
    if role in makers:
        sign_in(client, makers[role]())  # type: ignore[arg-type]
    return client


def test_every_address_is_in_the_table() -> None:
    assert set(url_names(get_resolver())) == set(MATRIX)


@pytest.mark.parametrize("role", ROLES)
def test_the_table_holds(role: str) -> None:
    client, column = browser_of(role), ROLES.index(role)
    found = {name: client.get(address(name)).status_code for name in MATRIX}
    assert found == {name: row[column] for name, row in MATRIX.items()}


@pytest.mark.parametrize("role", ROLES[:-1])
def test_what_changes_something_gives_no_more_by_post(role: str) -> None:
    """A POST to a page that only shows is refused for everybody."""
    client = browser_of(role)
    shows_only = [
        "activity:log", "messages:message_list", "messages:returns", "portal:organization", "accounts:security"
    ]  # fmt: skip
    for name in shows_only:
        assert client.post(address(name)).status_code in (302, 403, 405), name


def address(name: str) -> str:
    """Return the address of a URL name."""
    return reverse("admin:index" if name == "admin:*" else name, kwargs=ARGUMENTS.get(name))
