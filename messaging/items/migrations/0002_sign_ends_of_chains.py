from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="chainhead",
            name="tag",
            field=models.BinaryField(default=b"", max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="eventperson",
            name="shortened_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="eventperson",
            name="at",
            field=models.DateTimeField(),
        ),
        migrations.AddIndex(
            model_name="eventperson",
            index=models.Index(
                condition=models.Q(("shortened_at", None)), fields=["at"], name="items_person_to_shorten"
            ),
        ),
        migrations.AddIndex(
            model_name="eventperson",
            index=models.Index(
                condition=models.Q(("shortened_at__isnull", False)), fields=["at"], name="items_person_shortened"
            ),
        ),
    ]
