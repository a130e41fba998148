"""Every address × every role in one table: a URL name that is missing here fails.

`in` = answers 200; `to` = leads on (302); the rest are status codes. What changes something refuses GET (405) for
whoever may be there at all. The columns of `ALIKE` are not written down: each repeats another one but for `APART`.
Objects in the addresses are the Pro person's, who is given each; whoever else asks for one is told what an unknown one
gets. What each role may do by POST is held in tests/test_role_acts.py.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from accounts.choices import SecurityEventKind
from accounts.models import SecurityEvent, User
from accounts.services.security_log import record
from core.models import CountryStop, TextSwitch
from core.sms import switch
from signatures.models import Mark
from tests.accounts.steps import begin_half
from tests.cast import make_organization, make_staff, make_user, sign_in
from tests.portal.addresses import all_addresses
from tests.portal.support import open_for
from tests.role_objects import OF_REQUEST_DRAFTS, Objects, make_objects
from tests.signatures.making import make_mark

pytestmark = [pytest.mark.django_db, pytest.mark.every_case]

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
    "accounts:change_undo": (IN, IN, IN, IN, IN, IN),
    "accounts:email_change": (TO, IN, IN, IN, IN, IN),
    "accounts:password_change": (TO, IN, IN, IN, IN, IN),
    "accounts:sign_out": (405, 405, 405, 405, 405, 405),
    "accounts:security": (TO, IN, IN, IN, IN, IN),
    "accounts:confirm": (TO, IN, IN, IN, IN, IN),
    "accounts:recovery_codes_make": (TO, 405, 405, 405, 405, 405),
    "accounts:browser_rename": (TO, 404, 404, IN, 404, 404),
    "accounts:browser_forget": (TO, 405, 405, 405, 405, 405),
    "accounts:browsers_forget": (TO, 405, 405, 405, 405, 405),
    "accounts:session_end": (TO, 405, 405, 405, 405, 405),
    "accounts:sessions_end_others": (TO, 405, 405, 405, 405, 405),
    "activity:log": (TO, IN, IN, IN, IN, IN),
    "activity:log_export": (TO, 405, 405, 405, 405, 405),
    "activity:item_detail": (TO, 404, 404, IN, 404, 404),
    "activity:item_delete": (TO, 404, 404, IN, 404, 404),
    "activity:item_proof": (TO, 405, 405, 405, 405, 405),
    "messages:message_list": (TO, IN, IN, IN, IN, IN),
    "messages:message_new": (TO, IN, IN, IN, IN, IN),
    "messages:returns": (TO, IN, IN, IN, IN, IN),
    "messages:draft_edit": (TO, 404, 404, IN, 404, 404),
    "messages:draft_save": (TO, 405, 405, 405, 405, 405),
    "messages:draft_preview": (TO, 404, 404, IN, 404, 404),
    "messages:message_send": (TO, 405, 405, 405, 405, 405),
    "messages:draft_delete": (TO, 404, 404, IN, 404, 404),
    "messages:message_detail": (TO, 404, 404, IN, 404, 404),
    "messages:message_sent": (TO, 404, 404, IN, 404, 404),
    "messages:message_copy": (TO, 405, 405, 405, 405, 405),
    "messages:file_download": (TO, 404, 404, IN, 404, 404),
    "messages:message_again": (TO, 405, 405, 405, 405, 405),
    "messages:message_expiry": (TO, 404, 404, IN, 404, 404),
    "messages:message_delete": (TO, 404, 404, IN, 404, 404),
    "messages:link_renew": (TO, 404, 404, IN, 404, 404),
    "messages:recipient_delete": (TO, 404, 404, IN, 404, 404),
    "messages:return_detail": (TO, 404, 404, IN, 404, 404),
    "messages:return_read": (TO, 405, 405, 405, 405, 405),
    "messages:return_done": (TO, 405, 405, 405, 405, 405),
    "messages:return_undone": (TO, 405, 405, 405, 405, 405),
    "messages:return_files": (TO, 404, 404, IN, 404, 404),
    "messages:return_file": (TO, 404, 404, IN, 404, 404),
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
    "messages:link_reply_code_missing": (405, 405, 405, 405, 405, 405),
    "messages:link_reply_prove": (405, 405, 405, 405, 405, 405),
    "messages:link_reply_receipt": (TO, TO, TO, TO, TO, TO),
    "envelopes:envelope_new": (TO, IN, IN, IN, IN, IN),
    "envelopes:envelope_detail": (TO, 404, 404, IN, 404, 404),
    "envelopes:envelope_delete": (TO, 404, 404, IN, 404, 404),
    "envelopes:envelope_expiry": (TO, 404, 404, IN, 404, 404),
    "envelopes:envelope_link_renew": (TO, 404, 404, IN, 404, 404),
    "envelopes:link": (IN, IN, IN, IN, IN, IN),
    "envelopes:link_fragment": (303, 303, 303, 303, 303, 303),
    "envelopes:link_proof": (TO, TO, TO, TO, TO, TO),
    "envelopes:link_code_send": (405, 405, 405, 405, 405, 405),
    "envelopes:link_code_missing": (405, 405, 405, 405, 405, 405),
    "envelopes:envelope_fill": (TO, TO, TO, TO, TO, TO),
    "envelopes:envelope_receipt": (TO, TO, TO, TO, TO, TO),
    "signatures:marks": (TO, IN, IN, IN, IN, IN),
    "signatures:mark_default": (TO, 405, 405, 405, 405, 405),
    "signatures:mark_delete": (TO, 404, 404, IN, 404, 404),
    "signatures:mark_picture": (TO, 404, 404, IN, 404, 404),
    "signatures:verification": (IN, IN, IN, IN, IN, IN),
    "signatures:tracking": (TO, IN, IN, IN, IN, IN),
    "signatures:request_detail": (TO, 404, 404, IN, 404, 404),
    "signatures:request_cancel": (TO, 404, 404, IN, 404, 404),
    "signatures:document_download": (TO, 404, 404, IN, 404, 404),
    "signatures:signer_remind": (TO, 404, 404, IN, 404, 404),
    "signatures:signer_link_renew": (TO, 404, 404, IN, 404, 404),
    "signatures:signer_correct": (TO, 404, 404, IN, 404, 404),
    "signatures:request_new": (TO, IN, IN, IN, IN, IN),
    "signatures:draft_edit": (TO, 404, 404, IN, 404, 404),
    "signatures:draft_save": (TO, 405, 405, 405, 405, 405),
    "signatures:draft_delete": (TO, 404, 404, IN, 404, 404),
    "signatures:draft_zones": (TO, 404, 404, IN, 404, 404),
    "signatures:draft_page": (TO, 404, 404, IN, 404, 404),
    "signatures:draft_check": (TO, 404, 404, IN, 404, 404),
    "signatures:request_send": (TO, 405, 405, 405, 405, 405),
    "signatures:document_sign": (TO, TO, TO, TO, TO, TO),
    "signatures:document_review": (TO, TO, TO, TO, TO, TO),
    "signatures:document_decline": (TO, TO, TO, TO, TO, TO),
    "signatures:document_done": (TO, TO, TO, TO, TO, TO),
    "signatures:page_picture": (TO, TO, TO, TO, TO, TO),
    "signatures:document_file": (TO, TO, TO, TO, TO, TO),
    "signatures:spare_mark": (TO, TO, TO, TO, TO, TO),
    "signatures:zone_picture": (TO, TO, TO, TO, TO, TO),
    "signatures:sealed": (TO, TO, TO, TO, TO, TO),
    "signatures:sealed_all": (TO, TO, TO, TO, TO, TO),
    "signatures:sealed_file": (TO, TO, TO, TO, TO, TO),
    "signatures:document_consent": (405, 405, 405, 405, 405, 405),
    "signatures:link": (IN, IN, IN, IN, IN, IN),
    "signatures:link_fragment": (303, 303, 303, 303, 303, 303),
    "signatures:link_proof": (TO, TO, TO, TO, TO, TO),
    "signatures:link_code_send": (405, 405, 405, 405, 405, 405),
    "signatures:link_code_missing": (405, 405, 405, 405, 405, 405),
}
NOBODYS_ID, NOBODYS_LINK = "00000000-0000-4000-8000-000000000000", "bm9ib2R5bm9ib2R5bm8"
OF_LINK, OF_RETURN, OF_BROWSER = {"locator": NOBODYS_LINK}, {"whole_id": NOBODYS_ID}, {"handle": NOBODYS_ID}
NO_DRAFT = {"form_key": NOBODYS_ID}
NO_MESSAGE = {"reference": "347ACDEFGHJK"}
NO_RECIPIENT = {**NO_MESSAGE, "position": "1"}
OF_MARK = [f"signatures:mark_{name}" for name in ("default", "delete", "picture")]
OF_REQUEST = {"reference": "34679ACDEFGH"}
OF_SIGNER = {**OF_REQUEST, "number": "1"}
OF_REQUEST_DRAFT = [f"signatures:{name}" for name in OF_REQUEST_DRAFTS]
OF_OWNERS = [f"envelopes:envelope_{name}" for name in ("detail", "delete", "expiry", "link_renew")]
# The support pages: strangers are led to the sign-in, customers find nothing (404); what staff is answered, without and
# with the customer's record opened.
SUPPORT: dict[tuple[int, int], str] = {
    (IN, IN): """
        index app_list jsi18n password_change_done accounts_user_open
        accounts_user_changelist accounts_organization_changelist accounts_securityevent_changelist
        licenses_license_changelist licenses_plan_changelist core_countrystop_changelist admin_logentry_changelist
        accounts_organization_change licenses_plan_change core_textswitch_change core_countrystop_change
        accounts_organization_history licenses_plan_history core_textswitch_history core_countrystop_history
        licenses_license_add licenses_plan_add""",
    (TO, IN): """
        accounts_user_change accounts_user_history licenses_license_change licenses_license_history
        accounts_user_unlock accounts_user_password_reset accounts_user_end_sessions""",
    (TO, 404): "accounts_user_first_link accounts_user_reset_two_factor",
    (403, IN): "admin_logentry_change admin_logentry_history",
    (TO, TO): "login core_textswitch_changelist accounts_securityevent_change accounts_securityevent_history",
    (403, 403): """
        accounts_user_add accounts_organization_add accounts_securityevent_add core_textswitch_add
        core_countrystop_add admin_logentry_add
        accounts_user_delete accounts_organization_delete accounts_securityevent_delete licenses_license_delete
        licenses_plan_delete core_textswitch_delete core_countrystop_delete admin_logentry_delete""",
    (404, 404): "logout password_change autocomplete view_on_site",
    (405, 405): """
        accounts_user_search accounts_organization_search accounts_securityevent_search licenses_license_search
        licenses_plan_search core_textswitch_search core_countrystop_search admin_logentry_search""",
}
# A column that is not written down is like another one; only what is listed below differs.
ALIKE = {
    "half_signed_in": "stranger",
    "colleague": "eco",
    "other_member": "eco",
    "other_administrator": "administrator",
    "staff_with_record": "staff",
    "recipient": "stranger",
    "other_recipient": "stranger",
}
COLUMNS = (*ROLES, *ALIKE)
APART: dict[str, dict[str, int]] = {
    "accounts:sign_in_code": {"half_signed_in": IN},
    "accounts:sign_in_recovery": {"half_signed_in": IN},
    **{f"messages:{name}": {"recipient": IN} for name in ("message_read", "link_files", "link_file", "link_reply")},
    "messages:link_reply_receipt": {"recipient": IN},
    "envelopes:envelope_fill": {"recipient": IN},
    **{f"signatures:document_{name}": {"recipient": IN} for name in ("sign", "review", "decline", "file")},
    **{f"signatures:{name}": {"recipient": IN} for name in ("page_picture", "zone_picture", "spare_mark")},
}
for (closed, opened), names in SUPPORT.items():
    for support_name in names.split():
        MATRIX[f"admin:{support_name}"] = (TO, 404, 404, 404, 404, closed)
        APART[f"admin:{support_name}"] = {"staff_with_record": opened}
ARGUMENTS: dict[str, dict[str, str]] = {
    "activity:item_detail": NO_MESSAGE,
    "activity:item_delete": NO_MESSAGE,
    "activity:item_proof": NO_MESSAGE,
    "portal:outbox_entry": {"key": "20260101T000000000000Z-sms-00000000"},
    "accounts:browser_rename": OF_BROWSER,
    "accounts:browser_forget": OF_BROWSER,
    "accounts:session_end": OF_BROWSER,
    **dict.fromkeys(OF_MARK, OF_BROWSER),
    **dict.fromkeys(OF_REQUEST_DRAFT, NO_DRAFT),
    "signatures:draft_page": {**NO_DRAFT, "document": "0", "page": "1"},
    **{name: OF_RETURN for name in MATRIX if name.startswith("messages:return_")},
    "messages:return_file": OF_RETURN | {"file_id": NOBODYS_ID},
    **{name: OF_LINK for name in MATRIX if name.startswith("messages:link")},
    **{name: OF_LINK for name in MATRIX if name.startswith("envelopes:link")},
    **{
        name: OF_LINK
        for name in MATRIX
        if name.startswith(("signatures:link", "signatures:document", "signatures:sealed"))
    },
    "signatures:link_fragment": OF_LINK | {"secret": "secret"},
    "signatures:page_picture": OF_LINK | {"document": "1", "page": "1"},
    "signatures:document_file": OF_LINK | {"document": "1"},
    "signatures:spare_mark": OF_LINK | {"kind": "initials"},
    "signatures:zone_picture": OF_LINK | {"zone_id": "s0"},
    "signatures:sealed_file": OF_LINK | {"file_id": NOBODYS_ID},
    "envelopes:link_fragment": OF_LINK | {"secret": "secret"},
    "envelopes:envelope_fill": OF_LINK,
    "envelopes:envelope_receipt": OF_LINK,
    **{name: {"reference": "34679ACDEFGH"} for name in OF_OWNERS},
    "signatures:request_detail": OF_REQUEST,
    "signatures:request_cancel": OF_REQUEST,
    "signatures:document_download": OF_SIGNER,
    **{name: OF_SIGNER for name in MATRIX if name.startswith("signatures:signer_")},
    "messages:link_fragment": OF_LINK | {"secret": "secret"},
    "messages:message_read": OF_LINK,
    "messages:link_file": OF_LINK | {"file_id": NOBODYS_ID},
    "messages:link_reply_receipt": OF_LINK | OF_RETURN,
    "messages:draft_edit": NO_DRAFT,
    "messages:draft_save": NO_DRAFT,
    "messages:draft_preview": NO_DRAFT,
    "messages:message_send": NO_DRAFT,
    "messages:draft_delete": NO_DRAFT,
    "messages:message_detail": NO_MESSAGE,
    "messages:message_sent": NO_MESSAGE,
    "messages:message_copy": NO_MESSAGE,
    "messages:file_download": {**NO_MESSAGE, "file_id": NOBODYS_ID},
    "messages:message_again": NO_MESSAGE,
    "messages:message_expiry": NO_MESSAGE,
    "messages:message_delete": NO_MESSAGE,
    "messages:link_renew": NO_RECIPIENT,
    "messages:recipient_delete": NO_RECIPIENT,
}


def url_names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """Walk the addresses and yield each name with its namespace; of the support pages Django leaves some unnamed."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from url_names(entry, entry.namespace or namespace)
        elif isinstance(entry, URLPattern) and (entry.name or namespace != "admin"):
            assert entry.name, f"an address without a name: {entry.pattern}"
            yield f"{namespace}:{entry.name}"


def expected(name: str, column: str) -> int:
    """Return what a URL name answers to a role."""
    if column in APART.get(name, {}):
        return APART[name][column]
    return MATRIX[name][ROLES.index(ALIKE.get(column, column))]


def make_customer() -> User:
    """Make the Pro person whose objects the addresses name, with two marks and a line in each support page."""
    customer = make_user("pro@demo.example", organization=make_organization(), plan="pro")
    sign_in(Client(), customer)
    record(user=customer, kind=SecurityEventKind.SIGNED_IN)
    for _mark in range(2):  # the first of a kind is the usual one
        make_mark(customer)
    return customer


def addresses(customer: User, objects: Objects | None = None) -> dict[str, str]:
    """Return the address of every URL name, with the customer's objects in it, or nobody's where none are given."""
    now = timezone.now()
    staff = User.objects.create(email="other-support@demo.example", is_staff=True)
    about = ContentType.objects.get_for_model(User)
    keys = {
        "accounts_user": customer.pk,
        "accounts_organization": customer.organization_id,
        "accounts_securityevent": SecurityEvent.objects.filter(user=customer).earliest("pk").pk,
        "licenses_license": customer.license.pk,
        "licenses_plan": customer.license.plan_id,
        "core_textswitch": TextSwitch.objects.get().pk,
        "core_countrystop": CountryStop.objects.create(region="FR", began_at=now, sent=50, confirmed=1).pk,
        "admin_logentry": LogEntry.objects.create(
            user=staff, content_type=about, object_id=str(customer.pk), action_flag=CHANGE, change_message="."
        ).pk,
    }
    browser = {"handle": str(customer.known_browsers.earliest("pk").handle)}
    own = {f"accounts:{name}": browser for name in ("browser_rename", "browser_forget", "session_end")}
    own |= {name: {"handle": str(Mark.objects.latest("pk").handle)} for name in OF_MARK}
    own |= objects.arguments() if objects else {}
    found = all_addresses() | {name: reverse(name, kwargs=given) for name, given in (ARGUMENTS | own).items()}
    for name in found:
        kind = re.match(r"admin:([a-z]+_[a-z]+)_", name)
        if kind and kind[1] in keys:
            found[name] = found[name].replace("/1/", f"/{keys[kind[1]]}/")
    return found


@dataclass(frozen=True, slots=True, repr=False)
class World:
    """The objects of the Pro person, the addresses with them, and a browser for each column."""

    customer: User
    objects: Objects
    folder: Path
    addresses: dict[str, str]
    browsers: dict[str, Client]


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Make everything once; what a test changes is taken back at its end."""
    folder = tmp_path_factory.mktemp("roles")
    with django_db_blocker.unblock(), override_settings(DATA_DIR=folder), transaction.atomic():
        switch.recent.forget()
        customer = make_customer()
        objects = make_objects(customer)
        own = {"pro": objects.owner, "recipient": objects.recipient, "other_recipient": objects.other_recipient}
        browsers = {column: own.get(column) or browser_of(column, customer) for column in COLUMNS}
        yield World(customer, objects, folder, addresses(customer, objects), browsers)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _files_of_the_world(settings: Settings, world: World, _own_outbox: None) -> None:
    """Let each test find the files where they were made."""
    settings.DATA_DIR = world.folder


def browser_of(column: str, customer: User) -> Client:
    """Return a browser in which somebody of the role is signed in."""
    client, organization = Client(), customer.organization
    other = partial(make_organization, "Other Company")
    makers: dict[str, Callable[[], User]] = {
        "no_license": lambda: make_user("free@demo.example", organization=organization),
        "eco": lambda: make_user("eco@demo.example", organization=organization, plan="eco"),
        "pro": lambda: customer,
        "colleague": lambda: make_user("colleague@demo.example", organization=organization, plan="pro"),
        "administrator": lambda: make_user(
            "admin@demo.example", organization=organization, plan="pro", is_administrator=True
        ),
        "staff": make_staff,
        "other_member": lambda: make_user("other@demo.example", organization=other(), plan="pro"),
        "other_administrator": lambda: make_user(
            "other-admin@demo.example", organization=other(), plan="pro", is_administrator=True
        ),
        "staff_with_record": lambda: make_staff("support-with-record@demo.example"),
    }
    if column in makers:
        sign_in(client, makers[column]())
    if column == "half_signed_in":
        begin_half(client, make_user("half@demo.example", organization=organization, two_factor=True))
    if column == "staff_with_record":
        open_for(client, customer)
    return client


def test_every_address_is_in_the_table() -> None:
    assert set(url_names(get_resolver())) == set(MATRIX)


def test_what_differs_names_rows_and_columns_that_exist() -> None:
    assert set(APART) <= set(MATRIX)
    assert {column for row in APART.values() for column in row} <= set(ALIKE)


@pytest.mark.parametrize("column", COLUMNS)
def test_the_table_holds(column: str, world: World) -> None:
    client = world.browsers[column]
    found = {name: client.get(world.addresses[name]).status_code for name in MATRIX}
    assert found == {name: expected(name, column) for name in MATRIX}
