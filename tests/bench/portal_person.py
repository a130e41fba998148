"""Make the person as whom the portal's pages are asked: `python -m tests.bench.portal_person`."""

import os

EMAIL = "pro@demo.example"
MESSAGES_SENT = 188


def main() -> None:
    """Make a person with every feature and 2FA off; the password comes from the environment."""
    import django

    django.setup()
    from django.utils import timezone

    from licenses.models import License
    from messaging.quota.services.counting import take_message
    from tests.cast import NUMBER, make_user

    person = make_user(
        EMAIL,
        plan="pro",
        password=os.environ["BENCH_PASSWORD"],
        number=NUMBER,
        first_name="Camille",
        last_name="Tremblay",
    )
    license_held = License.objects.select_related("plan", "holder").get(holder=person)
    take_message(license=license_held, at=timezone.now(), cost=MESSAGES_SENT)


if __name__ == "__main__":
    main()
