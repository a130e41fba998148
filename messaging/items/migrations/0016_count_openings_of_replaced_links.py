from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0015_tell_looks_before_openings"),
    ]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="openings_before",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
