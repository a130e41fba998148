"""The app of secure messages."""

from django.apps import AppConfig


class SecureMessagesConfig(AppConfig):
    """Composer, drafts, sent messages."""

    name = "messaging.messages"
    label = "secure_messages"
