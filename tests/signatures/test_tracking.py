"""Signature tracking: its tabs for whoever has it, an explanation for whoever has not."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from licenses.models import Plan
from tests.cast import make_license, make_organization, make_staff, make_user, sign_in

pytestmark = pytest.mark.django_db

TRACKING = "/signatures/"
STATES = ["In progress", "Completed", "Expired", "Declined", "Cancelled", "Drafts"]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def page_of(client: Client, query: str = "") -> str:
    answer = client.get(TRACKING + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def content_of(page: str) -> str:
    return words(page[page.index("<main") : page.index("</main>")])


@pytest.mark.parametrize("plan", ["pro", "trial"])
def test_whoever_has_it_sees_the_six_states_with_their_counts(client: Client, plan: str) -> None:
    sign_in(client, make_user("any@demo.example", plan=plan))
    page = page_of(client)
    tabs = re.findall(r'<a class="tab"([^>]*)>(.*?)</a>', page, re.S)
    assert [words(tab) for _head, tab in tabs] == [f"{state} 0" for state in STATES]
    assert ["aria-current" in head for head, _tab in tabs] == [True] + [False] * 5
    assert "What you send for signature appears here" in page


@pytest.mark.parametrize(("query", "state"), [("?state=declined", "Declined"), ("?state=nonsense", "In progress")])
def test_the_state_lives_in_the_address(client: Client, query: str, state: str) -> None:
    sign_in(client, make_user("pro@demo.example", plan="pro"))
    current = re.findall(r'<a class="tab"[^>]*aria-current[^>]*>(.*?)</a>', page_of(client, query), re.S)
    assert [words(tab) for tab in current] == [f"{state} 0"]


def test_whoever_lacks_it_learns_what_it_does_which_plan_has_it_and_whom_to_ask(client: Client) -> None:
    organization = make_organization()
    for name, is_active in (("Ada", True), ("Gone", False)):
        make_user(
            f"{name}@demo.example",
            organization=organization,
            is_administrator=True,
            first_name=name,
            last_name="Roy",
            is_active=is_active,
        )
    make_user("else@other.example", is_administrator=True, first_name="Else", last_name="Where")
    sign_in(client, make_user("eco@demo.example", organization=organization, plan="eco"))
    page = page_of(client)
    text = content_of(page)
    assert "Signature tracking comes with the Pro plan" in text
    assert "Lists every document you sent for signature" in text
    assert "Your license Eco" in text
    assert "Whom to ask Ada Roy" in text
    assert "mailto:Ada@demo.example" in page
    assert "Gone" not in text
    assert "Else" not in text
    assert 'role="columnheader"' not in page


def test_an_administrator_without_it_is_sent_to_support(client: Client) -> None:
    sign_in(client, make_user("admin@demo.example", plan="advanced", is_administrator=True))
    assert "Whom to ask support@demo.example You are an administrator" in content_of(page_of(client))


def test_an_organization_without_administrators_is_sent_to_support(client: Client) -> None:
    sign_in(client, make_user("lone@demo.example"))
    text = content_of(page_of(client))
    assert "Your license none" in text
    assert "Whom to ask support@demo.example" in text


def test_support_staff_sees_the_explanation_too(client: Client) -> None:
    sign_in(client, make_staff())
    assert "Signature tracking comes with the Pro plan" in content_of(page_of(client))


def test_the_plan_that_has_it_is_read_from_the_plans_on_offer(client: Client) -> None:
    Plan.objects.filter(code="pro").update(is_offered=False)
    sign_in(client, make_user("eco@demo.example", plan="eco"))
    assert "Signature tracking comes with the Trial plan" in content_of(page_of(client))
    Plan.objects.update(is_offered=False)
    assert "Signature tracking is in no plan on offer" in content_of(page_of(client))


def test_after_a_license_has_expired_the_requests_can_still_be_read(client: Client) -> None:
    user = make_user("late@demo.example")
    make_license(user, "pro", expires_at=timezone.now() - timedelta(days=1))
    sign_in(client, user)
    assert 'role="columnheader"' in page_of(client)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize(("plan", "status"), [(None, 403), ("eco", 403), ("advanced", 403), ("pro", 405)])
def test_an_act_is_refused_first_for_the_license_then_by_the_page(
    client: Client, method: str, plan: str | None, status: int
) -> None:
    sign_in(client, make_user("any@demo.example", plan=plan))
    assert getattr(client, method)(TRACKING).status_code == status


def test_an_act_under_an_expired_license_is_refused(client: Client) -> None:
    user = make_user("late@demo.example")
    make_license(user, "pro", expires_at=timezone.now() - timedelta(days=1))
    sign_in(client, user)
    assert client.post(TRACKING).status_code == 403


@pytest.mark.parametrize("name", ["signatures:tracking", "signatures:marks"])
@pytest.mark.parametrize("plan", [None, "eco", "pro"])
def test_the_pages_cost_few_queries(
    client: Client, django_assert_max_num_queries: object, name: str, plan: str | None
) -> None:
    sign_in(client, make_user("any@demo.example", plan=plan))
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        client.get(reverse(name))


@pytest.mark.parametrize("address", [TRACKING, "/account/signature/"])
def test_a_stranger_is_led_to_the_sign_in_page(client: Client, address: str) -> None:
    assert client.get(address).headers["Location"] == f"/sign-in/?next={address}"
