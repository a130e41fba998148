"""The mark that is offered first."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from signatures.choices import MarkKind
from signatures.models import Mark
from tests.cast import make_user, sign_in
from tests.signatures.making import make_mark

pytestmark = pytest.mark.django_db


def default_url(mark: Mark) -> str:
    return reverse("signatures:mark_default", args=[mark.handle])


def test_one_of_a_kind_is_the_default_and_the_other_kind_stays(client: Client) -> None:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    first, second, initials = make_mark(user), make_mark(user), make_mark(user, MarkKind.INITIALS)
    assert client.get(default_url(second)).status_code == 405
    assert client.post(default_url(second)).status_code == 302
    defaults = set(Mark.objects.filter(is_default=True))
    assert defaults == {second, initials}
    assert client.post(default_url(second)).status_code == 302
    assert set(Mark.objects.filter(is_default=True)) == defaults
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.filter(pk=first.pk).update(is_default=True)


def test_the_mark_of_somebody_else_does_not_exist(client: Client) -> None:
    owner = make_user("pro@demo.example", plan="pro")
    _first, second = make_mark(owner), make_mark(owner)
    sign_in(client, make_user("other@demo.example", organization=owner.organization, plan="pro"))
    assert client.post(default_url(second)).status_code == 404
    assert not Mark.objects.get(pk=second.pk).is_default


def test_a_plan_without_it_chooses_nothing(client: Client) -> None:
    user = make_user("eco@demo.example", plan="eco")
    _first, second = make_mark(user), make_mark(user)
    sign_in(client, user)
    assert client.post(default_url(second)).status_code == 403
