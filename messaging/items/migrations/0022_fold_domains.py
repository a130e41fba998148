from collections.abc import Iterator
from typing import Any

from django.db import migrations

from accounts.models import fold_email

ROWS_A_BATCH = 1_000


def fold_domains(apps: Any, schema_editor: Any) -> None:
    """Fold anew the addresses whose domain is beyond ASCII."""
    participants = apps.get_model("items", "Participant").objects
    for batch in _batches(participants.exclude(email="")):
        changed = [participant for participant in batch if not participant.email_key.isascii()]
        for participant in changed:
            participant.email_key = fold_email(participant.email)
        participants.bulk_update(changed, ["email_key"])


def _batches(participants: Any) -> Iterator[list[Any]]:
    done = 0
    while batch := list(participants.filter(pk__gt=done).only("email", "email_key").order_by("pk")[:ROWS_A_BATCH]):
        yield batch
        done = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("items", "0021_count_automatic_checks")]

    operations = [migrations.RunPython(fold_domains, migrations.RunPython.noop)]
