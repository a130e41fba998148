from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the table of drafts one of every kind of item; the rows there are become those of messages."""

    dependencies = [("secure_messages", "0002_keep_drafts")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="kind",
            field=models.CharField(max_length=20, default="message"),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="draft", name="secure_messages_draft_once"),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(fields=["owner", "form_key"], name="items_draft_once"),
        ),
        migrations.RemoveIndex(model_name="draft", name="secure_messages_draft_of_owner"),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["owner", "kind", "-changed_at", "-id"], name="items_draft_of_owner"),
        ),
        migrations.RenameIndex(
            model_name="draft", old_name="secure_messages_draft_to_seal", new_name="items_draft_to_seal"
        ),
        migrations.RenameIndex(
            model_name="draft", old_name="secure_messages_draft_to_drop", new_name="items_draft_to_drop"
        ),
        migrations.AlterModelTable(name="draft", table="items_draft"),
        # What it is from here on is known to the items: 0012_take_drafts_over.
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="Draft")]),
    ]
