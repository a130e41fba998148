from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0014_item_log_kept_until"),
    ]

    operations = [
        migrations.AddField(
            model_name="linkcheck",
            name="browsers",
            field=models.CharField(blank=True, default="", max_length=340),
        ),
        migrations.AddField(
            model_name="linkcheck",
            name="is_opened",
            field=models.BooleanField(default=False),
        ),
    ]
