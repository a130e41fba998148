"""Options: the organization at a glance, for its administrators alone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization
from licenses.models import License, Plan
from tests.cast import make_organization, make_staff, make_user, sign_in

pytestmark = pytest.mark.django_db

OPTIONS = "/organization/"


def free_licenses(organization: Organization, plan: str, count: int) -> None:
    now = timezone.now()
    for _license in range(count):
        License.objects.create(
            organization=organization,
            plan=Plan.objects.get(code=plan),
            starts_at=now,
            expires_at=now + timedelta(days=365),
        )


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def rows(page: str) -> dict[str, list[str]]:
    body = page[page.index("<tbody") : page.index("</tbody>")]
    cells = [re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.S) for row in body.split("</tr>")]
    return {words(row[0]): [words(cell) for cell in row[1:]] for row in cells if row}


def test_its_address_is_the_one_of_its_name() -> None:
    assert reverse("portal:organization") == OPTIONS


def test_an_administrator_sees_name_people_and_what_new_users_begin_with(client: Client) -> None:
    organization = make_organization(
        "Entrepôts du Nord", language="fr", time_zone="Europe/Paris", date_culture="fr-FR", default_sms_country="FR"
    )
    make_user("second@demo.example", organization=organization)
    make_user("stranger@demo.example")
    admin = make_user("admin@demo.example", organization=organization, is_administrator=True)
    with time_machine.travel(datetime(2026, 11, 21, 15, 30, tzinfo=UTC), tick=False):
        sign_in(client, admin)
        page = client.get(OPTIONS).content.decode()
    text = words(page)
    assert "Name Entrepôts du Nord People 2" in text
    assert "Language Français" in text
    assert "Date format culture French (France)" in text
    assert "(UTC+01:00)" in text
    assert '<time datetime="2026-11-21T15:30:00Z">21 novembre 2026' in page
    assert "Default SMS country France (+33)" in text


def test_licenses_are_counted_by_plan_and_add_up(client: Client) -> None:
    organization = make_organization()
    free_licenses(organization, "advanced", 3)
    free_licenses(make_organization("Other"), "pro", 5)
    admin = make_user("admin@demo.example", organization=organization, plan="eco", is_administrator=True)
    make_user("second@demo.example", organization=organization, plan="advanced")
    sign_in(client, admin)
    assert rows(client.get(OPTIONS).content.decode()) == {
        "Eco": ["1", "1", "0"],
        "Advanced": ["4", "1", "3"],
        "In all": ["5", "2", "3"],
    }


def test_without_licenses_it_says_where_they_come_from(client: Client) -> None:
    sign_in(client, make_user("admin@demo.example", is_administrator=True))
    page = client.get(OPTIONS).content.decode()
    assert "No licenses yet" in page
    assert "support@demo.example" in page


def test_the_page_costs_as_many_queries_with_many_licenses(
    client: Client, django_assert_max_num_queries: object
) -> None:
    organization = make_organization()
    for plan in ("eco", "advanced", "pro", "trial"):
        free_licenses(organization, plan, 10)
    sign_in(client, make_user("admin@demo.example", organization=organization, is_administrator=True))
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        client.get(OPTIONS)


def test_others_may_not(client: Client) -> None:
    for person in (make_user("member@demo.example", plan="pro"), make_staff()):
        sign_in(client, person)
        assert client.get(OPTIONS).status_code == 403
        assert OPTIONS not in client.get("/account/security/").content.decode()


def test_a_stranger_is_led_to_the_sign_in_page(client: Client) -> None:
    assert client.get(OPTIONS).headers["Location"] == "/sign-in/?next=/organization/"


def test_nothing_can_be_posted(client: Client) -> None:
    sign_in(client, make_user("admin@demo.example", is_administrator=True))
    assert client.post(OPTIONS, {"name": "Mine"}).status_code == 405
