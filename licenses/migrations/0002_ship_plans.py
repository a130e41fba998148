"""Put the shipped plans into a new database."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from licenses.shipped import SHIPPED_PLANS


def ship_plans(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create each plan whose code is missing; an edited one stays as it is."""
    plans = apps.get_model("licenses", "Plan").objects
    for values in SHIPPED_PLANS:
        plans.get_or_create(code=values["code"], defaults=values)


class Migration(migrations.Migration):
    """Reversible: the plans stay, since licenses may hold them."""

    dependencies = [("licenses", "0001_initial")]
    operations = [migrations.RunPython(ship_plans, migrations.RunPython.noop)]
