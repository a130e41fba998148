"""Support switches texts off and on, is told of a country that stopped by itself, and lets it go on."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.db import database_now
from core.models.sms import CountryStop, TextSwitch
from core.sms.limits import COUNTRY_STOPS_ABOVE_TEXTS
from core.sms.stops import refuse_stopped_country, watch_countries
from core.sms.switch import recent, switch_now, turn_texts
from portal.support.texts import TextSwitchForm
from tests.accounts.steps import ACCOUNT, begin_half, type_password
from tests.cast import make_staff, make_user, sign_in
from tests.core.sms.builders import make_text
from tests.forms import form_values
from tests.outbox import delivered
from tests.portal.support import REASON, drawn_with, html, support_browser

pytestmark = pytest.mark.django_db

SWITCH = "/admin/core/textswitch/1/change/"
STOPS = "/admin/core/countrystop/"


def turn(*, is_off: bool = False, regions_off: list[str] | None = None) -> None:
    """Switch texts as support does, and let this process know at once."""
    turn_texts(is_off=is_off, regions_off=regions_off or [])
    recent.forget()


def drawn() -> dict[str, object]:
    """Return the signed values that the page of the switch carries now."""
    return {"drawn": drawn_with(TextSwitchForm, TextSwitch.objects.get())}


def stop_canada() -> CountryStop:
    """Let Canada stop by itself."""
    for _ in range(COUNTRY_STOPS_ABOVE_TEXTS + 1):
        make_text(age_seconds=600)
    watch_countries(database_now())
    return CountryStop.objects.get(ended_at=None)


def test_all_texts_are_switched_off_and_on_again_with_a_reason_and_history(client: Client) -> None:
    staff = support_browser(client)
    assert client.get(reverse("admin:core_textswitch_changelist"), follow=True).redirect_chain == [(SWITCH, 302)]
    client.post(SWITCH, drawn() | {"is_off": "on", "reason": REASON})
    assert switch_now().is_off
    client.post(SWITCH, drawn() | {"regions_off": ["CA", "FR"], "reason": REASON})
    assert (switch_now().is_off, switch_now().regions_off) == (False, frozenset({"CA", "FR"}))
    client.post(SWITCH, drawn() | {"reason": REASON})
    assert not switch_now().regions_off
    entries = list(LogEntry.objects.order_by("pk"))
    assert {entry.user for entry in entries} == {staff}
    assert [entry.change_message for entry in entries] == [
        f"All text messages are switched off: no → yes; Reason: {REASON}",
        f"All text messages are switched off: yes → no; Countries switched off: none → Canada, France; "
        f"Reason: {REASON}",
        f"Countries switched off: Canada, France → none; Reason: {REASON}",
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"is_off": "on", "reason": " "},
        {"regions_off": ["DE"], "reason": REASON},
        {"reason": REASON},
    ],
)
def test_the_switch_refuses_what_has_no_reason_no_meaning_or_no_effect(
    client: Client, values: dict[str, object]
) -> None:
    support_browser(client)
    assert client.post(SWITCH, drawn() | values).status_code == 422
    assert not switch_now().is_off
    assert not switch_now().regions_off


def test_there_is_one_switch_and_it_stays(client: Client) -> None:
    support_browser(client)
    client.post("/admin/core/textswitch/add/", {"is_off": "on", "reason": REASON})
    client.post("/admin/core/textswitch/1/delete/", {"post": "yes"})
    assert TextSwitch.objects.count() == 1


def test_the_switch_is_nothing_for_customers(client: Client) -> None:
    sign_in(client, make_user("admin@demo.example", is_administrator=True))
    for page in (SWITCH, STOPS):
        assert client.get(page).status_code == 404
        assert client.post(page, {"is_off": "on", "reason": REASON}).status_code == 404
    assert not switch_now().is_off


def test_every_control_says_that_texts_are_off(client: Client) -> None:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    turn(is_off=True)
    page = html(client.get(ACCOUNT))
    for name in ("cell_number", "two_factor_enabled", "return_protection_sms"):
        assert re.search(rf'<input[^>]*name="{name}"[^>]*disabled', page), name
    assert page.count("Text messages are switched off on this portal.") == 4
    turn()
    assert not re.search(r'<input[^>]*name="cell_number"[^>]*disabled', html(client.get(ACCOUNT)))


def test_whose_country_is_off_reads_it_and_can_type_another_number(client: Client) -> None:
    user = make_user("pro@demo.example", plan="pro", number="+15145550123")
    sign_in(client, user)
    turn(regions_off=["CA"])
    page = client.get(ACCOUNT)
    assert "Text messages to this country (Canada) are switched off." in html(page)
    typed = form_values(page, ACCOUNT) | {"two_factor_enabled": "on"}
    assert "Canada) are switched off" in html(client.post(ACCOUNT, typed))
    user.refresh_from_db()
    assert not user.two_factor_enabled
    refused = client.post(ACCOUNT, form_values(page, ACCOUNT) | {"cell_number": "+1 418 555 0100"})
    assert refused.status_code == 422
    assert client.post(ACCOUNT, form_values(page, ACCOUNT) | {"cell_number": "+33 6 12 34 56 78"}).status_code == 302


def test_the_code_page_says_it_and_a_code_that_was_sent_still_works(client: Client) -> None:
    user = make_user("robin@demo.example", two_factor=True)
    code = begin_half(client, user)
    turn(is_off=True)
    page = client.get("/sign-in/code/")
    assert "Text messages are switched off on this portal." in html(page)
    assert "/sign-in/code/resend/" not in html(page)
    assert client.post("/sign-in/code/", {"code": code}).status_code == 302
    client.post("/sign-out/")
    assert "Text messages are switched off" in html(type_password(client, user.email, follow=True))


def test_support_is_told_once_of_a_stop_in_each_ones_language() -> None:
    make_staff()
    make_staff("luc@demo.example", language="fr", date_culture="fr-CA")
    make_staff("gone@demo.example", is_active=False)
    make_user("admin@demo.example", is_administrator=True)
    stop_canada()
    watch_countries(database_now() + timedelta(minutes=1))
    mails = {mail.to: mail for mail in delivered("email")}
    assert sorted(mails) == ["luc@demo.example", "support@demo.example"]
    english = mails["support@demo.example"]
    assert english.subject == "Text messages have stopped for a country: Canada"
    for part in (english.text, english.html):
        assert f"/admin/core/countrystop/{CountryStop.objects.get().pk}/change/" in part
    assert "Codes sent: 21\nCodes typed: 0\nMinutes looked at: 60" in english.text
    assert "textos" in mails["luc@demo.example"].text


def test_a_stopped_country_is_shown_and_let_go_on_with_a_reason(client: Client) -> None:
    support_browser(client)
    stop = stop_canada()
    page = f"{STOPS}{stop.pk}/change/"
    assert "still stopped" in html(client.get(STOPS))
    assert "<h1>Canada</h1>" in html(client.get(page))
    assert "Let texts to this country go on" in html(client.get(page))
    assert client.post(page, {"reason": ""}).status_code == 422
    stop.refresh_from_db()
    assert stop.ended_at is None
    assert client.post(page, {"reason": REASON}).status_code == 302
    refuse_stopped_country("CA")
    assert "let go on by support" in html(client.get(STOPS))
    assert LogEntry.objects.get().change_message == f"Canada: stopped → goes on; Reason: {REASON}"
    assert "Let texts to this country go on" not in html(client.get(page))
    assert client.post(page, {"reason": REASON}).status_code == 403


def test_a_stop_that_ended_meanwhile_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    support_browser(client)
    stop = stop_canada()
    monkeypatch.setattr("portal.support.texts.CountryStopPage.has_change_permission", lambda *_args: True)
    CountryStop.objects.update(ended_at=database_now())
    answer = client.post(f"{STOPS}{stop.pk}/change/", {"reason": REASON}, follow=True)
    assert "go on already" in html(answer)
    assert not LogEntry.objects.exists()


def test_no_stop_is_made_or_deleted_by_hand(client: Client) -> None:
    support_browser(client)
    stop = stop_canada()
    assert client.post(f"{STOPS}add/", {"region": "FR", "reason": REASON}).status_code == 403
    assert client.post(f"{STOPS}{stop.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(is_staff=True).count() == 1
    assert CountryStop.objects.get().region == "CA"
