"""Sample cases of support, for pictures and journeys: customers who need help, and a country that has stopped."""

from datetime import timedelta

from django.db import transaction

from accounts.models import Organization, User, fold_email
from accounts.services.organizations import Person, create_user, vouch_for_number
from accounts.services.password_reset import welcome
from core.db import database_now
from core.models.sms import Text
from core.sms.limits import COUNTRY_STOPS_ABOVE_TEXTS
from core.sms.numbers import number_digest
from core.sms.stops import watch_countries
from portal.demo.people import COMPANY

NEWCOMER = Person("newcomer@demo.example", "Aïcha", "Benali")
GUARDED = Person("guarded@demo.example", "Nicolas", "Bergeron")
GUARDED_NUMBER = "+15145550163"
SAMPLE = "sample-"
STOPPED_REGION, STOPPED_NUMBER = "GB", "+447700900123"
AGE = timedelta(minutes=10)
KEPT = timedelta(days=1)


def make_support_samples() -> dict[str, str]:
    """Make somebody without a first password, somebody with 2FA, and a country of whose codes none was typed.

    Made again, the people are the same; the country stops anew, since a stop ends with its hour.

    Returns:
        The two addresses: of the `newcomer`, and of who is `guarded`.
    """
    with transaction.atomic():
        if not User.objects.filter(email_key=fold_email(NEWCOMER.email)).exists():
            _make_people()
        _stop_country()
    return {"newcomer": NEWCOMER.email, "guarded": GUARDED.email}


def _make_people() -> None:
    company = Organization.objects.get(users__email_key=fold_email(COMPANY.people[0].email))
    welcome(user=create_user(organization=company, person=NEWCOMER))
    guarded = create_user(organization=company, person=GUARDED)
    vouch_for_number(user=guarded, cell_number=GUARDED_NUMBER)
    User.objects.filter(pk=guarded.pk).update(two_factor_enabled=True)


def _stop_country() -> None:
    """Let many codes have gone to a country that were never typed, and the watch see it."""
    now = database_now()
    sent_at = now - AGE
    Text.objects.filter(provider_id__startswith=SAMPLE).delete()
    Text.objects.bulk_create(
        Text(
            purpose="sign-in",
            region=STOPPED_REGION,
            number_digest=number_digest(STOPPED_NUMBER),
            state=Text.State.DELIVERED,
            provider_id=f"{SAMPLE}{number}",
            created_at=sent_at,
            updated_at=sent_at,
            expires_at=now + KEPT,
        )
        for number in range(COUNTRY_STOPS_ABOVE_TEXTS + 1)
    )
    watch_countries(now)
