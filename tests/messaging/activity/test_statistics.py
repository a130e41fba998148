"""The statistics: the month's own count, and honest zeros for what is not recorded yet."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from licenses.models import License
from messaging.activity.access.months import MonthFigures, month_figures
from messaging.quota.models import MonthlyCount
from messaging.quota.services.counting import take_message
from tests.cast import make_license, make_user, sign_in

pytestmark = pytest.mark.django_db

STATISTICS = "/account/activity/?part=statistics"
NOON = datetime(2026, 11, 15, 17, 0, tzinfo=UTC)


def license_of(user: User) -> License:
    return License.objects.select_related("plan", "holder", "organization").get(holder=user)


def figures(user: User, at: datetime) -> MonthFigures:
    return month_figures(user=user, held=license_of(user), at=at)


def tiles(page: str) -> dict[str, str]:
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page, re.S)
    return {label: " ".join(re.sub(r"<[^>]+>", " ", value).split()) for label, value in found}


def test_it_shows_what_the_license_took_this_month(client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        user = make_user("pro@demo.example", plan="pro", time_zone="America/Toronto")
        sign_in(client, user)
        take_message(license=license_of(user), at=NOON, cost=1_188)
        page = client.get(STATISTICS).content.decode()
    shown = tiles(page)
    assert shown["Messages sent"] == "1,188 of 5,000"
    assert shown["Last message sent"].startswith("November 15, 2026, 12:00")
    assert '<time datetime="2026-11-01T04:00:00Z">November 1, 2026' in page
    assert '<time datetime="2026-12-01T05:00:00Z">December 1, 2026' in page


def test_before_the_first_message_everything_is_zero(client: Client) -> None:
    sign_in(client, make_user("eco@demo.example", plan="eco"))
    shown = tiles(client.get(STATISTICS).content.decode())
    assert shown == {
        "Messages sent": "0 of 200",
        "Last message sent": "None yet",
        "Files": "0",
        "Openings": "0",
        "Replies": "0",
        "Signatures": "0",
        "Wrong codes": "0",
    }


def test_without_a_license_it_says_so(client: Client) -> None:
    sign_in(client, make_user("free@demo.example"))
    shown = tiles(client.get(STATISTICS).content.decode())
    assert shown["Messages sent"] == "0 without a license nothing is sent"


def test_the_month_before_counts_no_more_but_its_last_message_is_remembered() -> None:
    user = make_user("pro@demo.example", time_zone="America/Toronto")
    make_license(user, "pro", expires_at=NOON + timedelta(days=90))
    take_message(license=license_of(user), at=NOON - timedelta(days=30), cost=7)
    found = figures(user, NOON)
    assert (found.used, found.last_sent_at) == (0, NOON - timedelta(days=30))
    assert found.starts_at == datetime(2026, 11, 1, 4, tzinfo=UTC)


def test_the_last_message_is_the_newest_of_all_months() -> None:
    user = make_user("pro@demo.example", time_zone="America/Toronto")
    make_license(user, "pro", expires_at=NOON + timedelta(days=90))
    for days in (60, 30, 0):
        take_message(license=license_of(user), at=NOON - timedelta(days=days))
    found = figures(user, NOON)
    assert (found.used, found.last_sent_at) == (1, NOON)


def test_a_zone_changed_within_the_month_leaves_the_month_as_it_began() -> None:
    user = make_user("pro@demo.example", time_zone="America/Toronto")
    make_license(user, "pro", expires_at=NOON + timedelta(days=90))
    take_message(license=license_of(user), at=NOON)
    user.time_zone = "Asia/Tokyo"
    assert figures(user, NOON).starts_at == datetime(2026, 11, 1, 4, tzinfo=UTC)


def test_after_a_move_westwards_the_month_begins_where_the_last_one_ended() -> None:
    user = make_user("pro@demo.example", time_zone="Asia/Tokyo")
    make_license(user, "pro", expires_at=NOON + timedelta(days=90))
    take_message(license=license_of(user), at=NOON)
    ended_at = MonthlyCount.objects.get().resets_at
    user.time_zone = "America/Vancouver"
    # In Vancouver it is still November when the month of Tokyo is over.
    found = figures(user, ended_at + timedelta(hours=1))
    assert (found.starts_at, found.used) == (ended_at, 0)
    assert found.resets_at > found.starts_at


def test_the_figures_of_another_license_are_not_mixed_in() -> None:
    user, other = (make_user(f"{name}@demo.example", plan="pro") for name in ("one", "other"))
    take_message(license=license_of(other), at=NOON, cost=5)
    found = figures(user, NOON)
    assert (found.used, found.last_sent_at) == (0, None)
