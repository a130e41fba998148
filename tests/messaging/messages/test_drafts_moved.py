"""Drafts written before they were of every kind: what an installation of then has goes on after the migration."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from accounts.models import User
from core import keys
from core.crypto.links import new_secret
from core.crypto.sealing import seal
from core.crypto.secret import Secret
from core.db import database_now
from messaging.items.manifests import Manifest, seal_manifest
from messaging.items.models import Draft, Item
from messaging.items.storage import space_of
from messaging.messages.services.drafting import keep_draft, open_draft
from tests.cast import make_user, sign_in
from tests.messaging.messages.composing import SUBJECT, ZOE, composer_values, filled, press_send, values_of
from tests.messaging.outside.making import TERMS, sealed

BEFORE = ("secure_messages", "0002_keep_drafts")

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def owner() -> User:
    return make_user("pro@demo.example", plan="pro")


@pytest.fixture
def newest() -> Iterator[list[tuple[str, str]]]:
    """Give the newest migration of every app, and bring the database there in any case."""
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    yield newest
    MigrationExecutor(connection).migrate(newest)


def old_draft(model: Any, owner: User, fields: dict[str, list[str]]) -> uuid.UUID:
    """Write a draft with a file as the release before did, and return its form's key."""
    data_key, whole_id, form_key = new_secret(), uuid.uuid4(), uuid.uuid4()
    manifest = Manifest("", "", [sealed(TERMS, data_key, whole_id)], {"fields": fields})
    today = datetime.now(UTC).date()
    model.objects.create(
        owner_id=owner.pk,
        form_key=form_key,
        whole_id=whole_id,
        version=3,
        changed_at=database_now(),
        sealed=seal_manifest(manifest, data_key=data_key, whole_id=whole_id),
        key_sealed=old_key(data_key, whole_id),
        key_sealed_on=today,
    )
    return form_key


def old_key(data_key: Secret, whole_id: uuid.UUID) -> bytes:
    place = f"secure_messages_draft:key:{whole_id}"
    return seal(keys.daily(datetime.now(UTC).date()), data_key.reveal(), place=place)


def names_in_database() -> set[str]:
    """Return what indexes and constraints of the drafts are called that have a name of ours."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "items_draft")
    return {name for name in found if name.startswith(("items_draft_of", "items_draft_to", "items_draft_once"))}


def test_a_draft_of_before_opens_counts_and_is_sent(client: Client, owner: User, newest: list[tuple[str, str]]) -> None:
    sign_in(client, owner)
    fields = {name: [value] for name, value in filled(composer_values(client)).items() if value and name != "action"}
    names, kept = names_in_database(), keep_draft(owner=owner, form_key=uuid.uuid4(), version=0, fields=fields)
    assert len(names) == 4
    executor = MigrationExecutor(connection)
    before = executor.migrate([BEFORE]).apps.get_model("secure_messages", "Draft")
    assert before.objects.values_list("form_key", "whole_id", "version").get() == (
        kept.row.form_key,
        kept.row.whole_id,
        1,
    )
    form_key = old_draft(before, owner, fields)
    MigrationExecutor(connection).migrate(newest)

    assert names_in_database() == names
    assert open_draft(Draft.objects.get(pk=kept.row.pk)) == kept
    row = Draft.objects.get(form_key=form_key)
    assert (row.kind, row.version, open_draft(row).first("subject")) == ("message", 3, SUBJECT)
    assert space_of(owner).used_bytes == len(TERMS.content)
    drafts = client.get("/messages/?box=drafts").content.decode()
    assert drafts.count(ZOE) == 2
    page = client.get(f"/messages/drafts/{form_key}/")
    assert TERMS.name in page.content.decode()
    assert press_send(client, values_of(page)).status_code == 302
    assert Item.objects.values_list("kind", "form_key", "file_count").get() == ("message", form_key, 1)
    assert Draft.objects.get() == kept.row
