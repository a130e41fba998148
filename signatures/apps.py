"""The app of electronic signature."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.items.choices import State
from messaging.items.kinds import Kind, register
from signatures.choices import KIND, LINK_PREFIX, RequestState


class SignaturesConfig(AppConfig):
    """Marks, requests, tracking."""

    name = "signatures"

    def ready(self) -> None:
        """Make the kind known to what all items share."""
        from signatures.services.declining import ending_word, tell_cancelled, why_it_stays
        from signatures.services.drafting import show_draft

        register(
            Kind(
                code=KIND,
                label=_("Signature request"),
                icon="signature",
                url_name="signatures:request_detail",
                link_prefix=LINK_PREFIX,
                on_revoking=tell_cancelled,
                why_it_stays=why_it_stays,
                ending_word=ending_word,
                new_url_name="signatures:request_new",
                show_draft=show_draft,
                has_openings_limit=False,
                is_end_told=True,
                # Once somebody has opened it, a request is on its way until all have signed.
                words={
                    State.OPEN: RequestState.IN_PROGRESS.label,
                    State.CLOSED: pgettext_lazy("state of a signature request", "Signed by all"),
                },
                undone_words={State.DELETED: RequestState.CANCELLED.label},
                part_words={State.CLOSED: pgettext_lazy("state of a signer", "Signed")},
            )
        )
