import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_names_for_support"),
    ]

    operations = [
        # Without a value and without uniqueness for now: the next migration gives each row a handle of its own.
        migrations.AddField(
            model_name="knownbrowser", name="handle", field=models.UUIDField(default=uuid.uuid4, null=True)
        ),
        migrations.AddField(
            model_name="knownbrowser",
            name="name",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="knownbrowser",
            name="agent",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="knownbrowser",
            name="network",
            field=models.CharField(blank=True, default="", max_length=50),
            preserve_default=False,
        ),
        migrations.AddField(model_name="knownbrowser", name="first_seen_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="knownbrowser", name="signed_in_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="session",
            name="known_browser",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sessions",
                to="accounts.knownbrowser",
            ),
        ),
    ]
