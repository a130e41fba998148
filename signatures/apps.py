"""The app of electronic signature."""

from django.apps import AppConfig


class SignaturesConfig(AppConfig):
    """Marks, requests, tracking."""

    name = "signatures"
