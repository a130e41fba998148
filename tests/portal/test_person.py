"""Language, zone and habits of one person end with their request."""

from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as project
from django.test import Client
from django.utils import timezone, translation
from pytest_django import Settings

from core import cultures
from portal.views import public
from tests.cast import make_user, sign_in
from tests.pages import InspectingClient

pytestmark = pytest.mark.django_db

DEFAULT = cultures.Habits()


@pytest.fixture
def yuki() -> Client:
    """A browser of somebody whose habits are not the installation's."""
    client = InspectingClient()
    person = make_user("yuki@demo.example", language="fr", time_zone="Asia/Tokyo", date_culture="ja-JP", iso_dates=True)
    sign_in(client, person)
    return client


def habits_seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """Note language, culture and zone while the help page is drawn."""
    seen: list[tuple[str, str, str]] = []
    render = vars(public)["render"]

    def note(*given: object, **more: object) -> object:
        habits = cultures.current()
        seen.append((str(translation.get_language()), habits.culture, habits.zone))
        return render(*given, **more)

    monkeypatch.setattr(public, "render", note)
    return seen


def test_a_page_speaks_as_its_reader_wishes(yuki: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = habits_seen(monkeypatch)
    answer = yuki.get("/help/")
    assert seen == [("fr", "ja-JP", "Asia/Tokyo")]
    assert answer.headers["Content-Language"] == "fr"
    assert b'<html lang="fr"' in answer.content


def test_the_next_visitor_of_the_thread_inherits_nothing(yuki: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread answers many people, one after the other."""
    seen = habits_seen(monkeypatch)
    stranger = InspectingClient()
    for path in ("/help/", "/account/", "/nowhere/"):
        yuki.get(path)
        seen.clear()
        answer = stranger.get("/help/")
        assert seen == [("en", project.DEFAULT_CULTURE, project.DEFAULT_TIME_ZONE)]
        assert b'<html lang="en"' in answer.content
        assert cultures.current() == DEFAULT
        assert timezone.get_current_timezone() == ZoneInfo("UTC")


def test_a_request_that_failed_leaves_nothing_behind(yuki: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    yuki.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(public, "render", lambda request, template: 1 / 0)
        assert yuki.get("/help/").status_code == 500
    assert cultures.current() == DEFAULT
    assert b'<html lang="en"' in InspectingClient().get("/help/").content


def test_a_request_refused_before_anybody_is_known_speaks_the_installations_language(
    client: InspectingClient, settings: Settings
) -> None:
    assert b'<html lang="fr"' in client.get("/help/", headers={"accept-language": "fr"}).content
    settings.SECURE_SSL_REDIRECT = True
    answer = InspectingClient().get("/help/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert b'<html lang="en"' in answer.content


def test_a_strangers_language_is_the_browsers(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = habits_seen(monkeypatch)
    client = InspectingClient()
    client.get("/help/", headers={"accept-language": "fr-FR,fr;q=0.9,en;q=0.5"})
    client.get("/help/", headers={"accept-language": "de,ja;q=0.9"})
    assert [(language, culture) for language, culture, _zone in seen] == [("fr", "fr-CA"), ("en", "en-CA")]


def test_two_people_at_two_browsers_never_meet(yuki: Client) -> None:
    sign_in(other := InspectingClient(), make_user("robin@demo.example"))
    for _ in range(2):
        assert b'<html lang="fr"' in yuki.get("/account/").content
        assert b'<html lang="en"' in other.get("/account/").content
