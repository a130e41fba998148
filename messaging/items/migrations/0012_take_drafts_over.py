import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Know the drafts, whose table has its name already: nothing changes in the database."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("items", "0011_keep_what_organizations_keep"),
        # Where drafts were before they were of every kind: behind it the table is there, with its rows.
        ("secure_messages", "0003_hand_drafts_to_items"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Draft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=20)),
                        ("form_key", models.UUIDField()),
                        ("whole_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("changed_at", models.DateTimeField()),
                        ("sealed", models.BinaryField()),
                        ("key_sealed", models.BinaryField(max_length=80)),
                        ("key_sealed_on", models.DateField()),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="drafts",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["owner", "kind", "-changed_at", "-id"], name="items_draft_of_owner"),
                            models.Index(fields=["key_sealed_on"], name="items_draft_to_seal"),
                            models.Index(fields=["changed_at"], name="items_draft_to_drop"),
                        ],
                        "constraints": [models.UniqueConstraint(fields=("owner", "form_key"), name="items_draft_once")],
                    },
                ),
            ],
        ),
    ]
