"""The page of the four things one can send: what the own license allows of each, and what it lacks."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from licenses.models import Plan
from tests.cast import make_license, make_organization, make_user, sign_in
from tests.forms import text_of

pytestmark = pytest.mark.django_db

NEW = "/messages/new/"
WAYS = [f"{NEW}?kind=message", f"{NEW}?kind=file", "/envelopes/new/", "/signatures/new/"]
KEYS = ("message", "file", "envelope", "signature_request")


def cards(client: Client) -> dict[str, str]:
    answer = client.get(NEW)
    assert answer.status_code == 200
    return {key: text_of(answer, key) for key in KEYS}


@pytest.mark.parametrize(
    ("plan", "limits"),
    [
        (
            "advanced",
            ["Up to 100 recipients", "Up to 50 files, 100 MB in all", "Up to 50 open links", "1 signer besides"],
        ),
        (
            "pro",
            [
                "Up to 100 recipients",
                "Up to 200 files, 2.5 GB in all",
                "Up to 500 open links",
                "As many signers as you need; a preventive limit of 50 applies",
            ],
        ),
        (
            "trial",
            ["Up to 25 recipients", "Up to 50 files, 2.5 GB in all", "Up to 10 open links", "Up to 50 signers"],
        ),
    ],
)
def test_each_card_says_what_the_plan_allows(client: Client, plan: str, limits: list[str]) -> None:
    sign_in(client, make_user("any@demo.example", plan=plan))
    shown = cards(client)
    assert [limit for limit, text in zip(limits, shown.values(), strict=True) if limit not in text] == []
    assert "Whom to ask" not in client.get(NEW).content.decode()


def test_what_the_plan_lacks_is_shown_with_the_plan_that_has_it(client: Client) -> None:
    organization = make_organization()
    make_user("admin@demo.example", organization=organization, is_administrator=True, first_name="Ada", last_name="Roy")
    sign_in(client, make_user("eco@demo.example", organization=organization, plan="eco"))
    shown = cards(client)
    assert "Up to 25 recipients" in shown["message"]
    for key in KEYS[1:]:
        assert "Comes with the Advanced plan; yours is Eco." in shown[key]
    assert "Ada Roy" in client.get(NEW).content.decode()


def test_the_limits_are_those_of_the_row_not_of_the_release(client: Client) -> None:
    Plan.objects.filter(code="eco").update(recipients_per_message=1, attachments_bytes=1_500_000, files_per_send=3)
    sign_in(client, make_user("eco@demo.example", plan="eco"))
    shown = cards(client)
    assert "1 recipient" in shown["message"]
    assert "recipients" not in shown["message"].partition("1 recipient")[2]
    assert "Up to 3 files, 1.5 MB in all" in shown["file"]


def test_a_feature_in_no_plan_on_offer_says_so(client: Client) -> None:
    Plan.objects.update(open_envelopes=0)
    sign_in(client, make_user("pro@demo.example", plan="pro"))
    assert "In no plan on offer." in cards(client)["envelope"]


def test_numbers_are_written_as_the_person_reads_them(client: Client) -> None:
    Plan.objects.filter(code="pro").update(open_envelopes=12_500)
    sign_in(client, make_user("pro@demo.example", plan="pro", date_culture="de-CH"))
    assert "12’500 open links" in cards(client)["envelope"]


def test_without_a_license_it_says_why_and_whom_to_ask(client: Client) -> None:
    organization = make_organization()
    make_user("admin@demo.example", organization=organization, is_administrator=True, first_name="Ada", last_name="Roy")
    sign_in(client, make_user("free@demo.example", organization=organization))
    shown = cards(client)
    assert all("Needs a license; you have none." in text for text in shown.values())
    page = client.get(NEW).content.decode()
    assert "You have no license." in page
    assert "Ada Roy" in page


@pytest.mark.parametrize(
    ("is_suspended", "days", "sentence"),
    [(False, -1, "Your license has expired."), (True, 30, "Your license is suspended.")],
)
def test_a_license_that_does_not_count_now_says_so_once(
    client: Client, is_suspended: bool, days: int, sentence: str
) -> None:
    user = make_user("late@demo.example")
    make_license(user, "pro", expires_at=timezone.now() + timedelta(days=days), is_suspended=is_suspended)
    sign_in(client, user)
    page = client.get(NEW).content.decode()
    assert page.count(sentence) == 1
    assert "Whom to ask" in page


def test_the_cards_lead_to_the_composer_where_the_plan_allows_it(client: Client) -> None:
    sign_in(client, make_user("eco@demo.example", plan="eco"))
    ways = re.findall(r'href="/messages/new/\?kind=(\w+)"', client.get(NEW).content.decode())
    assert ways == ["message"]
    assert client.post(NEW, {"to": "a@b.example"}).status_code == 405


@pytest.mark.parametrize("plan", ["pro", "eco"])
def test_the_composer_leads_to_the_other_three_or_to_why_the_plan_lacks_them(client: Client, plan: str) -> None:
    sign_in(client, make_user("any@demo.example", plan=plan))
    page = client.get(f"{NEW}?kind=message").content.decode()
    start = page.index('aria-label="What to send"')
    assert re.findall(r'href="([^"]+)"', page[start : page.index("</nav>", start)]) == WAYS
    assert [client.get(way).status_code for way in WAYS] == [200] * len(KEYS)


def test_what_the_plan_lacks_is_explained_in_place_of_the_composer(client: Client) -> None:
    sign_in(client, make_user("eco@demo.example", plan="eco"))
    page = client.get(f"{NEW}?kind=file").content.decode()
    assert "<form" not in page[page.index("<main") : page.index("</main>")]
    assert "Comes with the Advanced plan; yours is Eco." in page


def test_without_a_license_there_is_no_composer(client: Client) -> None:
    sign_in(client, make_user("free@demo.example"))
    page = client.get(f"{NEW}?kind=message").content.decode()
    assert "You have no license." in page
    assert "data-composer" not in page


@pytest.mark.parametrize("plan", [None, "eco", "pro"])
def test_the_page_costs_few_queries(client: Client, django_assert_max_num_queries: object, plan: str | None) -> None:
    sign_in(client, make_user("any@demo.example", plan=plan))
    client.get(NEW)
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        client.get(NEW)


def test_a_stranger_is_led_to_the_sign_in_page(client: Client) -> None:
    assert client.get(NEW).headers["Location"] == "/sign-in/?next=/messages/new/"
