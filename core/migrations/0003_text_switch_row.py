"""The one row of the text-message switch: everything is on until somebody switches it off."""

from typing import Any

from django.db import migrations


def make_row(apps: Any, schema_editor: Any) -> None:
    """Make the row that the support page edits."""
    apps.get_model("core", "TextSwitch").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_text_switch_and_country_stops"),
    ]

    # Backwards the row goes with its table.
    operations = [migrations.RunPython(make_row, migrations.RunPython.noop)]
