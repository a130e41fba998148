"""Changing the address one signs in with: a link to the new one, a word and an undo for the old one."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import EmailChange, Session, User
from tests.accounts.steps import let_proof_grow_old
from tests.cast import make_user, sign_in
from tests.outbox import delivered

pytestmark = pytest.mark.django_db

CHANGE, CONFIRM, UNDO = "/account/security/email/", "/sign-in/email/", "/sign-in/undo/"
OLD, NEW = "old@demo.example", "New@demo.example"


@pytest.fixture
def person(client: Client) -> User:
    user = make_user(OLD, plan="pro")
    sign_in(client, user)
    return user


def secret_mailed_to(address: str) -> str:
    mail = next(mail for mail in delivered("email") if mail.to == address)
    found = re.search(r"#([\w-]{43})", mail.text)
    assert found, "the newest mail carries no link"
    return found.group(1)


def test_the_new_address_counts_only_once_its_link_was_opened(client: Client, person: User) -> None:
    """Statement 49."""
    assert client.post(CHANGE, {"email": NEW}).status_code == 200
    person.refresh_from_db()
    assert person.email == OLD
    assert client.post(CONFIRM, {"link": secret_mailed_to(NEW)}).status_code == 302
    person.refresh_from_db()
    assert (person.email, person.email_key) == (NEW, NEW.casefold())


def test_opening_the_page_of_the_link_changes_nothing(client: Client, person: User) -> None:
    """Statement 43."""
    client.post(CHANGE, {"email": NEW})
    assert client.get(CONFIRM).status_code == 200
    person.refresh_from_db()
    assert person.email == OLD


def test_every_session_ends_and_the_old_address_is_told(client: Client, person: User) -> None:
    client.post(CHANGE, {"email": NEW})
    Client().post(CONFIRM, {"link": secret_mailed_to(NEW)})
    assert not Session.objects.filter(user=person).exists()
    assert [mail.to for mail in delivered("email")].count(OLD) == 2


def test_the_old_address_takes_its_account_back_within_a_week(client: Client, person: User) -> None:
    client.post(CHANGE, {"email": NEW})
    client.post(CONFIRM, {"link": secret_mailed_to(NEW)})
    undo = secret_mailed_to(OLD)
    assert Client().post(UNDO, {"link": undo}).status_code == 302
    person.refresh_from_db()
    assert person.email == OLD
    assert Client().post(UNDO, {"link": undo}).status_code == 422


def test_the_first_owner_wins_over_a_chain_of_changes(client: Client, person: User) -> None:
    client.post(CHANGE, {"email": NEW})
    client.post(CONFIRM, {"link": secret_mailed_to(NEW)})
    first_undo = secret_mailed_to(OLD)
    person.refresh_from_db()
    sign_in(client, person)
    client.post(CHANGE, {"email": "third@demo.example"})
    client.post(CONFIRM, {"link": secret_mailed_to("third@demo.example")})
    later_undo = secret_mailed_to(NEW)
    client.post(UNDO, {"link": first_undo})
    assert client.post(UNDO, {"link": later_undo}).status_code == 422
    person.refresh_from_db()
    assert person.email == OLD


def test_a_link_works_once_and_for_a_day(client: Client, person: User) -> None:
    client.post(CHANGE, {"email": NEW})
    secret = secret_mailed_to(NEW)
    EmailChange.objects.update(confirm_until=timezone.now() - timedelta(seconds=1))
    assert client.post(CONFIRM, {"link": secret}).status_code == 422
    EmailChange.objects.update(confirm_until=timezone.now() + timedelta(hours=1))
    assert [client.post(CONFIRM, {"link": secret}).status_code for _use in range(2)] == [302, 422]


def test_a_newer_request_ends_the_older_link(client: Client, person: User) -> None:
    client.post(CHANGE, {"email": NEW})
    secret = secret_mailed_to(NEW)
    client.post(CHANGE, {"email": "third@demo.example"})
    assert client.post(CONFIRM, {"link": secret}).status_code == 422


def asked_for(client: Client, address: str) -> tuple[str, list[str]]:
    """Ask for a change, and return the page and the texts of the mails that the person gets of it."""
    before = len(delivered("email"))
    answer = client.post(CHANGE, {"email": address})
    assert answer.status_code == 200
    mails = delivered("email")
    new = [mail.text for mail in mails[: len(mails) - before] if mail.to == OLD]
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    return page.replace(address, "…"), new


def test_an_address_with_an_account_gets_a_word_and_nobody_else_can_tell(client: Client, person: User) -> None:
    make_user("taken@demo.example")
    free, taken = asked_for(client, NEW), asked_for(client, "taken@demo.example")
    assert "mailbox" in free[0]
    assert len(free[1]) == len(taken[1]) == 1
    assert taken[0] == free[0]
    mail = next(mail for mail in delivered("email") if mail.to == "taken@demo.example")
    assert "#" not in mail.text


def test_the_other_form_of_a_domain_is_taken_too(client: Client, person: User) -> None:
    make_user("b@bücher.example")
    client.post(CHANGE, {"email": "b@xn--bcher-kva.example"})
    mail = next(mail for mail in delivered("email") if mail.to != OLD)
    assert "#" not in mail.text


def test_asking_for_a_taken_address_ends_the_older_link(client: Client, person: User) -> None:
    make_user("taken@demo.example")
    client.post(CHANGE, {"email": NEW})
    secret = secret_mailed_to(NEW)
    client.post(CHANGE, {"email": "taken@demo.example"})
    assert client.post(CONFIRM, {"link": secret}).status_code == 422


def test_an_address_taken_meanwhile_is_refused_whole(client: Client, person: User) -> None:
    client.post(CHANGE, {"email": NEW})
    secret = secret_mailed_to(NEW)
    make_user(NEW)
    assert client.post(CONFIRM, {"link": secret}).status_code == 422
    assert EmailChange.objects.get().confirmed_at is None


def test_it_needs_a_fresh_proof(client: Client, person: User) -> None:
    """Statement 23."""
    let_proof_grow_old(client)
    answer = client.post(CHANGE, {"email": NEW})
    assert answer.headers["Location"].startswith("/account/security/confirm/")
    assert not EmailChange.objects.exists()


@pytest.mark.parametrize("typed", ["", "no address", OLD.upper(), "a@b\nBcc: c@d.example"])
def test_bad_addresses_are_refused_beside_the_field(client: Client, person: User, typed: str) -> None:
    answer = client.post(CHANGE, {"email": typed})
    assert answer.status_code == 422
    assert 'id="email_error"' in answer.content.decode()


def test_the_table_holds_no_secret(client: Client, person: User) -> None:
    client.post(CHANGE, {"email": NEW})
    assert secret_mailed_to(NEW).encode() not in bytes(EmailChange.objects.get().confirm_digest)
