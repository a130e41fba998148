from django.db import migrations, models


class Migration(migrations.Migration):
    """Let a sender ask for at least one file in a reply."""

    dependencies = [("secure_messages", "0003_hand_drafts_to_items")]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="reply_kind",
            field=models.CharField(
                choices=[
                    ("none", "No reply"),
                    ("text", "Text"),
                    ("files", "Text and files"),
                    ("needed", "Text and files, at least one file"),
                ],
                max_length=10,
            ),
        ),
    ]
