"""Refusals of secure messages."""

from django.utils.translation import gettext_lazy as _

from core.errors import ChangedMeanwhile, Refusal


class DraftChanged(ChangedMeanwhile):
    """A draft was changed elsewhere since this page showed it; nothing was written.

    Args:
        version: of the draft as it stands now.
    """

    heading = _("This draft was changed in another window")

    def __init__(self, version: int) -> None:
        super().__init__()
        self.version = version


class BeyondPlan(Refusal):
    """The message has more recipients, files or days than the sender's plan allows."""

    heading = _("This is more than your plan allows")


class DraftMissing(Refusal):
    """The draft is gone: deleted, or kept longer than drafts are."""

    heading = _("This draft is gone")
