"""Write a user whose address may have been taken by somebody else at this moment."""

from django.db import IntegrityError, transaction

from accounts.errors import AddressTaken
from accounts.models import User


def save_with_address(*, user: User) -> None:
    """Save a user, new or changed.

    Raises:
        AddressTaken: another account has the address; nothing was written.
    """
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise AddressTaken from None
