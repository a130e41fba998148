"""Why an act of an item's owner was refused, in the owner's words; people outside read others."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import cultures
from core.errors import FileUnreadable, Refusal
from messaging.items.errors import (
    ContentDamaged,
    CopyMissing,
    LinkDone,
    LinkExpired,
    LinkRevoked,
    NewerLink,
    TooManyLinks,
)

IS_OVER = (LinkDone, LinkExpired, LinkRevoked)
NO_COPY = (ContentDamaged, CopyMissing)
NOT_RENEWED = (*IS_OVER, *NO_COPY, NewerLink, TooManyLinks)
UNREADABLE = (*NO_COPY, FileUnreadable)


def why_not_changed(refusal: Refusal) -> str:
    """Return the sentences for a new end or a new link that was refused.

    Args:
        refusal: one of `NOT_RENEWED`.
    """
    if isinstance(refusal, TooManyLinks):
        sentence = gettext(
            "Many new links were made lately. The link that was sent stays; a new one is possible from %(at)s on."
        )
        return sentence % {"at": cultures.format_instant(refusal.until)}
    return str(_NOT_CHANGED[type(refusal)])


def why_only_shorter(refusal: Refusal) -> str:
    """Return the sentences for a later end that was refused.

    Args:
        refusal: one of `NO_COPY`.
    """
    return str(_ONLY_SHORTER[type(refusal)])


def why_not_read(refusal: Refusal) -> str:
    """Return the sentences for a copy, or a file of it, that cannot be read.

    Args:
        refusal: one of `UNREADABLE`.
    """
    return str(_NOT_READ[type(refusal)])


_NOT_CHANGED: Mapping[type[Refusal], Promise] = {
    LinkDone: _("What was asked for has arrived already, so nothing was changed."),
    LinkExpired: _("This has expired already, so nothing was changed."),
    LinkRevoked: _("You have deleted this already, so nothing was changed."),
    NewerLink: _("Another link was made since this form was opened. That one is in force, so nothing was changed."),
    ContentDamaged: _(
        "Your copy is damaged, so no new link can be made. Nothing was changed; the link that was sent stays as it is."
    ),
    CopyMissing: _("No copy was kept for you, so no new link can be made. Nothing was changed."),
}
_ONLY_SHORTER: Mapping[type[Refusal], Promise] = {
    ContentDamaged: _("Your copy is damaged, so it can only be made shorter."),
    CopyMissing: _("No copy was kept for you, so it can only be made shorter."),
}
_DAMAGED = _("Your copy is damaged, so nothing of it was given out. Tell your administrator.")
_NOT_READ: Mapping[type[Refusal], Promise] = {
    ContentDamaged: _DAMAGED,
    FileUnreadable: _DAMAGED,
    CopyMissing: _("No copy was kept for you, or it is gone with what has ended."),
}
