"""Move the numbers of plans that lie beyond their ranges to the nearest end, so that the ranges can be held."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

GB = 1_000_000_000
RANGES = {
    "price_cents": (0, 100_000_000),
    "messages_per_month": (0, 1_000_000),
    "attachments_bytes": (0, 100 * GB),
    "files_per_send": (0, 1_000),
    "recipients_per_message": (1, 1_000),
    "open_envelopes": (0, 100_000),
    "signers_per_request": (0, 1_000),
    "longest_life_days": (1, 365),
    "stored_bytes": (0, 100_000 * GB),
    "sends_per_hour": (1, 100_000),
    "recipients_per_hour": (1, 1_000_000),
}


def bring_into_range(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Move each number beyond its range to the nearest end."""
    plans = apps.get_model("licenses", "Plan").objects
    for name, (least, most) in RANGES.items():
        plans.filter(**{f"{name}__lt": least}).update(**{name: least})
        plans.filter(**{f"{name}__gt": most}).update(**{name: most})


class Migration(migrations.Migration):
    """Reversible: the numbers stay where they are."""

    dependencies = [("licenses", "0004_names_for_support")]
    operations = [migrations.RunPython(bring_into_range, migrations.RunPython.noop)]
