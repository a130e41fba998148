import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_names_for_support"),
        ("licenses", "0003_names"),
    ]

    operations = [
        migrations.AlterField(
            model_name="license",
            name="is_suspended",
            field=models.BooleanField(default=False, verbose_name="suspended"),
        ),
        migrations.AlterField(
            model_name="license",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="licenses",
                to="accounts.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AlterField(
            model_name="license",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="licenses",
                to="licenses.plan",
                verbose_name="plan",
            ),
        ),
        migrations.AlterField(
            model_name="plan",
            name="code",
            field=models.SlugField(max_length=30, unique=True, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="plan",
            name="is_offered",
            field=models.BooleanField(default=True, verbose_name="offered"),
        ),
        migrations.AlterField(
            model_name="plan",
            name="is_renewed",
            field=models.BooleanField(default=True, verbose_name="renews by itself"),
        ),
        migrations.AlterField(
            model_name="plan",
            name="messages_per_month",
            field=models.PositiveIntegerField(verbose_name="messages a month"),
        ),
        migrations.AlterField(
            model_name="plan",
            name="name_en",
            field=models.CharField(max_length=60, verbose_name="name in English"),
        ),
        migrations.AlterField(
            model_name="plan",
            name="name_fr",
            field=models.CharField(max_length=60, verbose_name="name in French"),
        ),
        migrations.AlterField(
            model_name="plan",
            name="period_length",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="length of a period"),
        ),
        migrations.AlterField(
            model_name="plan",
            name="period_unit",
            field=models.CharField(
                choices=[("day", "Day"), ("month", "Month"), ("year", "Year")],
                default="year",
                max_length=5,
                verbose_name="unit of the period",
            ),
        ),
        migrations.AlterField(
            model_name="plan",
            name="price_cents",
            field=models.PositiveIntegerField(default=0, verbose_name="price in cents"),
        ),
        migrations.AlterField(
            model_name="plan",
            name="rank",
            field=models.PositiveSmallIntegerField(unique=True, verbose_name="rank"),
        ),
    ]
