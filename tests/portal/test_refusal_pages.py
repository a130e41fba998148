"""Refusals that no view draws have pages too: a wrong method, a limit, a database that is away."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone

from core.errors import TooManyRequests
from portal.views import public


def refuse_for_a_minute(request: HttpRequest) -> HttpResponse:
    raise TooManyRequests(timezone.now() + timedelta(seconds=59))


def lose_the_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("server closed the connection: host=db.internal password=secret")


@pytest.mark.django_db
def test_a_wrong_method_gets_a_page_that_says_where_to_go(client: Client) -> None:
    answer = client.get("/sign-out/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "Go to the home page" in answer.content.decode()


@pytest.mark.django_db
def test_a_program_gets_the_bare_answer(client: Client) -> None:
    assert client.get("/sign-out/", headers={"accept": "application/json"}).content == b""


@pytest.mark.django_db
def test_a_limit_that_no_view_named_says_when_to_come_back(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "render", lambda request, template: refuse_for_a_minute(request))
    answer = client.get("/help/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "59")


@pytest.mark.django_db
def test_a_database_that_is_away_is_said_without_its_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statement 211."""
    monkeypatch.setattr(public, "render", lambda request, template: lose_the_database(request))
    answer = Client(raise_request_exception=False).get("/help/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    page = answer.content.decode()
    assert "secret" not in page
    assert f"– {settings.PORTAL_NAME}</title>" in page
    assert answer.headers["X-Request-Id"] in page
