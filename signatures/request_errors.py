"""Refusals of preparing and filling in a signature request; each is a whole sentence that stands beside a field."""

from typing import ClassVar

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.cultures import format_number
from core.errors import Refusal


class ZonesRefused(Refusal):
    """Zones that were placed are not taken; what stood before still stands."""


class ZonesUnreadable(ZonesRefused):
    """No editor of ours sends this."""

    heading = _("The zones did not arrive as they should. Check them, and send the form again.")


class TooManyZones(ZonesRefused):
    """More zones than one request may have.

    Args:
        most: zones of one request.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __str__(self) -> str:
        return gettext("These are too many zones. A request may have up to %(most)d.") % {"most": self.most}


class ZoneOutside(ZonesRefused):
    """Nothing of a zone is on its page, or the page is too small for a zone of its kind.

    Args:
        document: from 0; said from 1.
        page: from 1.
    """

    sentence = _("A zone lies outside page %(page)d of document %(document)d. Move it onto the page, or remove it.")

    def __init__(self, *, document: int, page: int) -> None:
        super().__init__()
        self.document, self.page = document, page

    def __str__(self) -> str:
        return str(self.sentence) % {"page": self.page, "document": self.document + 1}


class PageTooSmall(ZoneOutside):
    """No zone of the kind has room on its page."""

    sentence = _("Page %(page)d of document %(document)d is too small for this zone. Place it on another page.")


class PreparationRefused(Refusal):
    """A request that cannot be sent as it is; its text stands beside the field.

    Args:
        signer: whose field it is, from 0; None where it is nobody's.
    """

    field: ClassVar[str]

    def __init__(self, signer: int | None = None) -> None:
        super().__init__()
        self.signer = signer


class NoPaper(PreparationRefused):
    """There is nothing to sign."""

    field = "papers"
    heading = _("Add the PDF that is to be signed.")


class NoRoomToSign(PreparationRefused):
    """Somebody places their signature freely, and no page is large enough for it."""

    field = "papers"
    heading = _("No page of these documents is large enough for a signature. Add one with larger pages.")


class NoSigner(PreparationRefused):
    """There is nobody who signs."""

    field = "signers"
    heading = _("Add somebody who signs.")


class SameAddress(PreparationRefused):
    """A signer before this one has the same address."""

    field = "email"
    heading = _("Another signer has this address already. Each signer needs their own.")


class SignatureMissing(PreparationRefused):
    """A signer has zones, and could be through them without having signed anything.

    Args:
        signer: their place, from 0.
        name: of the signer.
    """

    field = "zones"

    def __init__(self, signer: int, name: str) -> None:
        super().__init__(signer)
        self.name = name

    def __str__(self) -> str:
        sentence = gettext(
            "%(name)s has zones, but no signature and no initials that must be given. Add one, or remove the zones:"
            " then %(name)s signs where there is room."
        )
        return sentence % {"name": self.name}


class TurnsWithGap(PreparationRefused):
    """The turns do not begin with 1, or leave a number out before this signer."""

    field = "turn"
    heading = _("The order begins with 1 and leaves no number out. Who signs at the same time has the same number.")


class TooMuch(PreparationRefused):
    """More of something than one request may have.

    Args:
        most: what it may have.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most


class TooManyPapers(TooMuch):
    """More documents than one request may have."""

    field = "papers"

    def __str__(self) -> str:
        return gettext("These are too many documents. A request may have up to %(most)d.") % {"most": self.most}


class TooManyPages(TooMuch):
    """More pages than the documents of one request may have together."""

    field = "papers"

    def __str__(self) -> str:
        sentence = gettext("These documents have too many pages. Together they may have up to %(most)d.")
        return sentence % {"most": self.most}


class TooManySigners(TooMuch):
    """More signers than the sender's license allows."""

    field = "signers"

    def __str__(self) -> str:
        if not self.most:
            return gettext("Your license does not include signature requests.")
        return ngettext(
            "With your license, %(most)d person can sign a request. Leave the others out.",
            "With your license, up to %(most)d people can sign a request. Leave the others out.",
            self.most,
        ) % {"most": self.most}


class MessageTooLong(TooMuch):
    """The message to the signers has too many characters."""

    field = "message"

    def __str__(self) -> str:
        sentence = gettext("This message is too long. It may have up to %(most)s characters.")
        return sentence % {"most": format_number(self.most)}


class NameTooLongForPlace(PreparationRefused):
    """The name of a signer could not be read in a place it is written into.

    Args:
        signer: from 0.
        document, page: from 1.
    """

    field = "name"

    def __init__(self, signer: int, *, document: int, page: int) -> None:
        super().__init__(signer)
        self.document, self.page = document, page

    def __str__(self) -> str:
        sentence = gettext(
            "This name does not fit into its place on page %(page)d of document %(document)d so that it can be read. "
            "Draw the place larger."
        )
        return sentence % {"page": self.page, "document": self.document}


class LifeTooLong(TooMuch):
    """The request would be open for longer than one may be, or not at all."""

    field = "life"

    def __str__(self) -> str:
        return gettext("A request may be open for up to %(most)d days.") % {"most": self.most}


class AnswersRefused(Refusal):
    """What a signer gave is not taken; nothing of it is kept."""


class AnswersUnreadable(AnswersRefused):
    """No page of ours sends this: another signer's zone, or a value of another kind."""

    heading = _("What you filled in did not arrive as it should. Check it, and send it again.")


class AnswerTooLong(AnswersRefused):
    """A text has too many characters.

    Args:
        most: characters.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __str__(self) -> str:
        sentence = gettext("This text is too long. It may have up to %(most)s characters.")
        return sentence % {"most": format_number(self.most)}


class AnswerUnprintable(AnswersRefused):
    """A text has more than one line, or a character that leaves no ink."""

    heading = _("This text must be one line of characters that can be printed. Type it again.")


class AnswerNotInFont(AnswersRefused):
    """A text has characters that would be printed as code points.

    Args:
        letters: each of them once.
    """

    def __init__(self, letters: str) -> None:
        super().__init__()
        self.letters = letters

    def __str__(self) -> str:
        sentence = gettext("These characters cannot be printed: %(letters)s. Type the text without them.")
        return sentence % {"letters": self.letters}


class NoRoomForName(AnswersRefused):
    """The name of a signer could not be read on the page they place their signature on."""

    heading = _(
        "This page has no room for your name so that it can be read. Choose another page, or leave the name out."
    )


class AnswerTooLongForPlace(AnswersRefused):
    """A text could not be read in its place."""

    heading = _("This text does not fit into its place on the page so that it can be read. Shorten it.")
