"""One's own security: proofs and the security log; the browsers have a file of their own."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import SecurityEventKind
from accounts.methods import METHODS
from accounts.models import RecoveryCode, SecurityEvent, User
from accounts.services.recovery_codes import make_recovery_codes
from accounts.services.security_log import record
from accounts.visitors import Visitor
from tests.accounts.steps import browser_elsewhere, let_proof_grow_old
from tests.cast import make_user, prove_number, sign_in

pytestmark = pytest.mark.django_db

SECURITY = "/account/security/"
MAKE_CODES = "/account/security/factors/recovery-codes/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
HOME = Visitor(ip_address="203.0.113.24", network="203.0.113.0/24", browser=FIREFOX, known_browser="")


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def page_of(client: Client) -> str:
    answer = client.get(SECURITY)
    assert answer.status_code == 200
    return str(answer.content.decode())


def tables(page: str) -> list[list[list[str]]]:
    """Return the rows of each table, as words."""
    return [
        [
            [words(cell) for cell in re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.S)]
            for row in body.split("</tr>")
            if "<td" in row
        ]
        for body in re.findall(r"<tbody[^>]*>(.*?)</tbody>", page, re.S)
    ]


@pytest.fixture
def person(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    return user


def test_addresses_are_those_of_their_names() -> None:
    assert [reverse(f"accounts:{name}") for name in ("security", "recovery_codes_make")] == [SECURITY, MAKE_CODES]


def test_without_number_and_2fa_it_says_so(client: Client, person: User) -> None:
    text = words(page_of(client))
    assert "Cell number None" in text
    assert "The password alone signs you in Off" in text
    assert "They are made when 2FA is turned on." in text
    assert MAKE_CODES not in page_of(client)


def test_a_number_is_masked_and_says_whether_it_is_confirmed(client: Client, person: User) -> None:
    prove_number(person, "+15145550123")
    page = page_of(client)
    assert "0123 Confirmed" in words(page)
    assert "5145550123" not in page
    assert "514" not in words(page)
    person.keep_cell_number("+15145550123", proven_at=None)
    person.save()
    assert "0123 Not confirmed" in words(page_of(client))


def test_with_2fa_it_counts_the_codes_that_are_left(client: Client) -> None:
    user = make_user("safe@demo.example", two_factor=True)
    sign_in(client, user)
    make_recovery_codes(user=user, visitor=HOME)
    RecoveryCode.objects.filter(pk__in=RecoveryCode.objects.order_by("pk")[:3]).update(used_at=timezone.now())
    page = page_of(client)
    assert "A code by text is asked at each sign-in On" in words(page)
    assert "7 unused codes of 10" in words(page)
    assert f'action="{MAKE_CODES}"' in page


def test_making_codes_anew_shows_ten_and_ends_the_old_ones(client: Client) -> None:
    user = make_user("safe@demo.example", two_factor=True)
    sign_in(client, user)
    make_recovery_codes(user=user, visitor=HOME)
    before = set(RecoveryCode.objects.values_list("pk", flat=True))
    answer = client.post(MAKE_CODES)
    assert len(set(re.findall(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b", answer.content.decode()))) == 10
    after = set(RecoveryCode.objects.values_list("pk", flat=True))
    assert len(after) == 10
    assert not before & after


def test_codes_are_made_only_with_a_fresh_proof_and_2fa(client: Client, person: User) -> None:
    assert client.post(MAKE_CODES).headers["Location"] == SECURITY
    let_proof_grow_old(client)
    assert client.post(MAKE_CODES).headers["Location"] == "/account/security/confirm/?next=%2Faccount%2Fsecurity%2F"
    assert not RecoveryCode.objects.exists()


def test_links_lead_to_where_password_number_and_address_are_changed(client: Client, person: User) -> None:
    page = page_of(client)
    for target in (
        reverse("accounts:password_change"),
        reverse("accounts:email_change"),
        "/account/#cell_number",
        "/account/#two_factor_enabled",
    ):
        assert f'href="{target}"' in page, target


def test_the_log_says_when_what_how_and_from_where(client: Client, person: User) -> None:
    record(user=person, kind=SecurityEventKind.CODE_WRONG, visitor=HOME, method="sms")
    record(user=person, kind=SecurityEventKind.SUPPORT_CHANGED, actor="support@demo.example")
    record(user=make_user("other@demo.example"), kind=SecurityEventKind.PASSWORD_CHANGED, visitor=HOME)
    SecurityEvent.objects.filter(kind=SecurityEventKind.CODE_WRONG).update(
        at=datetime(2026, 1, 15, 15, 30, 7, tzinfo=UTC)
    )
    (log,) = tables(page_of(client))
    assert [line[0] for line in log] == ["Changed by support by support@demo.example", "Signed in", "Wrong code"]
    assert log[0][2:] == ["–", "–", "–"]
    assert log[2][1].startswith("January 15, 2026, 10:30:07")
    assert log[2][2:] == ["Code by text message", "203.0.113.24", "Firefox on Windows"]


def test_only_the_newest_fifty_lines_are_shown(client: Client, person: User) -> None:
    now = timezone.now()
    SecurityEvent.objects.bulk_create(
        SecurityEvent(user=person, at=now - timedelta(minutes=minute), kind=SecurityEventKind.CODE_SENT)
        for minute in range(60)
    )
    (log,) = tables(page_of(client))
    assert len(log) == 50


def test_what_a_browser_says_of_itself_is_never_repeated(client: Client, person: User) -> None:
    record(
        user=person,
        kind=SecurityEventKind.PASSWORD_WRONG,
        visitor=Visitor(ip_address="", network="", browser="Call 1-900-SCAM now", known_browser=""),
    )
    assert "SCAM" not in page_of(client)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_every_method_that_is_written_down_has_words(client: Client, person: User, method: str) -> None:
    record(user=person, kind=SecurityEventKind.CODE_SENT, visitor=HOME, method=method)
    (log,) = tables(page_of(client))
    assert log[0][2] == str(METHODS[method])


def test_the_page_costs_as_many_queries_with_many_rows(client: Client, django_assert_max_num_queries: object) -> None:
    user = make_user("safe@demo.example", plan="pro", two_factor=True)
    sign_in(client, user)
    for number in range(30):
        browser_elsewhere(user, f"{number:043d}")
        record(user=user, kind=SecurityEventKind.CODE_SENT, visitor=HOME)
    client.get(SECURITY)
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        client.get(SECURITY)


def test_a_stranger_is_led_to_the_sign_in_page(client: Client) -> None:
    for address in (SECURITY, reverse("accounts:password_change")):
        assert client.get(address).headers["Location"] == f"/sign-in/?next={address}"
