"""Appearance, language and the browser's time zone: kept at once, led back to the page, never further."""

import pytest
from django.conf import settings as project
from django.test import Client

from tests.cast import make_user, sign_in
from tests.redirects import EVIL_REDIRECTS, leads_away

pytestmark = pytest.mark.django_db

APPEARANCE, LANGUAGE, ZONE_OFFER = "/appearance/", "/language/", "/account/zone-offer/"


@pytest.mark.parametrize("look", ["light", "dark"])
def test_an_appearance_is_kept_in_this_browser_and_drawn(client: Client, look: str) -> None:
    assert client.post(APPEARANCE, {"appearance": look, "next": "/help/"}).headers["Location"] == "/help/"
    assert f'data-bs-theme="{look}"' in client.get("/help/").content.decode()


def test_the_appearance_of_the_system_names_none(client: Client) -> None:
    client.post(APPEARANCE, {"appearance": "dark"})
    client.post(APPEARANCE, {"appearance": "system"})
    assert "data-bs-theme" not in client.get("/help/").content.decode()


def test_an_unknown_appearance_is_not_kept(client: Client) -> None:
    client.post(APPEARANCE, {"appearance": '"><script>'})
    assert project.APPEARANCE_COOKIE_NAME not in client.cookies


def test_a_stranger_speaks_another_language_from_the_next_page_on(client: Client) -> None:
    client.post(LANGUAGE, {"language": "fr", "next": "/help/"})
    assert '<html lang="fr"' in client.get("/help/").content.decode()


def test_a_person_speaks_it_in_every_browser(client: Client) -> None:
    user = make_user("pro@demo.example")
    sign_in(client, user)
    client.post(LANGUAGE, {"language": "fr"})
    elsewhere = Client()
    sign_in(elsewhere, user)
    assert '<html lang="fr"' in elsewhere.get("/account/").content.decode()


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    user = make_user("pro@demo.example")
    sign_in(client, user)
    client.post(LANGUAGE, {"language": "xx"})
    user.refresh_from_db()
    assert user.language == "en"


@pytest.mark.parametrize("path", [APPEARANCE, LANGUAGE])
def test_the_way_back_stays_in_the_portal(client: Client, path: str) -> None:
    """Statement 181."""
    for wanted in ("", *EVIL_REDIRECTS):
        assert not leads_away(client.post(path, {"next": wanted}).headers["Location"]), wanted


def test_the_zone_of_the_browser_is_taken_and_offered_once(client: Client) -> None:
    user = make_user("pro@demo.example")
    sign_in(client, user)
    assert f'action="{ZONE_OFFER}"' in client.get("/account/").content.decode()
    client.post(ZONE_OFFER, {"time_zone": "Europe/Paris"})
    user.refresh_from_db()
    assert (user.time_zone, user.is_zone_offered) == ("Europe/Paris", True)
    assert f'action="{ZONE_OFFER}"' not in client.get("/account/").content.decode()


def test_a_former_name_of_the_browsers_zone_is_the_zone_itself(client: Client) -> None:
    user = make_user("pro@demo.example")
    sign_in(client, user)
    client.post("/account/zone-offer/", {"time_zone": "Asia/Calcutta"})
    user.refresh_from_db()
    assert user.time_zone == "Asia/Kolkata"
    user.is_zone_offered = False
    user.save()
    assert 'data-zone-offer="Asia/Kolkata Asia/Calcutta"' in client.get("/account/").content.decode()


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd"])
def test_a_zone_that_is_declined_or_unknown_changes_nothing(client: Client, zone: str) -> None:
    user = make_user("pro@demo.example")
    sign_in(client, user)
    assert client.post(ZONE_OFFER, {"time_zone": zone}).status_code == 302
    user.refresh_from_db()
    assert (user.time_zone, user.is_zone_offered) == ("America/Toronto", True)
