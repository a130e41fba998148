"""The fixed statement that finds the user of a session gives what the ORM gives."""

import pytest
from django.db import models

from accounts.backends import PortalBackend
from accounts.models import User
from tests.cast import NUMBER, make_organization, make_staff, make_user

pytestmark = pytest.mark.django_db


def columns(row: models.Model) -> dict[str, object]:
    """Return the values of a row, those of bytes as bytes on both databases."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in values.items()}


def test_a_person_comes_with_the_organization_in_one_query(django_assert_num_queries: object) -> None:
    person = make_user("robin@demo.example", organization=make_organization("Étude Roy"), number=NUMBER)
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = PortalBackend().get_user(person.pk)
        assert found is not None
        assert found.organization is not None
    kept = User.objects.select_related("organization").get(pk=person.pk)
    assert kept.organization is not None
    assert columns(found) == columns(kept)
    assert columns(found.organization) == columns(kept.organization)
    assert vars(found).keys() == vars(kept).keys()


def test_what_was_found_is_saved_as_an_existing_row() -> None:
    person = make_user("robin@demo.example")
    found = PortalBackend().get_user(person.pk)
    assert found is not None
    assert found.organization is not None
    found.organization.name = "Étude Roy"
    found.organization.save()
    found.save()
    person.refresh_from_db()
    assert person.organization is not None
    assert person.organization.name == "Étude Roy"


def test_staff_belong_to_no_organization() -> None:
    found = PortalBackend().get_user(make_staff().pk)
    assert found is not None
    assert found.organization is None


def test_who_may_not_sign_in_is_not_found() -> None:
    person = make_user("robin@demo.example")
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert PortalBackend().get_user(person.pk) is None
    assert PortalBackend().get_user(person.pk + 1) is None
