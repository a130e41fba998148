"""The fixed statement that finds the user of a session gives what the ORM gives."""

import pytest
from django.contrib.auth.middleware import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.backends import PortalBackend, already_read
from accounts.models import Session, User
from accounts.sessions import SessionStore, SessionUserMiddleware
from tests.cast import NUMBER, make_organization, make_staff, make_user, sign_in

pytestmark = pytest.mark.django_db


def columns(row: models.Model) -> dict[str, object]:
    """Return the values of a row, those of bytes as bytes on both databases."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in values.items()}


def test_a_person_comes_with_the_organization_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    person = make_user("robin@demo.example", organization=make_organization("Étude Roy"), number=NUMBER)
    with django_assert_num_queries(1):
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


def asked(client: Client) -> HttpRequest:
    """Return a request of a browser as it comes to the pages."""
    request = RequestFactory().get("/account/")
    request.COOKIES |= {name: morsel.value for name, morsel in client.cookies.items()}
    SessionMiddleware(lambda _request: HttpResponse()).process_request(request)
    SessionUserMiddleware(lambda _request: HttpResponse()).process_request(request)
    return request


def test_session_and_person_are_read_by_one_statement(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = make_user("robin@demo.example", organization=make_organization("Étude Roy"), number=NUMBER)
    sign_in(client, person)
    request = asked(client)
    with django_assert_num_queries(1):
        found = request.user
        assert found.is_authenticated
        assert found.organization is not None
    found = get_user(request)
    assert isinstance(found, User)
    assert found.organization is not None
    kept = User.objects.select_related("organization").get(pk=person.pk)
    assert kept.organization is not None
    assert columns(found) == columns(kept)
    assert columns(found.organization) == columns(kept.organization)


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "another"}])
def test_who_may_no_longer_be_signed_in_is_a_stranger(client: Client, change: dict[str, object]) -> None:
    person = make_user("robin@demo.example")
    sign_in(client, person)
    User.objects.filter(pk=person.pk).update(**change)
    assert not asked(client).user.is_authenticated


def test_a_session_that_is_over_brings_nobody(client: Client) -> None:
    person = make_user("robin@demo.example")
    sign_in(client, person)
    Session.objects.filter(user=person).update(expires_at=person.created_at)
    request = asked(client)
    assert not request.user.is_authenticated
    assert isinstance(request.session, SessionStore)
    assert request.session.reader is None


def test_the_person_of_a_session_is_taken_once_and_for_nobody_else() -> None:
    person, other = make_user("robin@demo.example"), make_user("kim@demo.example")
    with already_read(person):
        assert PortalBackend().get_user(person.pk) is person
        found = PortalBackend().get_user(other.pk)
        assert found == other
    with CaptureQueriesContext(connection) as captured:
        assert PortalBackend().get_user(person.pk) is not person
    assert len(captured) == 1
