"""The builders of the tests hold what they promise."""

import pytest
from django.test import Client

from tests.cast import make_staff, make_user, sign_in

pytestmark = pytest.mark.django_db


def test_a_signed_in_user_reaches_pages_behind_the_sign_in(client: Client) -> None:
    user = make_user("pro@demo.example", plan="pro", two_factor=True)
    sign_in(client, user)
    answer = client.get("/account/security/")
    assert answer.status_code == 200
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.license.plan.code == "pro"


def test_staff_belongs_to_no_organization() -> None:
    assert make_staff().organization is None
