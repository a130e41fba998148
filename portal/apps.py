"""The app that puts the others together."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Menu, account page, error pages, outbox page, commands."""

    name = "portal"
