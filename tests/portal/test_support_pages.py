"""The support pages answer, find people, and show nothing they should not."""

import re
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import SecurityEventKind
from accounts.models import SecurityEvent, User
from accounts.services.security_log import record
from accounts.support_search import closed, opened
from licenses.models import License, Plan
from tests.cast import make_organization, make_staff, make_user, prove_number, sign_in
from tests.portal.support import html, license_page, organization_page, support_browser, user_page

pytestmark = pytest.mark.django_db

LISTS = [
    "admin:accounts_user_changelist",
    "admin:accounts_organization_changelist",
    "admin:accounts_securityevent_changelist",
    "admin:licenses_license_changelist",
    "admin:licenses_plan_changelist",
    "admin:admin_logentry_changelist",
]
ANCHOR = re.compile(r'<a\s[^>]*href="([^"]*)"')


@pytest.fixture
def customer() -> User:
    """Somebody with a license and a proven number."""
    user = make_user("pro@demo.example", plan="pro", first_name="Camille", last_name="Tremblay")
    prove_number(user, "+14165550123")
    return user


def record_pages(user: User) -> list[str]:
    """Return the address of every page about one customer."""
    assert user.organization is not None
    return [
        user_page(user),
        reverse("admin:accounts_user_history", args=[user.pk]),
        organization_page(user.organization),
        license_page(user.license),
        reverse("admin:licenses_license_history", args=[user.license.pk]),
        reverse("admin:licenses_license_add"),
        reverse("admin:licenses_plan_add"),
        reverse("admin:licenses_plan_change", args=[user.license.plan_id]),
        f"{reverse('admin:accounts_securityevent_changelist')}?user__id__exact={user.pk}",
        reverse("admin:index"),
        reverse("admin:app_list", args=["accounts"]),
        *map(reverse, LISTS),
    ]


def search(client: Client, page: str, term: str) -> str:
    """Type a term into a list's search and return the list."""
    answer = client.post(reverse(f"admin:{page}_search"), {"term": term}, follow=True)
    assert answer.status_code == 200
    return html(answer)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_answers_and_keeps_the_content_security_policy(
    client: Client, customer: User, language: str
) -> None:
    staff = support_browser(client, customer)
    User.objects.filter(pk=staff.pk).update(language=language)
    for page in record_pages(customer):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_no_page_shows_a_hash_a_number_or_a_session(client: Client, customer: User) -> None:
    support_browser(client, customer)
    customers_browser = Client()
    sign_in(customers_browser, customer)
    session = customer.sessions.get()
    hidden = [
        customer.password,
        "argon2",
        "4165550123",
        "416-555-0123",
        "416 555",
        bytes(customer.cell_number_digest or b"").hex(),
        session.key_digest,
        session.key_digest[:8],
    ]
    for page in record_pages(customer):
        shown = html(client.get(page))
        assert not [value for value in hidden if value in shown], page


def test_the_number_shows_only_its_end(client: Client, customer: User) -> None:
    support_browser(client, customer)
    assert "ends in 0123" in html(client.get(user_page(customer)))
    customer.keep_cell_number("+14165550123", proven_at=None)
    customer.save()
    assert "ends in 0123, not confirmed" in html(client.get(user_page(customer)))


def test_what_users_typed_leads_nowhere(client: Client) -> None:
    company = make_organization("https://evil.example/company")
    user = make_user(
        "javascript:alert(1)@demo.example",
        organization=company,
        plan="eco",
        first_name="<a href='https://evil.example'>Click</a>",
        last_name="www.evil.example",
    )
    event = SecurityEvent.objects.filter(user=user)
    record(user=user, kind=SecurityEventKind.SIGNED_IN, method="password")
    event.update(browser="https://evil.example/<script>")
    support_browser(client)
    for page in record_pages(user):
        shown = html(client.get(page))
        for target in ANCHOR.findall(shown):
            parts = urlsplit(target)
            assert (parts.scheme, parts.netloc) == ("", ""), target
            assert "evil" not in target
        assert "<a href='https" not in shown


@pytest.mark.parametrize(
    "term",
    [
        "pro@demo.example",
        " PRO@Demo.Example ",
        "Demo Comp",
        "416 555 0123",
        "+1 (416) 555-0123",
        "0014165550123",
    ],
)
def test_people_are_found_by_whole_address_number_or_organization(client: Client, customer: User, term: str) -> None:
    other = make_organization("Other Company")
    make_user("eco@other.example", organization=other, number="+14165550199")
    support_browser(client, customer)
    found = search(client, "accounts_user", term)
    assert "pro@demo.example" in found
    assert "eco@other.example" not in found


@pytest.mark.parametrize(
    "term",
    [
        "5550123",
        "416555",
        "0123",
        "416 555 0199",
        "nobody",
        "%",
        "_",
        "tremblay",
        "Camille Tremblay",
        "amille",
        "De",
    ],
)
def test_parts_names_and_strangers_find_nobody(client: Client, customer: User, term: str) -> None:
    support_browser(client, customer)
    assert "pro@demo.example" not in search(client, "accounts_user", term)


def test_licenses_are_found_by_holder_and_organization(client: Client, customer: User) -> None:
    make_user("eco@other.example", plan="eco", organization=make_organization("Other Company"))
    support_browser(client, customer)
    for term in ("pro@demo.example", "Demo Comp", "416 555 0123"):
        found = search(client, "licenses_license", term)
        assert "pro@demo.example" in found
        assert "eco@other.example" not in found
    assert "Other Company" in search(client, "accounts_organization", "other")


def test_what_is_searched_for_stands_in_no_address(client: Client, customer: User) -> None:
    support_browser(client, customer)
    answer = client.post(reverse("admin:accounts_user_search"), {"term": "pro@demo.example"})
    assert answer.status_code == 302
    assert "demo" not in answer.headers["Location"]
    page = client.get(answer.headers["Location"])
    assert 'value="pro@demo.example"' in html(page)
    assert not [target for target in ANCHOR.findall(html(page)) if "demo.example" in target or "%40" in target]


@pytest.mark.parametrize("word", ["pro@demo.example", "AAAA", "é", "=", "a" * 5000])
def test_a_made_up_search_address_finds_nothing(client: Client, customer: User, word: str) -> None:
    support_browser(client, customer)
    answer = client.get(reverse("admin:accounts_user_changelist"), {"q": word})
    assert answer.status_code == 200
    assert "Camille" not in html(answer)


def test_a_sealed_search_opens_to_what_was_typed() -> None:
    assert opened(closed("Éloïse 514")) == "Éloïse 514"
    assert opened(closed("x")[:-2]) is None


@pytest.mark.parametrize(
    "question",
    [
        "password__startswith=argon2",
        "password__contains=a",
        "cell_number_digest__isnull=0",
        "email_key__startswith=p",
        "organization__name__startswith=D",
        "sessions__key_digest__startswith=a",
        "is_staff__exact=1",
        "_connector=OR",
        "first_name=Camille",
    ],
)
def test_addresses_cannot_ask_about_other_columns(client: Client, customer: User, question: str) -> None:
    support_browser(client, customer)
    plain = client.get(reverse("admin:accounts_user_changelist"))
    asked = client.get(f"{reverse('admin:accounts_user_changelist')}?{question}")
    assert asked.status_code in (302, 400) or html(asked).count("@demo") == html(plain).count("@demo")
    if asked.status_code == 302:
        assert asked.headers["Location"].endswith("?e=1")


def test_the_list_shows_nobody_until_somebody_is_looked_for(client: Client, customer: User) -> None:
    support_browser(client)
    other = make_user("eco@other.example", organization=make_organization("Other Company"))
    people = reverse("admin:accounts_user_changelist")
    for page in (people, f"{people}?q=", f"{people}?p=1", f"{people}?o=1"):
        assert "@demo.example" not in html(client.get(page)).replace("support@demo.example", ""), page
    found = html(client.get(f"{people}?organization__id__exact={other.organization_id}"))
    assert "eco@other.example" in found
    assert "pro@demo.example" not in found


@pytest.mark.parametrize(
    "question", ["is_active__exact=1", "role_type__exact=standard_user", "two_factor_enabled__exact=0"]
)
def test_nobody_is_found_by_what_a_record_holds(client: Client, customer: User, question: str) -> None:
    support_browser(client)
    answer = client.get(f"{reverse('admin:accounts_user_changelist')}?{question}")
    assert answer.status_code == 400 or "pro@demo.example" not in html(answer)


def test_licenses_are_filtered_by_plan(client: Client, customer: User) -> None:
    support_browser(client, customer)
    licenses = reverse("admin:licenses_license_changelist")
    for code, is_found in (("pro", True), ("eco", False)):
        plan = Plan.objects.get(code=code)
        assert ("pro@demo.example" in html(client.get(f"{licenses}?plan__id__exact={plan.pk}"))) is is_found


def test_the_lists_ask_as_much_with_many_rows_as_with_few(client: Client, customer: User) -> None:
    support_browser(client, customer)
    for page in ("admin:accounts_user_changelist", "admin:licenses_license_changelist"):
        address = f"{reverse(page)}?organization__id__exact={customer.organization_id}"
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for number in range(12):
            make_user(f"{page[-14:-11]}{number}@demo.example", organization=customer.organization, plan="eco")
        with CaptureQueriesContext(connection) as many:
            client.get(address)
        assert len(many) == len(few)


def test_the_security_log_shows_one_customers_lines(client: Client, customer: User) -> None:
    other = make_user("eco@other.example")
    record(user=customer, kind=SecurityEventKind.CODE_WRONG, method="sms", actor="marker-one")
    record(user=other, kind=SecurityEventKind.CODE_WRONG, method="sms", actor="marker-two")
    support_browser(client, customer)
    page = reverse("admin:accounts_securityevent_changelist")
    shown = html(client.get(f"{page}?user__id__exact={customer.pk}"))
    assert "marker-one" in shown
    assert "marker-two" not in shown
    assert "marker" not in html(client.get(page))
    assert client.get(f"{page}?user__id__exact=x").status_code in (200, 302, 400)


def test_the_pages_of_people_who_may_not_be_here_do_not_exist(client: Client, customer: User) -> None:
    sign_in(client, customer)
    for page in record_pages(customer):
        assert client.get(page).status_code == 404, page


def test_staff_without_a_second_factor_find_nothing(client: Client, customer: User) -> None:
    sign_in(client, make_staff(two_factor=False))
    for page in record_pages(customer):
        assert client.get(page).status_code == 404, page


def test_strangers_are_led_to_the_portals_sign_in(client: Client, customer: User) -> None:
    for page in record_pages(customer):
        answer = client.get(page)
        assert answer.status_code == 302, page
        assert answer.headers["Location"].startswith(("/sign-in/?next=/", "/admin/login/?next=/"))
    assert License.objects.count() == 1


def test_the_menu_leads_support_here_and_nobody_else(client: Client, customer: User) -> None:
    support_browser(client, customer)
    entry = re.compile(rf'<a href="{reverse("admin:index")}"([^>]*)>')
    assert entry.search(html(client.get("/account/")))
    current = entry.search(html(client.get(reverse("admin:accounts_organization_changelist"))))
    assert current is not None
    assert 'aria-current="page"' in current[1]
    other = Client()
    sign_in(other, customer)
    assert not entry.search(html(other.get("/account/")))
