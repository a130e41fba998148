"""What one sent, one's drafts, and what came back: lists that are empty as long as nothing can be sent."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import count_a_message, make_user, sign_in

pytestmark = pytest.mark.django_db

LISTS = [
    ("messages:message_list", "", "Sent and drafts", "Nothing sent yet"),
    ("messages:message_list", "?box=drafts", "Sent and drafts", "No drafts"),
    ("messages:returns", "", "Received", "Nothing received yet"),
]


@pytest.mark.parametrize("plan", [None, "eco", "pro"])
@pytest.mark.parametrize(("name", "query", "heading", "empty"), LISTS)
def test_an_empty_list_says_what_will_stand_in_it(
    client: Client,
    django_assert_max_num_queries: object,
    name: str,
    query: str,
    heading: str,
    empty: str,
    plan: str | None,
) -> None:
    sign_in(client, make_user("any@demo.example", plan=plan))
    address = reverse(name) + query
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        page = client.get(address).content.decode()
    assert f"<h1>{heading}</h1>" in page
    assert empty in page
    assert 'role="columnheader"' in page


def test_what_was_counted_before_there_was_a_list_is_explained(client: Client) -> None:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    count_a_message(user)
    sent, drafts = (client.get(f"/messages/{box}").content.decode() for box in ("", "?box=drafts"))
    assert "This list begins with the version of the portal that sends messages" in sent
    assert "Nothing sent yet" not in sent
    assert "No drafts" in drafts
    assert "This list begins" not in drafts


def test_an_unknown_box_shows_what_was_sent(client: Client) -> None:
    sign_in(client, make_user("pro@demo.example", plan="pro"))
    page = client.get("/messages/?box=trash").content.decode()
    assert "Nothing sent yet" in page
    current = re.findall(r'<a href="([^"]+)" aria-current="true">', page)
    assert current == ["/messages/"]


@pytest.mark.parametrize("address", ["/messages/", "/returns/"])
def test_a_list_only_shows(client: Client, address: str) -> None:
    assert client.get(address).headers["Location"] == f"/sign-in/?next={address}"
    sign_in(client, make_user("pro@demo.example", plan="pro"))
    assert client.post(address).status_code == 405
