from django.db import migrations, models

RANGES = {"rank": (1, 1_000), "period_length": (1, 366)}


class Migration(migrations.Migration):
    dependencies = [("licenses", "0007_licenses_are_found_by_their_end")]
    operations = [
        migrations.RemoveConstraint(model_name="plan", name="licenses_plan_period_is_positive"),
        *(
            migrations.AddConstraint(
                model_name="plan",
                constraint=models.CheckConstraint(
                    condition=models.Q((f"{name}__gte", least), (f"{name}__lte", most)),
                    name=f"licenses_plan_{name}_in_range",
                ),
            )
            for name, (least, most) in RANGES.items()
        ),
    ]
