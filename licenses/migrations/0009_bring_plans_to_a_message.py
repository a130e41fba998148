"""Give each plan at least one message a month, so that this can be held."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def bring_to_a_message(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give one message a month where a plan has none."""
    apps.get_model("licenses", "Plan").objects.filter(messages_per_month=0).update(messages_per_month=1)


class Migration(migrations.Migration):
    """Reversible: the numbers stay where they are."""

    dependencies = [("licenses", "0008_plans_can_be_added")]
    operations = [migrations.RunPython(bring_to_a_message, migrations.RunPython.noop)]
