from collections.abc import Iterator
from typing import Any

from django.db import migrations

from core.folding import folded

ROWS_A_BATCH = 1_000


def fold_names(apps: Any, schema_editor: Any) -> None:
    """Fold the names that are there already."""
    participants = apps.get_model("items", "Participant").objects.exclude(name="")
    for batch in _batches(participants):
        for participant in batch:
            participant.name_key = folded(participant.name)
        participants.bulk_update(batch, ["name_key"])


def _batches(participants: Any) -> Iterator[list[Any]]:
    done = 0
    while batch := list(participants.filter(pk__gt=done).only("name").order_by("pk")[:ROWS_A_BATCH]):
        yield batch
        done = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("items", "0009_find_names_without_accents")]

    operations = [migrations.RunPython(fold_names, migrations.RunPython.noop)]
