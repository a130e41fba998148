"""The account page: what it shows, and what its one SAVE keeps."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import SecurityEvent, User
from accounts.services.kept_forms import read_drawn, sign_drawn
from accounts.services.pending_changes import propose
from accounts.visitors import Visitor
from core.db import database_now
from licenses.models import License, Plan, ReturnProtection
from messaging.quota.services.counting import take_message
from tests.cast import make_license, make_organization, make_user, prove_number, sign_in
from tests.forms import form_values, text_of

pytestmark = pytest.mark.django_db

ACCOUNT = "/account/"
NOWHERE = Visitor(ip_address="192.0.2.7", network="192.0.2.0/24", browser="Firefox", known_browser="")
LONG_AGO = {"starts_at": datetime(2020, 1, 1, tzinfo=UTC), "expires_at": datetime(2021, 1, 1, tzinfo=UTC)}
LABELS = (
    "License",
    "Expiration Date",
    "Email",
    "Cell number",
    "Activate 2FA authentication",
    "Default SMS country",
    "SMS",
    "Microsoft",
    "Also ask me before I open what came back",
    "First name",
    "Last name",
    "Time zone",
    "Date format culture",
    "Messages remaining for the month",
    "Last message sent",
)


@pytest.fixture
def pro(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro", first_name="Camille", last_name="Tremblay")
    sign_in(client, user)
    return user


def save(client: Client, **changes: str | None) -> object:
    """Post the account form as drawn, with some fields typed over; None unticks or leaves out."""
    values = form_values(client.get(ACCOUNT), ACCOUNT) | changes
    return client.post(ACCOUNT, {name: value for name, value in values.items() if value is not None})


@pytest.mark.parametrize(
    ("used", "sentence"),
    [
        (159, ""),
        (160, "Most messages of this month are used."),
        (190, "Almost all messages of this month are used."),
        (200, "All messages of this month are used."),
    ],
)
def test_the_month_warns_at_eighty_and_at_ninety_five_percent(client: Client, used: int, sentence: str) -> None:
    user = make_user("eco@demo.example", plan="eco")
    sign_in(client, user)
    take_message(license=License.objects.get(holder=user), at=database_now(), cost=used)
    page = client.get("/account/").content.decode()
    assert re.findall(r"<strong>(\w+ [^<]* of this month are used\.)</strong>", page) == (
        [sentence] if sentence else []
    )
    assert ("is-danger" in page[page.index('class="meter') :][:40]) == (used >= 190)


def test_every_label_of_the_order_names_a_control_or_a_value(client: Client, pro: User) -> None:
    page = client.get(ACCOUNT).content.decode()
    labels = [" ".join(re.sub(r"<[^>]+>", "", label).split()) for label in re.findall(r"<label.*?</label>", page, re.S)]
    for label in LABELS:
        assert label in labels, label
    assert ">SAVE</button>" in page


def test_it_shows_the_license_the_month_and_the_last_message(client: Client, pro: User) -> None:
    License.objects.filter(holder=pro).update(expires_at=datetime(2027, 3, 31, 3, 59, 59, tzinfo=UTC))
    take_message(
        license=License.objects.select_related("plan", "holder").get(holder=pro), at=datetime.now(UTC), cost=188
    )
    page = client.get(ACCOUNT)
    assert text_of(page, "license") == "Pro Active"
    assert text_of(page, "expiration_date").startswith("March 30, 2027, 11:59")
    assert text_of(page, "messages_left") == "4,812 of 5,000"
    assert text_of(page, "last_message_sent") != "None yet"


def test_before_the_first_message_it_says_so(client: Client, pro: User) -> None:
    assert text_of(client.get(ACCOUNT), "last_message_sent") == "None yet"


def test_save_keeps_name_zone_and_culture_and_the_dates_change(client: Client, pro: User) -> None:
    License.objects.filter(holder=pro).update(expires_at=datetime(2027, 3, 31, 3, 59, 59, tzinfo=UTC))
    answer = save(client, first_name="Camille-Anne", time_zone="Asia/Kolkata", date_culture="fr-CA")
    assert answer.status_code == 302  # type: ignore[attr-defined]
    pro.refresh_from_db()
    assert (pro.first_name, pro.time_zone, pro.date_culture) == ("Camille-Anne", "Asia/Kolkata", "fr-CA")
    assert text_of(client.get(ACCOUNT), "expiration_date").startswith("31 mars 2027, 9 h 29")


def test_the_warning_of_unread_items_is_on_and_can_be_switched_off(client: Client, pro: User) -> None:
    assert form_values(client.get(ACCOUNT), ACCOUNT)["is_warned_of_unread"] == "on"
    assert "Warn me when something I sent is about to end unread" in client.get(ACCOUNT).content.decode()
    assert save(client, is_warned_of_unread=None).status_code == 302  # type: ignore[attr-defined]
    pro.refresh_from_db()
    assert not pro.is_warned_of_unread
    assert "is_warned_of_unread" not in form_values(client.get(ACCOUNT), ACCOUNT)
    save(client, is_warned_of_unread="on")
    pro.refresh_from_db()
    assert pro.is_warned_of_unread


def test_a_form_drawn_before_a_box_was_there_does_not_untick_it(client: Client, pro: User) -> None:
    values = form_values(client.get(ACCOUNT), ACCOUNT) | {"first_name": "Anne"}
    drawn = read_drawn(values["drawn"])
    assert drawn is not None
    older = {name: value for name, value in drawn[1].items() if name != "is_warned_of_unread"}
    values["drawn"] = sign_drawn(user_id=pro.pk, values=older)
    del values["is_warned_of_unread"]
    assert client.post(ACCOUNT, values).status_code == 302
    pro.refresh_from_db()
    assert (pro.first_name, pro.is_warned_of_unread) == ("Anne", True)


def test_every_instant_is_a_time_element_in_utc(client: Client, pro: User) -> None:
    page = client.get(ACCOUNT).content.decode()
    assert page.count("<time ") == len(re.findall(r'<time datetime="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ">', page)) > 0


def test_the_chosen_language_is_spoken_from_the_next_page_on(client: Client, pro: User) -> None:
    save(client, language="fr")
    assert '<html lang="fr"' in client.get(ACCOUNT).content.decode()


def test_without_a_license_it_says_none_and_whom_to_ask(client: Client) -> None:
    sign_in(client, make_user("free@demo.example"))
    page = client.get(ACCOUNT)
    assert text_of(page, "license") == "none"
    assert "Ask your administrator for a license." in page.content.decode()
    assert save(client, first_name="Alex").status_code == 302  # type: ignore[attr-defined]


def test_an_expired_license_stays_visible_and_says_what_stops(client: Client) -> None:
    user = make_user("late@demo.example")
    make_license(user, "advanced", expires_at=datetime(2026, 1, 31, 4, 59, 59, tzinfo=UTC))
    sign_in(client, user)
    page = client.get(ACCOUNT)
    assert text_of(page, "license") == "Advanced Expired"
    assert "Your license has expired." in page.content.decode()


def test_two_tabs_that_save_in_turn_each_keep_what_they_changed(client: Client, pro: User) -> None:
    first, second = (form_values(client.get(ACCOUNT), ACCOUNT) for _tab in range(2))
    client.post(ACCOUNT, first | {"first_name": "Anne"})
    client.post(ACCOUNT, second | {"last_name": "Gagnon"})
    pro.refresh_from_db()
    assert (pro.first_name, pro.last_name) == ("Anne", "Gagnon")


def test_a_double_click_on_save_does_no_harm(client: Client, pro: User) -> None:
    values = form_values(client.get(ACCOUNT), ACCOUNT) | {"first_name": "Anne"}
    assert [client.post(ACCOUNT, values).status_code for _click in range(2)] == [302, 302]
    pro.refresh_from_db()
    assert pro.first_name == "Anne"


def test_back_after_save_and_another_save_keeps_the_later_word(client: Client, pro: User) -> None:
    stale = form_values(client.get(ACCOUNT), ACCOUNT)
    client.post(ACCOUNT, stale | {"first_name": "Anne"})
    client.post(ACCOUNT, stale | {"first_name": "Luc"})
    pro.refresh_from_db()
    assert pro.first_name == "Luc"


def test_a_form_of_another_person_changes_nothing(client: Client, pro: User) -> None:
    values = form_values(client.get(ACCOUNT), ACCOUNT)
    other = make_user("other@demo.example", organization=make_organization("Other"), first_name="Odile")
    sign_in(client, other)
    client.post(ACCOUNT, values | {"first_name": "Mallory"})
    other.refresh_from_db()
    pro.refresh_from_db()
    assert (other.first_name, pro.first_name) == ("Odile", "Camille")


@pytest.mark.parametrize("plan", ["eco", "advanced", None])
def test_return_protection_of_other_plans_is_disabled_with_its_reason_and_refused_by_post(
    client: Client, plan: str | None
) -> None:
    user = make_user("small@demo.example", plan=plan)
    sign_in(client, user)
    page = client.get(ACCOUNT).content.decode()
    assert re.search(r'<input[^>]*name="return_protection_sms"[^>]*disabled', page)
    assert "Return protection comes with the Pro plan" in page
    values = form_values(client.get(ACCOUNT), ACCOUNT)
    assert client.post(ACCOUNT, values | {"return_protection_sms": "on"}).status_code == 403
    assert not ReturnProtection.objects.filter(user=user).exists()


def test_pro_keeps_return_protection_at_once_after_a_fresh_sign_in(client: Client, pro: User) -> None:
    assert save(client, return_protection_sms="on", return_protection_owner="on").status_code == 302  # type: ignore[attr-defined]
    kept = ReturnProtection.objects.get(user=pro)
    assert (kept.sms, kept.microsoft, kept.owner) == (True, False, True)
    assert SecurityEvent.objects.filter(user=pro, kind="account:return_protection:changed").count() == 1


@pytest.mark.parametrize(
    ("plan", "license", "said"),
    [
        ({}, {}, "Renews automatically on this date"),
        ({"price_cents": 100}, {}, "Ends on this date"),
        ({"is_renewed": False}, {}, "Ends on this date"),
        ({}, {"is_suspended": True}, "Ends on this date"),
        ({"price_cents": 100}, LONG_AGO, "Ended on this date"),
    ],
)
def test_the_page_says_that_a_license_renews_only_where_it_does(
    client: Client, pro: User, plan: dict[str, object], license: dict[str, object], said: str
) -> None:
    Plan.objects.filter(code="pro").update(**plan)
    License.objects.update(**license)
    assert re.findall(r"(?:Renews automatically|Ends|Ended) on this date", client.get(ACCOUNT).content.decode()) == [
        said
    ]


def test_microsoft_is_disabled_as_long_as_there_is_no_sign_in_with_it(client: Client, pro: User) -> None:
    page = client.get(ACCOUNT).content.decode()
    assert "This portal has no sign-in with Microsoft yet." in page
    refused = save(client, return_protection_microsoft="on")
    assert refused.status_code == 422  # type: ignore[attr-defined]
    assert text_of(refused, "return_protection_microsoft_error").endswith("Untick this box.")  # type: ignore[arg-type]
    assert not ReturnProtection.objects.filter(user=pro, microsoft=True).exists()


def test_a_stored_country_that_is_no_longer_served_stays_with_a_warning(
    client: Client, pro: User, settings: object
) -> None:
    User.objects.filter(pk=pro.pk).update(default_sms_country="IN")
    page = client.get(ACCOUNT)
    assert form_values(page, ACCOUNT)["default_sms_country"] == "IN"
    assert "no text messages" in text_of(page, "default_sms_country_helptext")
    assert save(client, first_name="Anne").status_code == 302  # type: ignore[attr-defined]
    pro.refresh_from_db()
    assert pro.default_sms_country == "IN"


def test_a_proven_number_is_shown_as_confirmed(client: Client, pro: User) -> None:
    prove_number(pro, "+15145550123")
    page = client.get(ACCOUNT)
    assert form_values(page, ACCOUNT)["cell_number"] == "+1 514-555-0123"
    assert "Confirmed" in page.content.decode()


def test_texts_that_are_off_say_why(client: Client, pro: User, settings: object) -> None:
    from core.sms.configuration import parse_sms_url

    settings.SMS = parse_sms_url("none")  # type: ignore[attr-defined]
    page = client.get(ACCOUNT).content.decode()
    assert re.search(r'<input[^>]*name="cell_number"[^>]*disabled', page)
    assert "Text messages are switched off" in page
    assert "Text messages available" not in page


def test_the_page_costs_three_queries(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """Also where something waits for a proof."""
    user = make_user("factor@demo.example", plan="pro", two_factor=True)
    sign_in(client, user)
    client.get(ACCOUNT)
    with django_assert_num_queries(3):
        client.get(ACCOUNT)
    propose(user=user, number="+15145550123", settings={}, in_force={}, visitor=NOWHERE)
    with django_assert_num_queries(3):
        assert "Waiting for your proof" in client.get(ACCOUNT).content.decode()


def test_the_databases_clock_tells_whether_a_license_is_live(client: Client, pro: User) -> None:
    """A web server's wrong clock neither locks what the license allows nor opens what it does not."""

    def locks(wrong_by: timedelta = timedelta()) -> int:
        with time_machine.travel(timezone.now() + wrong_by):
            return client.get(ACCOUNT).content.count(b"#lock")

    License.objects.update(starts_at=LONG_AGO["starts_at"], expires_at=database_now() + timedelta(minutes=30))
    while_live = locks()
    assert locks(timedelta(hours=1)) == while_live
    License.objects.update(expires_at=database_now() - timedelta(minutes=30))
    assert locks(timedelta(hours=-1)) == locks() > while_live


def test_anonymous_is_led_to_the_sign_in_page_and_back(client: Client) -> None:
    answer = client.get(ACCOUNT)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/?next=/account/")


def test_tabs_without_a_count_show_no_empty_one(client: Client) -> None:
    sign_in(client, make_user("pro@demo.example", plan="pro"))
    assert 'class="count"' not in client.get("/account/").content.decode()
