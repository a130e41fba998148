"""Fill the bare project's database: `python -m tests.bench.bare.seed`."""

import os
from datetime import UTC, datetime, timedelta

EMAIL = "person0@example.org"
MONTH = "2026-11"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PEOPLE = 50
CALLS = 20_000


def main() -> None:
    """Make the tables and people who called; the password of the first comes from the environment."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.bare.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)  # after the tables its own refer to
    seed(os.environ["BENCH_PASSWORD"])


def seed(password: str) -> None:
    """Make the people and what hangs on them."""
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User

    from tests.bench.bare.models import Call, Habits, MonthOfCalls, Subscription, Tariff

    tariff = Tariff.objects.create(name="Everything", calls_per_month=500)
    kept = make_password(password)
    people = User.objects.bulk_create(
        User(
            username=f"person{n}@example.org",
            email=f"person{n}@example.org",
            first_name="Robin",
            last_name="Roy",
            password=kept,
        )
        for n in range(PEOPLE)
    )
    Habits.objects.bulk_create(Habits(owner=person, number="+14165550100") for person in people)
    Subscription.objects.bulk_create(
        Subscription(holder=person, tariff=tariff, ends_at=NOW + timedelta(days=300)) for person in people
    )
    MonthOfCalls.objects.bulk_create(
        MonthOfCalls(caller=person, month=f"2026-{n:02}", calls=n) for person in people for n in range(1, 12)
    )
    Call.objects.bulk_create(
        (
            Call(caller=people[n % PEOPLE], called_at=NOW - timedelta(minutes=n), about=f"Offer no. {n}")
            for n in range(CALLS)
        ),
        batch_size=5000,
    )


if __name__ == "__main__":
    main()
