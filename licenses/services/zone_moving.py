"""Keep the last day of licenses where their organization moves to another time zone."""

from accounts.models import Organization
from licenses.models import License
from licenses.periods import day_of, end_of_day


def move_ends(organization: Organization, old_zone: str, new_zone: str) -> None:
    """Let each license of an organization end with the same day as before, in the new zone.

    One that begins only after that day is over there ends with the day on which it begins. The caller is in a
    transaction.
    """
    # Renewing and changing a license look at its end once more, so both keep what is written here.
    licenses = list(License.objects.select_for_update().filter(organization=organization).order_by("pk"))
    for license in licenses:
        last_day = max(day_of(license.expires_at, old_zone), day_of(license.starts_at, new_zone))
        license.expires_at = end_of_day(last_day, new_zone)
    License.objects.bulk_update(licenses, ["expires_at"], batch_size=1_000)
