"""The app of what every sent thing shares."""

from django.apps import AppConfig


class ItemsConfig(AppConfig):
    """Items, their people and links, the event log."""

    name = "messaging.items"
    label = "items"
