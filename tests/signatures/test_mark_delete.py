"""A mark is deleted by its owner alone, after one more question."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import SecurityEventKind
from accounts.models import SecurityEvent
from signatures.models import Mark
from signatures.services.marking import delete_mark, make_default
from tests.cast import make_staff, make_user, sign_in
from tests.signatures.making import make_mark

pytestmark = pytest.mark.django_db


def delete_url(mark: Mark) -> str:
    return reverse("signatures:mark_delete", args=[mark.handle])


def test_looking_asks_and_sending_deletes(client: Client) -> None:
    user = make_user("pro@demo.example", plan="pro")
    mark = make_mark(user)
    sign_in(client, user)
    assert "Delete this mark?" in client.get(delete_url(mark)).content.decode()
    assert Mark.objects.filter(pk=mark.pk).exists()
    answer = client.post(delete_url(mark), follow=True)
    assert "The mark was deleted." in answer.content.decode()
    assert not Mark.objects.exists()
    assert SecurityEvent.objects.filter(user=user, kind=SecurityEventKind.MARK_DELETED).count() == 1
    assert client.post(delete_url(mark)).status_code == 404


def test_the_newest_one_left_follows_the_default() -> None:
    user = make_user("pro@demo.example", plan="pro")
    first, second, third = (make_mark(user) for _each in range(3))
    delete_mark(mark=first, visitor=None)
    assert Mark.objects.get(is_default=True) == third
    delete_mark(mark=second, visitor=None)
    assert Mark.objects.get(is_default=True) == third


def test_what_was_deleted_meanwhile_stays_deleted() -> None:
    user = make_user("pro@demo.example", plan="pro")
    kept, gone = make_mark(user), make_mark(user)
    delete_mark(mark=Mark.objects.get(pk=gone.pk), visitor=None)
    delete_mark(mark=gone, visitor=None)
    make_default(mark=gone)
    assert Mark.objects.get() == kept
    assert Mark.objects.get().is_default
    assert SecurityEvent.objects.filter(user=user, kind=SecurityEventKind.MARK_DELETED).count() == 1


@pytest.mark.parametrize("who", ["colleague", "administrator", "staff"])
def test_nobody_else_finds_it(client: Client, who: str) -> None:
    owner = make_user("pro@demo.example", plan="pro")
    mark = make_mark(owner)
    if who == "staff":
        sign_in(client, make_staff())
    else:
        is_administrator = who == "administrator"
        other = make_user(
            "other@demo.example", organization=owner.organization, plan="pro", is_administrator=is_administrator
        )
        sign_in(client, other)
    assert client.get(delete_url(mark)).status_code == 404
    assert client.post(delete_url(mark)).status_code == 404
    assert Mark.objects.filter(pk=mark.pk).exists()


def test_what_is_ones_own_can_be_deleted_whatever_the_plan(client: Client) -> None:
    user = make_user("eco@demo.example", plan="eco")
    mark = make_mark(user)
    sign_in(client, user)
    assert client.post(delete_url(mark)).status_code == 302
    assert not Mark.objects.exists()
