"""The statistics: the month's own count, and what became of what was sent."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from licenses.models import License
from messaging.activity.access.months import MonthFigures, month_figures
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.events.sealing import seal_events
from messaging.quota.models import MonthlyCount
from messaging.quota.services.counting import take_message
from tests.cast import make_license, make_user, sign_in
from tests.messaging.items.event_log import make_item

pytestmark = pytest.mark.django_db

STATISTICS = "/account/activity/?part=statistics"
NOON = datetime(2026, 11, 15, 17, 0, tzinfo=UTC)


def license_of(user: User) -> License:
    return License.objects.select_related("plan", "holder", "organization").get(holder=user)


def figures(user: User, at: datetime) -> MonthFigures:
    return month_figures(user=user, at=at)


def tiles(page: str) -> dict[str, str]:
    month, others = page.split('id="figures-title"')
    return {f"This month: {label}": value for label, value in _tiles(month)} | dict(_tiles(others))


def _tiles(page: str) -> list[tuple[str, str]]:
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page, re.S)
    return [(label, " ".join(re.sub(r"<[^>]+>", " ", value).replace("\xa0", " ").split())) for label, value in found]


def rows(page: str) -> list[str]:
    """Return the words of the rows of the tables below the charts."""
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<tr>(.*?)</tr>", page, re.S)]


def test_it_shows_what_the_license_took_this_month(client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        user = make_user("pro@demo.example", plan="pro", time_zone="America/Toronto")
        sign_in(client, user)
        take_message(license=license_of(user), at=NOON, cost=1_188)
        page = client.get(STATISTICS).content.decode()
    shown = tiles(page)
    assert shown["This month: Messages sent"] == "1,188 of 5,000"
    assert shown["This month: Last message sent"].startswith("November 15, 2026, 12:00")
    assert '<time datetime="2026-11-01T04:00:00Z">November 1, 2026' in page
    assert '<time datetime="2026-12-01T05:00:00Z">December 1, 2026' in page


def test_before_the_first_message_everything_is_zero(client: Client) -> None:
    sign_in(client, make_user("eco@demo.example", plan="eco"))
    shown = tiles(client.get(STATISTICS).content.decode())
    assert shown == {
        "This month: Messages sent": "0 of 200",
        "This month: Last message sent": "None yet",
        "Messages sent": "0 before: 0",
        "Files": "0 before: 0",
        "Size": "0 bytes before: 0 bytes",
        "Openings": "0 before: 0",
        "Replies": "0 before: 0",
        "Deliveries": "0 before: 0",
        "Signatures": "0 before: 0",
        "Wrong codes": "0 before: 0",
    }


def test_without_a_license_it_says_so(client: Client) -> None:
    sign_in(client, make_user("free@demo.example"))
    shown = tiles(client.get(STATISTICS).content.decode())
    assert shown["This month: Messages sent"] == "0 without a license nothing is sent"


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


def test_it_adds_up_what_was_sent_and_what_became_of_it(client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        user = make_user("pro@demo.example", plan="pro", time_zone="America/Toronto")
        sign_in(client, user)
        item = make_item(user, sent_at=NOON - timedelta(days=40))
        for days in (0, 0, 3, 29, 30, 45):
            record(
                kind=EventKind.SENT, item=item, facts={"files": 2, "size_bytes": 500}, at=NOON - timedelta(days=days)
            )
        record(kind=EventKind.OPENED, item=item, facts={"link": 1}, at=NOON)
        seal_events(organization_id=item.organization_id)
        page = client.get(STATISTICS).content.decode()
        by_month = client.get(f"{STATISTICS}&by=month").content.decode()
    shown = tiles(page)
    assert shown["Messages sent"] == "4 before: 2"
    assert shown["Files"] == "8 before: 4"
    assert shown["Size"] == "2 KB before: 1 KB"
    assert shown["Openings"] == "1 before: 0"
    assert tiles(by_month)["Messages sent"] == "6 before: 0"


def test_months_are_named_by_their_names(client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        sign_in(client, make_user("pro@demo.example", plan="pro", time_zone="America/Toronto"))
        page = client.get(f"{STATISTICS}&by=month").content.decode()
    assert rows(page)[:2] == ["Month This period The period before", "November 2026 0 0"]
    assert "November 1, 2026" not in page.split('id="figures-title"')[1]


def test_each_chart_has_its_numbers_in_a_table(client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        user = make_user("pro@demo.example", plan="pro", time_zone="America/Toronto")
        sign_in(client, user)
        record(kind=EventKind.SENT, item=make_item(user), facts={"files": 2}, at=NOON)
        seal_events(organization_id=user.organization_id or 0)
        page = client.get(STATISTICS).content.decode()
    assert page.count('role="img"') == page.count('<details class="disclosure') == 2
    assert rows(page)[:2] == ["Day This period The period before", "November 15, 2026 1 0"]
    assert "Messages sent: between 0 and 1. The table below holds the numbers." in page
    assert not re.search(r"\sstyle=", page)


@pytest.mark.parametrize("by", ["", "year", "day'--", "%00"])
def test_a_period_that_is_not_offered_is_thirty_days(client: Client, by: str) -> None:
    sign_in(client, make_user("eco@demo.example", plan="eco"))
    assert 'aria-current="true">30 days' in client.get(f"{STATISTICS}&by={by}").content.decode()
