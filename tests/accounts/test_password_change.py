"""Another password, chosen by somebody who is signed in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import hashing
from accounts.choices import SecurityEventKind
from accounts.errors import HashingBusy
from accounts.hashing import hash_password, is_right_password
from accounts.models import MailedLink, SecurityEvent, Session, User
from accounts.services import password_change
from tests.accounts.steps import let_proof_grow_old
from tests.cast import PASSWORD, make_user, sign_in
from tests.forms import form_values
from tests.outbox import delivered

pytestmark = pytest.mark.django_db

CHANGE = "/account/security/password/"
SECURITY = "/account/security/"
BETTER = "a quieter river bends north"


@pytest.fixture
def person(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro", first_name="Camille", last_name="Tremblay")
    sign_in(client, user)
    return user


def has_password(user: User, password: str) -> bool:
    user.refresh_from_db()
    return is_right_password(password, user.password)


def test_its_address_is_the_one_of_its_name() -> None:
    assert reverse("accounts:password_change") == CHANGE


def test_a_new_password_counts_at_once_and_the_old_one_no_more(client: Client, person: User) -> None:
    answer = client.post(CHANGE, {"new_password": BETTER})
    assert (answer.status_code, answer.headers["Location"]) == (302, SECURITY)
    assert has_password(person, BETTER)
    assert not has_password(person, PASSWORD)
    assert "Your new password is set." in client.get(SECURITY).content.decode()


def test_blanks_at_both_ends_are_part_of_it(client: Client, person: User) -> None:
    client.post(CHANGE, {"new_password": f"  {BETTER} "})
    assert has_password(person, f"  {BETTER} ")


def test_this_session_goes_on_under_a_new_key_and_all_others_end(client: Client, person: User) -> None:
    elsewhere = Client()
    sign_in(elsewhere, person)
    old_key = client.session.session_key
    client.post(CHANGE, {"new_password": BETTER})
    assert Session.objects.filter(user=person).count() == 1
    assert client.get(SECURITY).status_code == 200
    assert client.session.session_key != old_key
    assert elsewhere.get(SECURITY).status_code == 302


def test_a_session_keeps_its_beginning(client: Client, person: User) -> None:
    began_at = Session.objects.get(user=person).started_at
    client.post(CHANGE, {"new_password": BETTER})
    assert Session.objects.get(user=person).started_at == began_at


def test_links_mailed_before_stop_working(client: Client, person: User) -> None:
    MailedLink.objects.create(
        user=person, purpose="password-reset", digest=b"a" * 32, expires_at=timezone.now() + timedelta(hours=1)
    )
    client.post(CHANGE, {"new_password": BETTER})
    assert not MailedLink.objects.filter(used_at=None).exists()


def test_the_owner_is_told_and_the_log_has_a_line(client: Client, person: User) -> None:
    client.post(CHANGE, {"new_password": BETTER})
    assert [mail.subject for mail in delivered("email") if mail.to == person.email] == ["Your password was changed"]
    event = SecurityEvent.objects.get(user=person, kind="account:password:changed")
    assert (event.method, event.ip_address) == ("password", "127.0.0.1")


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Enter a new password."),
        ("fourteen chars", "It needs at least 15"),
        ("a" * 257, "256"),
        ("password" * 3, "in lists of stolen passwords"),
        ("my name is Tremblay", "holds your name"),
    ],
)
def test_a_weak_password_is_refused_beside_its_field(
    client: Client, person: User, password: str, sentence: str
) -> None:
    answer = client.post(CHANGE, {"new_password": password})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert has_password(person, PASSWORD)


def test_a_refused_password_is_not_sent_back(client: Client, person: User) -> None:
    answer = client.post(CHANGE, {"new_password": "Tremblay secret words"})
    assert form_values(answer, CHANGE)["new_password"] == ""
    assert "Tremblay secret words" not in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_with_an_old_proof_it_asks_for_the_password_first(client: Client, person: User, method: str) -> None:
    let_proof_grow_old(client)
    answer = getattr(client, method)(CHANGE, {"new_password": BETTER})
    confirm = "/account/security/confirm/?next=%2Faccount%2Fsecurity%2Fpassword%2F"
    assert answer.headers["Location"] == confirm
    assert has_password(person, PASSWORD)
    assert client.post(confirm, {"password": PASSWORD, "next": CHANGE}).headers["Location"] == CHANGE
    assert client.get(CHANGE).status_code == 200


def test_when_too_many_hash_nothing_is_changed(client: Client, person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(password: str) -> str:
        raise HashingBusy

    monkeypatch.setattr("accounts.services.password_change.hash_password", busy)
    answer = client.post(CHANGE, {"new_password": BETTER})
    assert answer.status_code == 422
    assert "Try again in a few seconds." in answer.content.decode()
    assert hashing.is_right_password(PASSWORD, User.objects.get(pk=person.pk).password)


@pytest.mark.parametrize("taken_back_by", ["password", "session"])
def test_a_change_under_way_loses_to_the_owner_who_takes_the_account_back(
    client: Client, person: User, monkeypatch: pytest.MonkeyPatch, taken_back_by: str
) -> None:
    """A thief's late request must not overwrite a reset, an undo or an ended session."""

    def hash_slowly(password: str) -> str:
        if taken_back_by == "password":
            User.objects.filter(pk=person.pk).update(password=hash_password("the owner's own new words"))
        else:
            Session.objects.filter(user=person).delete()
        return hash_password(password)

    before = User.objects.get(pk=person.pk).password
    monkeypatch.setattr(password_change, "hash_password", hash_slowly)
    client.post(CHANGE, {"new_password": BETTER})
    assert not has_password(person, BETTER)
    assert (person.password == before) == (taken_back_by == "session")
    assert not SecurityEvent.objects.filter(kind=SecurityEventKind.PASSWORD_CHANGED).exists()
