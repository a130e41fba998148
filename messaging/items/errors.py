"""Refusals of what every sent thing shares."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core.cultures import format_size
from core.errors import ChangedMeanwhile, FilesRefused, Refusal, TooManyRequests


class LinkRefused(Refusal):
    """A link that does not open what it was made for."""


class LinkUnknown(LinkRefused):
    """The link does not exist or its secret is wrong; nobody is told which."""

    heading = _("This link does not work")


class LinkExpired(LinkRefused):
    """The item's time is over."""

    heading = _("This message has expired")


class LinkRevoked(LinkRefused):
    """The sender ended the item, or this person's part of it."""

    heading = _("The sender has deleted this message")


class LinkReplaced(LinkRefused):
    """The sender sent a newer link to the same person."""

    heading = _("A newer link has replaced this one")


class LinkDone(LinkRefused):
    """The person did what was asked; nothing more is taken from them."""

    heading = _("Everything asked for has arrived")


class LinkDeclined(LinkRefused):
    """Somebody the item was for declined, which ended it for everybody."""

    heading = _("This request was declined")


class OpeningsUsedUp(LinkRefused):
    """No opening is left."""

    heading = _("This message has been opened as often as allowed")


class NewerLink(Refusal):
    """Another link was made since the form was drawn; it stays."""


class TooManyLinks(TooManyRequests):
    """Many new links were made lately; the one before stays."""


class ItemStays(Refusal):
    """An item that its sender cannot end now.

    Args:
        why: a sentence of its product.
    """

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why

    def __str__(self) -> str:
        return self.why


class ContentDamaged(Refusal):
    """What is kept does not open as it was sealed; nothing of it was released."""

    heading = _("The file is damaged and was not released")


class ProofWrong(Refusal):
    """The typed code or password is not the one asked for; the try is counted.

    Args:
        tries_left: whole tries until a new code is needed, or the password pauses.
    """

    heading: str | Promise = _("That code is not right")

    def __init__(self, tries_left: int) -> None:
        super().__init__()
        self.tries_left = tries_left


class ProofPaused(Refusal):
    """Too many wrong tries.

    Args:
        until: aware instant of the next try; None where a new code, or the sender, is needed.
        is_compared: this try was a wrong one, the last there was; otherwise nothing was compared any more.
    """

    heading = _("Too many tries")

    def __init__(self, until: datetime | None = None, *, is_compared: bool = False) -> None:
        super().__init__()
        self.until = until
        self.is_compared = is_compared


class ReturnNotWanted(Refusal):
    """Nothing may come back for this item."""

    heading = _("The sender takes no reply")


class ProofRequired(Refusal):
    """Something goes back only after a proof of its own, which was not given."""

    heading = _("Confirm that it is you")


class StorageFull(FilesRefused):
    """More would be kept for a person than their plan keeps, or for all of an organization than is kept; nothing was.

    Args:
        room_bytes: that are free.
        most_bytes: that the plan, or the organization, keeps.
        is_shared: it is the organization's space that does not suffice.
    """

    heading = _("There is no room left")

    def __init__(self, *, room_bytes: int, most_bytes: int, is_shared: bool = False) -> None:
        super().__init__()
        self.room_bytes = room_bytes
        self.most_bytes = most_bytes
        self.is_shared = is_shared

    def __str__(self) -> str:
        language = get_language() or "en"
        if self.is_shared:
            text = gettext(
                "There is no room left for this: of the %(most)s that your organization has for everybody together, "
                "%(room)s are free. Delete what you no longer need under Sent and drafts, and tell your administrator."
            )
        else:
            text = gettext(
                "There is no room left for this: of the %(most)s that your plan keeps, %(room)s are free. Delete what "
                "you no longer need under Sent and drafts, or wait until something expires."
            )
        most, room = (format_size(size, language=language) for size in (self.most_bytes, self.room_bytes))
        return text % {"most": most, "room": room}


class OwnersStorageFull(FilesRefused):
    """The same, as somebody outside is told who sent or handed over something.

    Args:
        name: of the person for whom it would be kept.
    """

    heading = _("There is no room left")

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def __str__(self) -> str:
        text = gettext(
            "%(name)s has no room left for this, so nothing was taken. %(name)s is told by e-mail; send less, or try "
            "again later by the same link."
        )
        return text % {"name": self.name}


class CopyMissing(Refusal):
    """No copy was kept for the sender, so nobody can make another link or prolong the life."""

    heading = _("No copy was kept for you")


class AlreadySent(Refusal):
    """The same form was sent before; nothing was done twice.

    Args:
        reference: of what the first sending made.
    """

    heading = _("This was already sent")

    def __init__(self, reference: str) -> None:
        super().__init__()
        self.reference = reference


class SentOtherwise(Refusal):
    """A form was sent before with something else in it; what it holds now was not taken."""

    heading = _("This was not sent")


class DraftChanged(ChangedMeanwhile):
    """A draft was changed elsewhere since this page showed it; nothing was written.

    Args:
        version: of the draft as it stands now.
    """

    heading = _("This draft was changed in another window")

    def __init__(self, version: int) -> None:
        super().__init__()
        self.version = version


class DraftMissing(Refusal):
    """The draft is gone: deleted, or kept longer than drafts are."""

    heading = _("This draft is gone")


class DraftTooLarge(Refusal):
    """What was typed is longer than a draft may be; nothing was written."""

    heading = _("This is too long to be kept as a draft")
