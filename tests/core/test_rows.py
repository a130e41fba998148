"""Rows of fixed statements become the objects that Django would make of them."""

import pytest
from django.db.models import Model
from django.forms.models import model_to_dict

from accounts.backends import PortalBackend
from accounts.models import Organization, Session, User
from accounts.sessions import SessionStore
from core.rows import columns_of, first_fetched, object_in
from tests.cast import NUMBER, make_staff, make_user

pytestmark = pytest.mark.django_db


def values_of(found: Model) -> dict[str, object]:
    plain = {field.attname: getattr(found, field.attname) for field in found._meta.concrete_fields}
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in plain.items()}


def test_a_row_is_what_django_reads() -> None:
    user = make_user("pro@demo.example", number=NUMBER)
    row = first_fetched(f"SELECT {columns_of(User, 'u')} FROM accounts_user u WHERE u.id = %s", [user.pk])
    assert row is not None
    found = object_in(User, row)
    assert values_of(found) == values_of(User.objects.get(pk=user.pk))
    assert model_to_dict(found) == model_to_dict(User.objects.get(pk=user.pk))
    assert not found._state.adding
    found.first_name = "Robin"
    found.save()
    assert User.objects.get(pk=user.pk).first_name == "Robin"


def test_the_signed_in_person_comes_with_their_organization() -> None:
    user = make_user("pro@demo.example")
    found = PortalBackend().get_user(user.pk)
    assert found is not None
    assert found.organization is not None
    assert values_of(found.organization) == values_of(Organization.objects.get())
    assert PortalBackend().get_user(user.pk + 1) is None


def test_staff_without_an_organization_are_found() -> None:
    staff = make_staff()
    found = PortalBackend().get_user(staff.pk)
    assert found is not None
    assert found.organization is None


def test_a_session_is_read_as_it_was_written() -> None:
    store = SessionStore()
    store["word"] = "kept"
    store.create()
    again = SessionStore(store.session_key)
    assert again["word"] == "kept"
    assert again.row is not None
    assert values_of(again.row) == values_of(Session.objects.get())
