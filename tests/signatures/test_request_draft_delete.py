"""`signatures:draft_delete`, and drafts of requests among the drafts of everything."""

import pytest
from django.test import Client

from accounts.models import User
from messaging.items.models import Blob, Draft
from tests.cast import make_user, sign_in
from tests.messaging.messages.composing import composer_values, press_keep
from tests.messaging.messages.composing import filled as filled_message
from tests.outbox import delivered
from tests.signatures.composing import TITLE, YAN, ZOE, address_of, prepare

pytestmark = pytest.mark.django_db
DRAFTS = "/messages/?box=drafts"


@pytest.fixture
def pro(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    return user


def test_a_draft_is_deleted_after_a_question(client: Client, pro: User) -> None:
    values = prepare(client)
    address = address_of(values, "delete/")
    page = client.get(address).content.decode()
    assert "Its documents, signers and zones are destroyed." in page
    assert Draft.objects.count() == 1
    answer = client.post(address)
    assert answer.headers["Location"] == DRAFTS
    assert "The draft was deleted." in client.get(DRAFTS).content.decode()
    assert not Draft.objects.exists()
    delivered("email")
    assert not Blob.objects.exists()
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 302


def test_nobody_else_deletes_it(client: Client, pro: User) -> None:
    address = address_of(prepare(client), "delete/")
    sign_in(client, make_user("other@demo.example", plan="pro"))
    assert client.get(address).status_code == 404
    client.post(address)
    assert Draft.objects.filter(owner=pro).exists()


def test_drafts_of_requests_stand_among_those_of_messages(client: Client, pro: User) -> None:
    values = prepare(client, (ZOE, YAN))
    press_keep(client, filled_message(composer_values(client), subject="A message"))
    page = client.get(DRAFTS).content.decode()
    assert page.index("A message") < page.index(TITLE)
    assert f'href="{address_of(values)}"' in page
    assert f'href="{address_of(values, "delete/")}"' in page
    for shown in ("Signature request", ZOE["email"], "and 1 other"):
        assert shown in page


def test_a_draft_whose_key_is_gone_is_left_out(client: Client, pro: User, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(client)
    Draft.objects.update(key_sealed=b"x" * 60)
    assert TITLE not in client.get(DRAFTS).content.decode()
