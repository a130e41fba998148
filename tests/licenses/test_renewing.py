"""A license of a plan without a price goes on by itself: at its end, once, in its organization's calendar."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import SecurityEvent, User
from core.db import database_now
from licenses.models import License, Plan
from licenses.services.renewing import renew, renew_what_ended
from tests.cast import make_license, make_organization, make_user
from tests.races import on_threads

RENEWED = "license:period:renewed"


def end(zone: str, year: int, month: int, day: int) -> datetime:
    """Return the last second of a day in a zone."""
    return datetime(year, month, day, 23, 59, 59, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def held(expires_at: datetime, *, zone: str = "America/Toronto", plan: str = "eco") -> License:
    user = make_user("eco@demo.example", organization=make_organization(time_zone=zone))
    make_license(user, plan, expires_at=expires_at)
    return License.objects.select_related("plan", "organization").get()


def lines(user: User | None) -> list[datetime]:
    return list(SecurityEvent.objects.filter(user=user, kind=RENEWED).values_list("at", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "ended_on", "goes_on_to"),
    [
        ("America/Toronto", (2026, 3, 8), (2027, 3, 8)),
        ("Europe/Paris", (2026, 10, 25), (2027, 10, 25)),
        ("Pacific/Kiritimati", (2026, 6, 1), (2027, 6, 1)),
        ("Pacific/Honolulu", (2026, 6, 1), (2027, 6, 1)),
        ("Asia/Kathmandu", (2028, 2, 29), (2029, 2, 28)),
    ],
)
def test_the_next_period_ends_on_the_same_day_of_the_zone(
    zone: str, ended_on: tuple[int, ...], goes_on_to: tuple[int, ...]
) -> None:
    license = held(end(zone, *ended_on), zone=zone)
    last = license.expires_at
    assert not License.objects.filter(pk=license.pk, expires_at__lte=last - timedelta(seconds=1)).exists()
    assert renew(license, last)
    license.refresh_from_db()
    assert (license.starts_at, license.expires_at) == (last, end(zone, *goes_on_to))
    assert lines(license.holder) == [last]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old_zone", "zone"), [("America/Toronto", "Europe/Paris"), ("Pacific/Kiritimati", "Pacific/Honolulu")]
)
def test_a_new_zone_of_the_organization_counts_from_the_renewal_on(old_zone: str, zone: str) -> None:
    license = held(end(old_zone, 2026, 3, 2), zone=zone)
    renew(license, license.expires_at)
    license.refresh_from_db()
    local = license.expires_at.astimezone(ZoneInfo(zone))
    assert local.time().isoformat() == "23:59:59"
    assert timedelta(days=364) < license.expires_at - license.starts_at < timedelta(days=367)


@pytest.mark.django_db
def test_a_month_that_began_on_the_last_day_ends_on_the_last_day_of_a_shorter_one() -> None:
    license = held(end("UTC", 2026, 1, 31), zone="UTC")
    Plan.objects.filter(code="eco").update(period_unit="month")
    license.plan.refresh_from_db()
    renew(license, license.expires_at)
    license.refresh_from_db()
    assert license.expires_at == end("UTC", 2026, 2, 28)


@pytest.mark.django_db
def test_the_worker_renews_what_ended_and_nothing_else() -> None:
    assert "licenses.services.renewing.renew_what_ended" in settings.WORKER_STEPS
    assert callable(import_string("licenses.services.renewing.renew_what_ended"))
    now = database_now()
    ended = held(now - timedelta(hours=1))
    going_on = make_license(make_user("b@demo.example"), "eco", expires_at=now + timedelta(hours=1))
    others = {
        "trial": make_license(make_user("c@demo.example"), "trial", expires_at=now - timedelta(hours=1)),
        "suspended": make_license(
            make_user("d@demo.example"), "eco", expires_at=now - timedelta(hours=1), is_suspended=True
        ),
        "paid": make_license(make_user("e@demo.example"), "pro", expires_at=now - timedelta(hours=1)),
    }
    Plan.objects.filter(code="pro").update(price_cents=1)
    assert renew_what_ended() is False
    for untouched in (going_on, *others.values()):
        assert License.objects.get(pk=untouched.pk).expires_at == untouched.expires_at
    assert License.objects.get(pk=ended.pk).expires_at > now + timedelta(days=300)
    assert renew_what_ended() is False
    assert len(lines(ended.holder)) == SecurityEvent.objects.filter(kind=RENEWED).count() == 1


@pytest.mark.django_db
def test_a_free_license_goes_on_too() -> None:
    license = held(database_now() - timedelta(hours=1))
    License.objects.update(holder=None)
    renew_what_ended()
    assert License.objects.get(pk=license.pk).expires_at > database_now()
    assert not SecurityEvent.objects.filter(kind=RENEWED).exists()


@pytest.mark.django_db
def test_after_years_without_a_worker_the_license_goes_on_in_the_present_period() -> None:
    license = held(database_now() - timedelta(days=3 * 365 + 10))
    renew_what_ended()
    license.refresh_from_db()
    assert license.starts_at <= database_now() < license.expires_at
    assert len(lines(license.holder)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"is_suspended": True}, {"expires_at": datetime(2040, 1, 1, tzinfo=UTC)}])
def test_what_support_changed_meanwhile_wins(change: dict[str, object]) -> None:
    license = held(database_now() - timedelta(hours=1))
    License.objects.update(**change)
    assert not renew(license, database_now())
    kept = License.objects.get()
    assert {name: getattr(kept, name) for name in change} == change
    assert not lines(kept.holder)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_workers_one_renews() -> None:
    license = held(database_now() - timedelta(hours=1))
    now = database_now()
    assert sorted(on_threads(2, lambda _number: renew(license, now))) == [False, True]
    assert len(lines(license.holder)) == 1
