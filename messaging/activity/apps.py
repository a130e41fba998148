"""The app of logs and statistics."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """Logs, statistics, exports."""

    name = "messaging.activity"
    label = "activity"
