"""The app of secure messages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from messaging.items.kinds import Kind, register
from messaging.messages.choices import KIND, Box


class SecureMessagesConfig(AppConfig):
    """Composer, drafts, sent messages."""

    name = "messaging.messages"
    label = "secure_messages"

    def ready(self) -> None:
        """Make the kind, and the pages of what was sent and what comes back, known to what all items share."""
        from messaging.items.inbox import register_inbox
        from messaging.items.sent import register_sent_list
        from messaging.messages.services.receipts import tell_first_opening
        from messaging.messages.services.showing import show_draft

        register(
            Kind(
                code=KIND,
                label=_("Secure message"),
                icon="mail",
                url_name="messages:message_detail",
                link_prefix="o",
                on_first_opening=tell_first_opening,
                show_draft=show_draft,
                # Drafts were of messages alone once; their keys lie sealed for it.
                drafts_sealed_for="secure_messages_draft",
            )
        )
        register_inbox(all_url_name="messages:returns", one_url_name="messages:return_detail")
        register_sent_list(url_name="messages:message_list", drafts=f"box={Box.DRAFTS.value}")
