"""The app of what every sent thing shares."""

from django.apps import AppConfig


class ItemsConfig(AppConfig):
    """Items, their people and links, the event log."""

    name = "messaging.items"
    label = "items"

    def ready(self) -> None:
        """Register the handlers of mails with links, of guessed links and of files to destroy with the queue."""
        # Importing them registers the handlers.
        from messaging.items.services import delivering, shredding, telling  # noqa: F401
