"""The browsers one signs in from: listed, named, signed out and forgotten by their owner alone."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import html5lib
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.access import BROWSERS_SHOWN
from accounts.choices import SecurityEventKind
from accounts.models import KnownBrowser, SecurityEvent, Session, User
from accounts.services.known_browsers import known_browser
from accounts.sessions import SessionStore
from tests.accounts.steps import (
    FIREFOX,
    SECURITY,
    SIGN_IN,
    SIGN_OUT,
    browser_elsewhere,
    is_signed_in,
    session_key,
    session_row,
    type_password,
)
from tests.cast import PASSWORD, make_staff, make_user, sign_in
from tests.pages import InspectingClient

pytestmark = pytest.mark.django_db

END_OTHERS, FORGET_ALL = "/account/security/sessions/end-others/", "/account/security/browsers/forget/"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Safari/604.1"
ELSEWHERE = "E" * 43
ACTS = ("accounts:browser_rename", "accounts:session_end", "accounts:browser_forget")


def address(name: str, browser: KnownBrowser) -> str:
    return reverse(name, args=[browser.handle])


def page_of(client: Client) -> str:
    answer = client.get(SECURITY)
    assert answer.status_code == 200
    return str(answer.content.decode())


def rows(client: Client) -> list[str]:
    """Return the words of each browser on the page."""
    page = html5lib.parse(page_of(client), namespaceHTMLElements=False)
    (browsers,) = [found for found in page.iter("ul") if found.get("class") == "browsers"]
    return [" ".join(" ".join(row.itertext()).split()) for row in browsers.iter("li")]


def own_browser(client: Client) -> KnownBrowser:
    browser = session_row(client).known_browser
    assert browser is not None
    return browser


def kinds(user: User) -> list[str]:
    return list(SecurityEvent.objects.filter(user=user).order_by("-at", "-id").values_list("kind", flat=True))


@pytest.fixture
def robin(client: InspectingClient) -> User:
    user = make_user("robin@demo.example")
    type_password(client, user.email, HTTP_USER_AGENT=SAFARI)
    return user


def test_each_browser_is_listed_once_with_all_that_is_known(client: InspectingClient, robin: User) -> None:
    """Statement 33."""
    browser_elsewhere(robin, ELSEWHERE)
    elsewhere, here = rows(client)
    assert elsewhere.startswith("Firefox on Windows Signed in Latest sign-in ")
    for words in ("Code by text message", "203.0.113.0/24", "First sign-in", "Remembered until", "Latest use"):
        assert words in elsewhere, words
    assert here.startswith("Safari on iPhone This browser Signed in ")
    assert "Password" in here
    assert "127.0.0.0/24" in here


def test_a_browser_that_was_left_stays_on_the_list(client: InspectingClient, robin: User) -> None:
    type_password(other := InspectingClient(), robin.email, HTTP_USER_AGENT=FIREFOX)
    other.post(SIGN_OUT)
    left, _here = rows(client)
    assert left.startswith("Firefox on Windows Signed out Latest sign-in ")
    assert "Latest use" not in left


def test_two_sessions_of_one_browser_are_one_row(client: InspectingClient, robin: User) -> None:
    browser = browser_elsewhere(robin, ELSEWHERE, seen_at=timezone.now() - timedelta(minutes=30))
    now = timezone.now()
    Session.objects.create(
        key_digest="second", user=robin, known_browser=browser, data="", started_at=now, seen_at=now,
        expires_at=now + timedelta(hours=1),
    )  # fmt: skip
    assert len(rows(client)) == 2
    client.post(address("accounts:session_end", browser))
    assert not Session.objects.filter(known_browser=browser).exists()


@pytest.mark.parametrize("over", [{"seen_at": timedelta(minutes=-61)}, {"expires_at": timedelta(seconds=-1)}])
def test_a_session_that_is_over_does_not_count_as_signed_in(
    client: InspectingClient, robin: User, over: dict[str, timedelta]
) -> None:
    browser = browser_elsewhere(robin, ELSEWHERE)
    Session.objects.filter(known_browser=browser).update(**{name: timezone.now() + by for name, by in over.items()})
    assert "Signed out" in rows(client)[0]
    assert END_OTHERS not in page_of(client)


def test_a_session_of_support_is_over_after_a_quarter_of_an_hour(client: InspectingClient) -> None:
    sign_in(client, staff := make_staff())
    browser_elsewhere(staff, ELSEWHERE, seen_at=timezone.now() - timedelta(minutes=16))
    assert "Signed out" in rows(client)[0]


def test_what_is_kept_no_longer_and_what_is_somebody_elses_is_not_listed(client: InspectingClient, robin: User) -> None:
    KnownBrowser.objects.filter(pk=browser_elsewhere(robin, ELSEWHERE).pk).update(expires_at=timezone.now())
    browser_elsewhere(make_user("casey@demo.example"), "C" * 43)
    assert len(rows(client)) == 1


def test_only_so_many_are_listed_and_the_page_says_so(client: InspectingClient, robin: User) -> None:
    assert f"Only the latest {BROWSERS_SHOWN}" not in page_of(client)
    for number in range(BROWSERS_SHOWN):
        browser_elsewhere(robin, f"{number:043d}")
    assert len(rows(client)) == BROWSERS_SHOWN
    assert f"Only the latest {BROWSERS_SHOWN}" in page_of(client)


@pytest.mark.parametrize("agent", ["", "Call 1-900-SCAM now"])
def test_a_browser_that_says_nothing_we_know_has_a_neutral_name(
    client: InspectingClient, robin: User, agent: str
) -> None:
    browser_elsewhere(robin, ELSEWHERE, agent=agent)
    KnownBrowser.objects.filter(agent=agent).update(first_seen_at=None)
    assert rows(client)[0].startswith("A browser without a name Signed in")
    assert "First sign-in" not in rows(client)[0]
    assert "SCAM" not in page_of(client)


def test_a_name_is_shown_above_what_the_browser_says_of_itself(client: InspectingClient, robin: User) -> None:
    browser = browser_elsewhere(robin, ELSEWHERE)
    answer = client.post(address("accounts:browser_rename", browser), {"name": "  Laptop <b> at  the office "})
    assert answer.headers["Location"] == SECURITY
    assert rows(client)[0].startswith("Laptop <b> at the office Signed in Firefox on Windows")
    assert b'value="Laptop &lt;b&gt; at the office"' in client.get(address("accounts:browser_rename", browser)).content
    client.post(address("accounts:browser_rename", browser), {"name": ""})
    assert rows(client)[0].startswith("Firefox on Windows Signed in")


def test_a_name_outlives_the_next_sign_in(client: InspectingClient, robin: User) -> None:
    browser = own_browser(client)
    client.post(address("accounts:browser_rename", browser), {"name": "Phone"})
    client.post(SIGN_OUT)
    type_password(client, robin.email, HTTP_USER_AGENT=FIREFOX)
    assert rows(client)[0].startswith("Phone This browser Signed in Firefox on Windows")
    assert own_browser(client).first_seen_at == browser.first_seen_at


@pytest.mark.parametrize("name", ["x" * 41, "https://evil.example", "\u202eenohP", "\u2800", "a\x00b"])
def test_a_bad_name_is_refused_beside_its_field(client: InspectingClient, robin: User, name: str) -> None:
    browser = own_browser(client)
    answer = client.post(address("accounts:browser_rename", browser), {"name": name})
    assert answer.status_code == 422
    assert 'id="name_error"' in answer.content.decode()
    browser.refresh_from_db()
    assert browser.name == ""


def test_one_browser_is_signed_out_and_the_others_are_not(client: InspectingClient, robin: User) -> None:
    """Statements 30 and 33."""
    type_password(one := InspectingClient(), robin.email)
    type_password(other := InspectingClient(), robin.email)
    client.post(address("accounts:session_end", own_browser(one)))
    assert [is_signed_in(browser) for browser in (client, one, other)] == [True, False, True]
    assert kinds(robin)[0] == SecurityEventKind.SESSION_ENDED
    assert known_browser(user=robin, secret=one.cookies["browser"].value)


def test_ending_twice_says_so_and_logs_once(client: InspectingClient, robin: User) -> None:
    browser = browser_elsewhere(robin, ELSEWHERE)
    for words in ("is signed out.", "was signed out already."):
        assert words in client.post(address("accounts:session_end", browser), follow=True).content.decode()
    assert kinds(robin).count(SecurityEventKind.SESSION_ENDED) == 1


def test_the_browser_in_use_is_left_by_signing_out_alone(client: InspectingClient, robin: User) -> None:
    browser = own_browser(client)
    assert address("accounts:session_end", browser) not in page_of(client)
    client.post(address("accounts:session_end", browser))
    assert is_signed_in(client)
    assert SecurityEventKind.SESSION_ENDED not in kinds(robin)


def test_all_the_others_are_signed_out_at_once(client: InspectingClient, robin: User) -> None:
    type_password(other := InspectingClient(), robin.email)
    assert f'action="{END_OTHERS}"' in page_of(client)
    assert client.post(END_OTHERS).headers["Location"] == SECURITY
    assert [is_signed_in(client), is_signed_in(other)] == [True, False]
    assert kinds(robin)[0] == SecurityEventKind.SESSIONS_ENDED


def test_a_forgotten_browser_is_signed_out_and_unknown(client: InspectingClient, robin: User) -> None:
    type_password(other := InspectingClient(), robin.email)
    client.post(address("accounts:browser_forget", own_browser(other)))
    assert [is_signed_in(client), is_signed_in(other)] == [True, False]
    assert not known_browser(user=robin, secret=other.cookies["browser"].value)
    assert kinds(robin)[0] == SecurityEventKind.BROWSER_FORGOTTEN
    assert len(rows(client)) == 1


def test_forgetting_the_browser_in_use_leads_to_the_sign_in_page(client: InspectingClient, robin: User) -> None:
    answer = client.post(address("accounts:browser_forget", own_browser(client)), follow=True)
    assert not client.cookies["browser"].value, "a copy of the cookie must be a stranger's, too"
    assert answer.redirect_chain == [(SIGN_IN, 302)]
    assert "Safari on iPhone is forgotten and signed out." in answer.content.decode()
    assert not is_signed_in(client)


def test_all_browsers_are_forgotten_with_this_one(client: InspectingClient, robin: User) -> None:
    type_password(other := InspectingClient(), robin.email)
    casey = make_user("casey@demo.example")
    sign_in(stranger := InspectingClient(), casey)
    assert client.post(FORGET_ALL).headers["Location"] == SIGN_IN
    assert [is_signed_in(browser) for browser in (client, other, stranger)] == [False, False, True]
    assert list(KnownBrowser.objects.values_list("user", flat=True)) == [casey.pk]
    assert kinds(robin)[0] == SecurityEventKind.BROWSERS_FORGOTTEN


@pytest.mark.parametrize("name", ACTS)
def test_somebody_elses_browser_is_as_unknown_as_none(client: InspectingClient, robin: User, name: str) -> None:
    casey = make_user("casey@demo.example", organization=robin.organization)
    theirs = browser_elsewhere(casey, "C" * 43)
    kept = browser_elsewhere(robin, ELSEWHERE)
    KnownBrowser.objects.filter(pk=kept.pk).update(expires_at=timezone.now())
    nobodys = KnownBrowser(handle=uuid4())
    for browser in (theirs, kept, nobodys):
        assert client.post(address(name, browser), {"name": "Mine"}).status_code == 404
    assert KnownBrowser.objects.filter(pk=theirs.pk, name="").exists()
    assert Session.objects.filter(user=casey).count() == 1
    assert len(kinds(casey)) == 0


@pytest.mark.parametrize("name", ACTS[1:])
def test_looking_at_an_address_of_an_act_changes_nothing(client: InspectingClient, robin: User, name: str) -> None:
    browser = browser_elsewhere(robin, ELSEWHERE)
    assert client.get(address(name, browser)).status_code == client.get(FORGET_ALL).status_code == 405
    assert Session.objects.filter(known_browser=browser).exists()


@pytest.mark.parametrize("name", ACTS)
def test_a_stranger_is_led_to_the_sign_in_page(name: str, robin: User) -> None:
    place = address(name, browser_elsewhere(robin, ELSEWHERE))
    assert Client().post(place).headers["Location"].startswith(SIGN_IN)
    assert Session.objects.filter(user=robin).count() == 2


def test_no_address_holds_what_could_be_used(client: InspectingClient, robin: User) -> None:
    """Statement 35."""
    browser = browser_elsewhere(robin, ELSEWHERE)
    page, row = page_of(client), session_row(client)
    for secret in (session_key(client), row.key_digest, client.cookies["browser"].value, ELSEWHERE):
        assert secret not in page
    assert bytes(browser.digest).hex() not in page
    handles = re.findall(r"browsers/([0-9a-f-]{36})/forget/", page)
    assert len(set(handles)) == 2
    for handle in handles:
        thief = Client()
        thief.cookies["sessionid"] = handle
        assert not is_signed_in(thief)


@pytest.mark.parametrize("move", ["proof", "rename"])
def test_a_session_that_was_ended_meanwhile_does_not_come_back(
    client: InspectingClient, robin: User, move: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Statement 30: another browser forgets this one while a request of this one is on its way."""
    browser, load = own_browser(client), SessionStore.load

    def load_and_lose(store: SessionStore) -> dict[str, object]:
        data: dict[str, object] = load(store)
        KnownBrowser.objects.filter(pk=browser.pk).delete()
        return data

    acts: dict[str, Callable[[], object]] = {
        "proof": lambda: client.post("/account/security/confirm/", {"password": PASSWORD}),
        "rename": lambda: client.get(SECURITY),
    }
    monkeypatch.setattr(SessionStore, "load", load_and_lose)
    acts[move]()
    monkeypatch.undo()
    assert not Session.objects.filter(user=robin).exists()
    assert not is_signed_in(client)
