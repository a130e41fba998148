"""Every act on an object × every role: its owner acts, and the same form of anybody else changes nothing.

Objects and browsers are those of tests/test_role_matrix.py.
"""

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from core.crypto.links import new_secret
from core.crypto.seal_keys import new_demo_pair
from messaging.items.models import Draft, Item
from messaging.items.services.links import to_text
from tests.role_objects import Objects, file_of
from tests.rows import all_rows, changed_tables, tables_that_lost
from tests.signatures.composing import zone
from tests.signatures.signer import TYPED
from tests.test_role_matrix import COLUMNS, World, _files_of_the_world, world

__all__ = ["_files_of_the_world", "world"]

pytestmark = [pytest.mark.django_db, pytest.mark.every_case]

Form = Callable[[Objects], dict[str, Any]]


@pytest.fixture(autouse=True)
def _can_seal(settings: Settings, tmp_path: Path) -> None:
    """Where nothing could be sealed, nobody would be asked to sign."""
    settings.SEAL_CERTIFICATE = tmp_path / "chain.pem"
    settings.SEAL_CERTIFICATE.write_bytes(new_demo_pair(timezone.now()).chain)


def nothing(_objects: Objects) -> dict[str, Any]:
    return {}


def hours(_objects: Objects) -> dict[str, Any]:
    return {"life_hours": 24}


def composed(objects: Objects) -> dict[str, Any]:
    kept = {name: value for name, value in objects.draft.items() if name != "action" and value is not None}
    return kept | {"subject": "Another subject"}


def retitled(objects: Objects) -> dict[str, Any]:
    return {name: value for name, value in objects.request_draft.items() if name != "action"} | {"title": "Another"}


def kept_version(objects: Objects) -> dict[str, Any]:
    return {"version": objects.request_draft["version"]}


def zoned(objects: Objects) -> dict[str, Any]:
    return kept_version(objects) | {"zones": json.dumps([zone()])}


def answered(_objects: Objects) -> dict[str, Any]:
    return {"text": "I agree.", "form_key": str(uuid.uuid4())}


# What the owner's browser posts, by the name of the address.
OWNERS_ACTS: dict[str, Form] = {
    "accounts:browser_rename": lambda _objects: {"name": "Kitchen"},
    "accounts:browser_forget": nothing,
    "accounts:session_end": nothing,
    "activity:item_delete": nothing,
    "activity:item_proof": nothing,
    "messages:draft_save": composed,
    "messages:message_send": composed,
    "messages:draft_delete": nothing,
    "messages:message_copy": nothing,
    "messages:message_again": nothing,
    "messages:message_expiry": hours,
    "messages:message_delete": nothing,
    "messages:link_renew": nothing,
    "messages:recipient_delete": nothing,
    "messages:return_read": nothing,
    "messages:return_done": nothing,
    "messages:return_undone": nothing,
    "envelopes:envelope_delete": nothing,
    "envelopes:envelope_expiry": hours,
    "envelopes:envelope_link_renew": nothing,
    "signatures:request_cancel": nothing,
    "signatures:signer_remind": lambda _objects: {"text": "Please.", "language": "en"},
    "signatures:signer_link_renew": nothing,
    "signatures:signer_correct": lambda _objects: {"email": "zoe@new.example"},
    "signatures:draft_save": retitled,
    "signatures:draft_zones": zoned,
    "signatures:request_send": kept_version,
    "signatures:draft_delete": nothing,
    "signatures:mark_default": nothing,
    "signatures:mark_delete": nothing,
}
# What the person outside posts who opened the links in the addresses.
RECIPIENTS_ACTS: dict[str, Form] = {
    "messages:link_reply": answered,
    "messages:link_code_missing": nothing,
    "envelopes:link_code_missing": nothing,
    "envelopes:envelope_fill": answered,
    "signatures:link_code_send": nothing,
    "signatures:link_code_missing": nothing,
    "signatures:document_sign": lambda _objects: TYPED | {"signature-text": "Z. Roy"},
    "signatures:document_review": lambda objects: {"reviewed": objects.reviewed},
    "signatures:document_decline": lambda _objects: {"reason": "Too dear."},
}
# What changes nothing for whoever has opened the link already; nobody else gets further.
NO_ACTS: dict[str, Form] = {
    "messages:link": lambda _objects: {"link": to_text(new_secret().reveal())},
    "messages:link_proof": nothing,
    "messages:link_code_send": nothing,
    "messages:link_reply_code_send": nothing,
    "messages:link_reply_code_missing": nothing,
    # This message asks for no code before a reply.
    "messages:link_reply_prove": lambda _objects: {"code": "123456"},
    "envelopes:link": lambda _objects: {"link": to_text(new_secret().reveal())},
    "envelopes:link_proof": nothing,
    "envelopes:link_code_send": nothing,
    "signatures:link": lambda _objects: {"link": to_text(new_secret().reveal())},
    "signatures:link_proof": nothing,
    # The consent was given before.
    "signatures:document_consent": lambda _objects: {"is_agreed": "on"},
}
# A form's key is known to one person only; from anybody else it begins a draft or message of their own.
OF_ONES_OWN = frozenset({"messages:draft_save", "messages:message_send", "signatures:draft_save"})
ACTS = OWNERS_ACTS | RECIPIENTS_ACTS | NO_ACTS
ACTORS = {"pro": OWNERS_ACTS, "recipient": RECIPIENTS_ACTS}
# Unknown, not allowed, or led to what is missing: the sign-in, the page of the link. Whoever has opened a link may be
# told more: that their code is wrong.
REFUSED = (302, 403, 404)
# What every request leaves: when somebody was seen, what a page says next, how often something was tried; and what a
# stranger typed, until they have signed in.
TRACES = (
    "accounts_keptform",
    "accounts_knownbrowser.seen_at",
    "accounts_session.data",
    "accounts_session.expires_at",
    "accounts_session.seen_at",
    "core_counter",
    "django_session",
    "items_opensession.seen_at",
)


def post(world: World, column: str, name: str) -> int:
    """Let a role post the form of an act, and return the status of the answer."""
    answer = world.browsers[column].post(world.addresses[name], ACTS[name](world.objects))
    return int(answer.status_code)


def test_every_address_of_an_object_that_takes_forms_is_an_act(world: World) -> None:
    ours = {name: address for name, address in world.addresses.items() if not name.startswith("admin:")}
    parts = {str(value) for given in world.objects.arguments().values() for value in given.values()}
    parts |= {ours[name].split("/")[-3] for name in ("accounts:browser_rename", "signatures:mark_delete")}
    of_objects = {name for name, address in ours.items() if parts & set(address.split("/"))}
    allowed = {name: world.objects.owner.options(ours[name]).headers.get("Allow", "") for name in of_objects}
    assert {name for name, methods in allowed.items() if "POST" in methods} == set(ACTS)


@pytest.mark.parametrize("column", ACTORS)
def test_the_one_who_may_act_does(column: str, world: World) -> None:
    idle, before = [], all_rows(without=TRACES)
    for name in ACTORS[column]:
        with transaction.atomic():
            post(world, column, name)
            if not changed_tables(before, all_rows(without=TRACES)):
                idle.append(name)
            transaction.set_rollback(True)
    assert idle == [], "these forms would change nothing for anybody"


@pytest.mark.parametrize("column", COLUMNS)
def test_nobody_else_changes_anything(column: str, world: World) -> None:
    before = all_rows(without=TRACES)
    for name in [name for name in ACTS if name not in ACTORS.get(column, {}) and name not in OF_ONES_OWN]:
        assert post(world, column, name) in REFUSED or column == "recipient", name
    assert changed_tables(before, all_rows(without=TRACES)) == set()


@pytest.mark.parametrize("column", [column for column in COLUMNS if column != "pro"])
def test_the_form_of_a_draft_is_only_its_owners(column: str, world: World) -> None:
    customers, before = Item.objects.filter(sender=world.customer), all_rows(without=TRACES)
    count = customers.count()
    for name in sorted(OF_ONES_OWN):
        post(world, column, name)
    # What all of an organization keep is counted in one row, which a colleague's own draft changes.
    assert tables_that_lost(before, all_rows(without=TRACES)) <= {"items_organizationspace"}
    assert (customers.count(), Draft.objects.filter(owner=world.customer).count()) == (count, 2)


def test_below_their_own_link_a_person_finds_nothing_of_another(world: World) -> None:
    """The link is the right one for the browser; what is asked for below it is somebody else's."""
    below = f"/o/{world.objects.other_link}"
    other: Client = world.browsers["other_recipient"]
    assert other.get(f"{below}/message").status_code == 200
    for path in (f"reply/{world.objects.reply.whole_id}", f"files/{file_of(world.objects.reply)}"):
        assert other.get(f"{below}/{path}").status_code == 404, path
    assert other.get(f"/e/{world.objects.other_link}/delivery").status_code == 302


def test_a_page_that_only_shows_takes_no_form(world: World) -> None:
    shows_only = ["activity:log", "messages:message_list", "messages:returns", "portal:organization"]
    for name in (*shows_only, "accounts:security"):
        for column in COLUMNS:
            if not column.startswith("staff"):
                answer = world.browsers[column].post(world.addresses[name])
                assert answer.status_code in (302, 403, 405), (name, column)
