"""Hold that each plan has at least one message a month."""

from django.db import migrations, models

NAME = "licenses_plan_messages_per_month_in_range"


class Migration(migrations.Migration):
    dependencies = [("licenses", "0009_bring_plans_to_a_message")]
    operations = [
        migrations.RemoveConstraint(model_name="plan", name=NAME),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(("messages_per_month__gte", 1), ("messages_per_month__lte", 1_000_000)), name=NAME
            ),
        ),
    ]
