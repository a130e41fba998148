"""`signatures:request_new`: an empty composer, or what the plan lacks; where one gets there from."""

import pytest
from django.test import Client

from licenses.models import License, ReturnProtection
from messaging.items.models import Draft
from tests.cast import make_user, sign_in
from tests.signatures.composing import NEW, begin

pytestmark = pytest.mark.django_db


def test_anonymous_goes_to_sign_in(client: Client) -> None:
    assert client.get(NEW).headers["Location"].startswith("/sign-in/")


def test_a_new_composer_begins_with_what_is_usual_and_keeps_nothing(client: Client) -> None:
    sign_in(client, make_user("pro@demo.example", plan="pro"))
    values = begin(client)
    assert values["days"] == "30"
    assert (values["signer-0-turn"], values["signer-0-proof"], values["signer-0-language"]) == (
        "1",
        "email_code",
        "en",
    )
    assert "is_owner_proof_asked" not in {name for name, value in values.items() if value == "on"}
    assert not Draft.objects.exists()


def test_the_own_proof_is_asked_as_on_the_account_page(client: Client) -> None:
    user = make_user("pro@demo.example", plan="pro")
    ReturnProtection.objects.update_or_create(user=user, defaults={"owner": True})
    sign_in(client, user)
    assert begin(client)["is_owner_proof_asked"] == "on"


def test_advanced_has_no_own_proof(client: Client) -> None:
    sign_in(client, make_user("advanced@demo.example", plan="advanced"))
    page = client.get(NEW).content.decode()
    assert "Comes with the Pro plan; yours is Advanced." in page
    assert "Your plan, Advanced, allows 1 signer." in page


def test_eco_is_told_which_plan_has_it(client: Client) -> None:
    sign_in(client, make_user("eco@demo.example", plan="eco"))
    page = client.get(NEW).content.decode()
    assert "Signature request comes with the Advanced plan" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]


def test_without_a_license_one_is_told_so(client: Client) -> None:
    sign_in(client, make_user("free@demo.example"))
    assert "comes with the Advanced plan" in client.get(NEW).content.decode()


def test_a_license_that_is_over_still_prepares(client: Client) -> None:
    sign_in(client, make_user("pro@demo.example", plan="pro"))
    License.objects.update(is_suspended=True)
    page = client.get(NEW).content.decode()
    assert "You can write and keep drafts; nothing can be sent until that is settled." in page


def test_it_is_the_fourth_thing_one_can_send(client: Client) -> None:
    sign_in(client, make_user("pro@demo.example", plan="pro"))
    page = client.get("/messages/new/").content.decode()
    assert 'href="/signatures/new/"' in page
    sign_in(client, make_user("eco@demo.example", plan="eco"))
    assert 'href="/signatures/new/"' not in client.get("/messages/new/").content.decode()


def test_it_speaks_french(client: Client) -> None:
    sign_in(client, make_user("pro@demo.example", plan="pro", language="fr"))
    assert "Nouvelle demande de signature" in client.get(NEW).content.decode()
