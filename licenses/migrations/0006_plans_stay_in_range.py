"""Hold the numbers of a plan in their ranges."""

from django.db import migrations, models

GB = 1_000_000_000
RANGES = {
    "price_cents": (0, 100_000_000),
    "messages_per_month": (0, 1_000_000),
    "attachments_bytes": (0, 100 * GB),
    "files_per_send": (0, 1_000),
    "recipients_per_message": (1, 1_000),
    "open_envelopes": (0, 100_000),
    "signers_per_request": (0, 1_000),
    "longest_life_days": (1, 365),
    "stored_bytes": (0, 100_000 * GB),
    "sends_per_hour": (1, 100_000),
    "recipients_per_hour": (1, 1_000_000),
}


class Migration(migrations.Migration):
    dependencies = [("licenses", "0005_bring_plans_into_range")]
    operations = [
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
