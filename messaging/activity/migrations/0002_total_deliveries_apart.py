"""Total by day what envelopes brought apart from replies, anew from the counts by quarter hour."""

from collections import defaultdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import migrations

KINDS = ("item:return:arrived", "item:return:arrived:submission")
COUNTS = ("events", "files", "size_bytes")


def total_anew(apps: Any, _schema_editor: object) -> None:
    """Write the totals of what came back anew, in every zone in which they are kept up."""
    total = apps.get_model("activity", "DayTotal")
    quarter_hour = apps.get_model("items", "QuarterHour")
    total.objects.filter(kind__in=KINDS).delete()
    for row in apps.get_model("activity", "ZoneInUse").objects.all():
        of_user, zone = {"organization_id": row.organization_id, "user_id": row.user_id}, ZoneInfo(row.zone)
        found: defaultdict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        quarters = quarter_hour.objects.filter(**of_user, kind__in=KINDS)
        for starts_at, kind, *counts in quarters.values_list("starts_at", "kind", *COUNTS):
            for place, more in enumerate(counts):
                found[starts_at.astimezone(zone).date(), kind][place] += more
        total.objects.bulk_create(
            total(**of_user, zone=row.zone, day_on=day, kind=kind, **dict(zip(COUNTS, counts, strict=True)))
            for (day, kind), counts in found.items()
        )


class Migration(migrations.Migration):
    dependencies = [("activity", "0001_initial"), ("items", "0007_count_deliveries_apart")]

    operations = [migrations.RunPython(total_anew, total_anew)]
