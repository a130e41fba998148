"""The pages of messages do not know drafts of other kinds, whoever types their key into an address."""

import uuid

import pytest
from django.test import Client

from accounts.models import User
from messaging.items.models import Draft, Item
from messaging.items.services.draft_sealing import OpenDraft, open_draft
from messaging.items.services.drafting import keep_draft
from tests.cast import make_user, sign_in
from tests.messaging.messages.composing import by_script, composer_values, filled, press_keep, press_send

pytestmark = pytest.mark.django_db

KIND = "envelope"


@pytest.fixture
def owner(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    return user


@pytest.fixture
def draft(owner: User) -> OpenDraft:
    fields = {"subject": ["Canary of another kind"], "to-TOTAL_FORMS": ["0"]}
    return keep_draft(kind=KIND, owner=owner, form_key=uuid.uuid4(), version=0, content={"fields": fields})


def test_no_page_of_messages_finds_a_draft_of_another_kind(client: Client, draft: OpenDraft) -> None:
    address = f"/messages/drafts/{draft.row.form_key}/"
    assert [client.get(f"{address}{part}").status_code for part in ("", "preview/", "delete/")] == [404] * 3
    assert "Canary" not in client.get("/messages/?box=drafts").content.decode()
    client.post(f"{address}delete/")
    assert Draft.objects.get() == draft.row


@pytest.mark.parametrize("version", ["0", "1"])
def test_a_draft_of_another_kind_is_neither_written_over_nor_sent_as_a_message(
    client: Client, draft: OpenDraft, version: str
) -> None:
    action = f"/messages/drafts/{draft.row.form_key}/send/"
    values = {**filled(composer_values(client)), "action": action, "version": version}
    for press in (press_keep, by_script, press_send):
        assert press(client, values).status_code == 409
    assert not Item.objects.exists()
    assert open_draft(Draft.objects.get(), kind=KIND) == draft
