from typing import Any

from django.core.management import CommandError
from django.db import migrations

from accounts.models import fold_email


def fold_domains(apps: Any, schema_editor: Any) -> None:
    """Fold anew the addresses whose domain is beyond ASCII.

    Raises:
        CommandError: two accounts would have one address.
    """
    users = apps.get_model("accounts", "User").objects
    for user in [user for user in users.only("email", "email_key").order_by("pk") if not user.email_key.isascii()]:
        key = fold_email(user.email)
        other = users.filter(email_key=key).exclude(pk=user.pk).first()
        if other is not None:
            raise CommandError(
                f"Users {user.pk} and {other.pk} have one address, its domain written in two ways. With the release"
                " before, give one of them another address; then migrate again."
            )
        users.filter(pk=user.pk).update(email_key=key)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_networks_stay_of_old_addresses")]

    operations = [migrations.RunPython(fold_domains, migrations.RunPython.noop)]
