"""Count what envelopes brought apart from replies.

What was counted before is told apart by its events. Counts whose events are purged stay with the replies.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import migrations
from django.db.models import F

ARRIVED, DELIVERED = "item:return:arrived", "item:return:arrived:submission"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
COUNTS = ("events", "files", "size_bytes")


def count_deliveries_apart(apps: Any, _schema_editor: object) -> None:
    """Move the counts of deliveries to a word of their own."""
    event, quarter_hour = apps.get_model("items", "Event"), apps.get_model("items", "QuarterHour")
    found: defaultdict[tuple[int, int, datetime], list[int]] = defaultdict(lambda: [0, 0, 0])
    delivered = event.objects.filter(kind=ARRIVED, number__isnull=False, facts__return_kind="submission")
    for organization_id, user_id, at, facts in delivered.values_list("organization_id", "user_id", "at", "facts"):
        counts = found[organization_id, user_id, at - (at - EPOCH) % timedelta(minutes=15)]
        for place, more in enumerate((1, facts.get("files", 0), facts.get("size_bytes", 0))):
            counts[place] += more
    for (organization_id, user_id, starts_at), counts in found.items():
        cell = {"organization_id": organization_id, "user_id": user_id, "starts_at": starts_at}
        values = dict(zip(COUNTS, counts, strict=True))
        less = {name: F(name) - value for name, value in values.items()}
        if quarter_hour.objects.filter(**cell, kind=ARRIVED).update(**less):
            quarter_hour.objects.create(**cell, kind=DELIVERED, **values)
    quarter_hour.objects.filter(kind=ARRIVED, events=0).delete()


def count_them_together(apps: Any, _schema_editor: object) -> None:
    """Put the counts of deliveries back to those of replies."""
    quarter_hour = apps.get_model("items", "QuarterHour")
    for row in quarter_hour.objects.filter(kind=DELIVERED):
        cell = {"organization_id": row.organization_id, "user_id": row.user_id, "starts_at": row.starts_at}
        more = {name: F(name) + getattr(row, name) for name in COUNTS}
        if not quarter_hour.objects.filter(**cell, kind=ARRIVED).update(**more):
            quarter_hour.objects.filter(pk=row.pk).update(kind=ARRIVED)
    quarter_hour.objects.filter(kind=DELIVERED).delete()


class Migration(migrations.Migration):
    dependencies = [("items", "0006_index_what_is_kept")]

    operations = [migrations.RunPython(count_deliveries_apart, count_them_together)]
