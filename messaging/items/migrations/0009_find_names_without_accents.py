from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("items", "0008_warn_of_what_nobody_opened")]

    operations = [
        migrations.AddField(
            "participant", "name_key", models.TextField(blank=True, default=""), preserve_default=False
        ),
    ]
