import uuid
from datetime import timedelta

from django.db import migrations

# What a browser was kept for when its row was written.
KEPT_DAYS = 180


def fill(apps, schema_editor):
    """Give each browser a handle and its latest sign-in, and end the sessions, which do not know their browser.

    A session holds nothing by which its browser's row could be found; whoever is signed in signs in once more.
    """
    for browser in apps.get_model("accounts", "KnownBrowser").objects.order_by("pk").iterator():
        browser.handle, browser.signed_in_at = uuid.uuid4(), browser.expires_at - timedelta(days=KEPT_DAYS)
        browser.save(update_fields=["handle", "signed_in_at"])
    apps.get_model("accounts", "Session").objects.filter(user__isnull=False).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_browsers_can_be_named"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
