"""The app of envelopes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from messaging.envelopes.choices import KIND, LINK_PREFIX
from messaging.items.kinds import Kind, register


class EnvelopesConfig(AppConfig):
    """Envelopes, what is handed over by them, receipts."""

    name = "messaging.envelopes"
    label = "envelopes"

    def ready(self) -> None:
        """Make the kind known to what all items share."""
        register(
            Kind(
                code=KIND,
                label=_("Secure envelope"),
                icon="envelope",
                url_name="envelopes:envelope_detail",
                link_prefix=LINK_PREFIX,
                new_url_name="envelopes:envelope_new",
                has_openings_limit=False,
            )
        )
