"""What the tables of accounts forget, by themselves and in time."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import limits
from accounts.choices import SecurityEventKind
from accounts.models import KnownBrowser, PendingChange, SecurityEvent, Session
from accounts.services import pending_changes
from accounts.services.security_log import record
from accounts.visitors import Visitor
from core.retention import forget_what_is_over
from tests.cast import make_user, sign_in

pytestmark = pytest.mark.django_db

VISITOR = Visitor(ip_address="127.0.0.1", network="127.0.0.0/24", browser="", known_browser="")


def test_live_sessions_and_browsers_stay_and_ended_ones_go(client: Client) -> None:
    sign_in(client, make_user("a@demo.example"))
    forget_what_is_over(timezone.now())
    assert (Session.objects.exists(), KnownBrowser.objects.exists()) == (True, True)
    forget_what_is_over(timezone.now() + timedelta(days=181))
    assert (Session.objects.exists(), KnownBrowser.objects.exists()) == (False, False)


def test_the_security_log_is_kept_for_its_period() -> None:
    record(user=make_user("a@demo.example"), kind="account:session:begun")  # type: ignore[arg-type]
    forget_what_is_over(timezone.now() + timedelta(days=399))
    assert SecurityEvent.objects.count() == 1
    forget_what_is_over(timezone.now() + timedelta(days=401))
    assert SecurityEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.9", "203.0.113.0/24"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("", "")],
)
def test_old_lines_of_the_security_log_keep_the_network_alone(client: Client, address: str, network: str) -> None:
    user = make_user("a@demo.example")
    visitor = Visitor(
        ip_address=address, network="", browser="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0", known_browser=""
    )
    record(user=user, kind=SecurityEventKind.PASSWORD_WRONG, visitor=visitor)
    forget_what_is_over(timezone.now() + timedelta(days=89))
    line = SecurityEvent.objects.get()
    assert (line.ip_address or "", line.browser) == (address, visitor.browser)
    for _ in range(2):
        forget_what_is_over(timezone.now() + timedelta(days=91))
        line.refresh_from_db()
        assert (line.ip_address, line.network, line.browser) == (None, network, "")
    sign_in(client, user)
    assert network in client.get(reverse("accounts:security")).content.decode()


def test_more_lines_than_one_pass_takes_are_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SHORTENED_A_PASS", 2)
    user = make_user("a@demo.example")
    for _ in range(5):
        record(user=user, kind=SecurityEventKind.PASSWORD_WRONG, visitor=VISITOR)
    forget_what_is_over(timezone.now() + timedelta(days=91))
    assert set(SecurityEvent.objects.values_list("ip_address", "network")) == {(None, "127.0.0.0/24")}


def test_a_dropped_number_goes_before_the_word_that_it_was_dropped() -> None:
    user = make_user("a@demo.example")
    pending_changes.propose(user=user, number="+15145550123", settings={}, in_force={}, visitor=VISITOR)
    forget_what_is_over(timezone.now() + timedelta(hours=23))
    assert PendingChange.objects.get().number_sealed is not None
    forget_what_is_over(timezone.now() + timedelta(hours=25))
    assert PendingChange.objects.get().number_sealed is None
    forget_what_is_over(timezone.now() + timedelta(days=31))
    assert not PendingChange.objects.exists()
