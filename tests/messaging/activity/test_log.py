"""The log: its fourteen columns, its filters, and what it says while nothing has been sent."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from messaging.activity.choices import Column
from tests.cast import count_a_message, make_user, sign_in
from tests.forms import form_values, text_of

pytestmark = pytest.mark.django_db

LOG = "/account/activity/"
COLUMNS = [
    "Reference",
    "Date",
    "Latest activity",
    "Expiration date",
    "Status",
    "Subject",
    "Sender",
    "Recipient",
    "Code",
    "Files",
    "Openings",
    "Activities",
    "Kind",
    "Delete",
]


def page_of(client: Client, query: str = "") -> str:
    answer = client.get(LOG + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def person(client: Client) -> None:
    sign_in(client, make_user("pro@demo.example", plan="pro", time_zone="America/Toronto"))


def test_its_address_is_the_one_of_its_name() -> None:
    assert reverse("activity:log") == LOG


def test_the_table_has_the_fourteen_columns_in_their_order(client: Client, person: None) -> None:
    heads = re.findall(r"<th\b[^>]*columnheader[^>]*>(.*?)</th>", page_of(client), re.S)
    assert [words(head) for head in heads] == COLUMNS
    with translation.override("en"):
        assert [str(column.label) for column in Column] == COLUMNS


def test_while_nothing_was_sent_it_says_what_will_appear(client: Client, person: None) -> None:
    sentence = "No messages yet What you send appears here, with every opening, download and reply."
    assert sentence in words(page_of(client))


def test_what_was_counted_before_there_was_a_list_is_explained(client: Client) -> None:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    count_a_message(user)
    page = words(page_of(client))
    assert "Nothing listed yet This list begins with the version of the portal that sends messages" in page
    assert "No messages yet" not in page


def test_it_is_the_third_tab_of_the_account_page(client: Client, person: None) -> None:
    page = page_of(client)
    tabs = [
        (words(tab), "aria-current" in head) for head, tab in re.findall(r'<a class="tab"([^>]*)>(.*?)</a>', page, re.S)
    ]
    assert tabs == [
        ("Details about your license", False),
        ("Electronic signature", False),
        ("Statistics and logs", True),
    ]
    assert page.count('class="quick-action"') == 2


def test_it_opens_with_the_last_thirty_days_of_the_viewers_zone(client: Client) -> None:
    # In Toronto it is still the 20th when London writes the 21st.
    with time_machine.travel(datetime(2026, 11, 21, 3, 30, tzinfo=UTC), tick=False):
        sign_in(client, make_user("pro@demo.example", plan="pro", time_zone="America/Toronto"))
        shown = form_values(client.get(LOG), LOG)
    assert (shown["start_on"], shown["end_on"]) == ("2026-10-22", "2026-11-20")


def test_the_filters_keep_what_the_address_says(client: Client, person: None) -> None:
    asked = {
        "start_on": "2026-11-01",
        "end_on": "2026-11-20",
        "status": "not_opened",
        "kind": "message",
        "recipient": "Zoé <b>",
        "reference": "7F3K",
    }
    answer = client.get(LOG, asked)
    assert form_values(answer, LOG) == asked
    assert "Zoé <b>" not in answer.content.decode()


def test_an_emptied_date_stays_empty(client: Client, person: None) -> None:
    shown = form_values(client.get(LOG, {"start_on": "", "end_on": ""}), LOG)
    assert (shown["start_on"], shown["end_on"]) == ("", "")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("start_on", "yesterday", "This is not a date."),
        ("end_on", "2026-02-30", "This is not a date."),
        ("end_on", "21/11/2026", "This is not a date."),
        ("status", "forgotten", "Choose one of the options in the list."),
        ("kind", "reply;--", "Choose one of the options in the list."),
        ("recipient", "a" * 201, "This has 201 characters. It may have up to 200."),
        ("reference", "a" * 10_000, "It may have up to 200."),
    ],
)
def test_a_filter_that_cannot_be_read_is_answered_beside_its_field(
    client: Client, person: None, field: str, typed: str, sentence: str
) -> None:
    answer = client.get(LOG, {field: typed})
    assert answer.status_code == 200
    assert sentence in text_of(answer, f"{field}_error")
    assert re.search(r"<title>\s*Error:", answer.content.decode())


def test_an_end_before_the_start_is_answered_beside_the_end(client: Client, person: None) -> None:
    answer = client.get(LOG, {"start_on": "2026-11-20", "end_on": "2026-11-19"})
    assert "The end is before the start." in text_of(answer, "end_on_error")
    fine = client.get(LOG, {"start_on": "2026-11-20", "end_on": "2026-11-20"})
    assert "end_on_error" not in fine.content.decode()


def test_a_nul_in_a_filter_breaks_nothing(client: Client, person: None) -> None:
    answer = client.get(LOG, {"recipient": "a\x00b"})
    assert answer.status_code == 200
    assert 'id="recipient_error"' in answer.content.decode()


def test_filters_can_be_removed_again(client: Client, person: None) -> None:
    assert "Remove the filters" not in page_of(client)
    assert "Remove the filters" in page_of(client, "?reference=7F3K")


@pytest.mark.parametrize("plan", [None, "eco", "pro"])
@pytest.mark.parametrize("part", ["", "?part=statistics"])
def test_the_page_costs_few_queries(
    client: Client, django_assert_max_num_queries: object, plan: str | None, part: str
) -> None:
    sign_in(client, make_user("any@demo.example", plan=plan))
    client.get(LOG + part)
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        client.get(LOG + part)


def test_a_stranger_is_led_to_the_sign_in_page(client: Client) -> None:
    assert client.get(LOG).headers["Location"] == "/sign-in/?next=/account/activity/"


def test_nothing_can_be_posted(client: Client, person: None) -> None:
    assert client.post(LOG, {"reference": "7F3K"}).status_code == 405
