"""Give a license to a person, and take it back. Nothing of the person's logs goes with it."""

from django.db import IntegrityError, transaction

from accounts.models import User
from licenses.errors import AlreadyLicensed, HolderRefused
from licenses.models import License


def assign_license(*, license: License, holder: User) -> License:
    """Make a person the holder of a license; a former holder loses it in the same moment.

    Raises:
        HolderRefused: the person is suspended or of another organization.
        AlreadyLicensed: the person holds another license.
    """
    if not holder.is_active or holder.organization_id != license.organization_id:
        raise HolderRefused
    try:
        with transaction.atomic():
            License.objects.filter(pk=license.pk).update(holder=holder)
    except IntegrityError:
        # The database holds that nobody has two: also when two requests give out licenses at once.
        raise AlreadyLicensed from None
    license.refresh_from_db()
    return license


def release_license(*, license: License) -> License:
    """Take a license back from its holder; it is free again."""
    License.objects.filter(pk=license.pk).update(holder=None)
    license.refresh_from_db()
    return license
