from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0016_count_openings_of_replaced_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="return",
            name="unread_warned_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="return",
            index=models.Index(
                condition=Q(read_at=None, shredded_at=None, unread_warned_at=None),
                fields=["expires_at"],
                name="items_return_to_warn_of",
            ),
        ),
    ]
