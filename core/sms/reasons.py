"""What an error code of a text gateway means, in two sentences: what happened, and what to do.

Source: the provider's error dictionary, by number; the words are ours.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

UNKNOWN_NUMBER = _("The provider does not know this number. Check it, or use another one.")
NOT_A_CELL = _("This number takes no text messages. Use a cell number.")
NO_ROUTE = _("The provider has no way to reach this number from ours. Use another number, or another way.")
OPTED_OUT = _("This phone refuses our texts: STOP was answered to one. Answer START to that text, then try again.")
COUNTRY_CLOSED = _("The provider's account does not serve this country. The operator can allow it there.")
SENDER_WRONG = _("Our sending number is not accepted by the provider. The operator has to check SMS_URL.")
ACCOUNT_WRONG = _("The provider does not accept our account. The operator has to check SMS_URL and the account.")
NO_MONEY = _("The provider's account is used up or suspended. The operator has to settle it.")
TOO_FAST = _("The provider asks us to slow down. The text is tried again by itself.")
NO_ANSWER = _("The provider does not answer. The text is tried again by itself.")
PHONE_AWAY = _("The phone is switched off or out of reach. Switch it on, then ask for a new text.")
BLOCKED = _("The carrier blocks this text. Ask the carrier, or use another number.")
NOT_REACHED = _("This number does not exist any more or cannot be reached. Check it, or use another one.")
FILTERED = _("The carrier took this text for spam. The operator can register the sending number.")
UNEXPLAINED = _("The carrier did not deliver this text and did not say why. Ask for a new one, or use another way.")
TOO_OLD = _("The text was not sent while its code was valid. Ask for a new one.")
SUSPECTED = _("The provider suspects abuse and blocks this number for some time. Try again later, or use another way.")

SENTENCES: dict[str, Promise] = {
    "off": _("Text messages are switched off on this portal. The operator can switch them on."),
    "late": TOO_OLD,
    "replaced": _("A newer code was sent instead of this one. Use the newest."),
    "paused": NO_ANSWER,
    "no_answer": NO_ANSWER,
    "20003": ACCOUNT_WRONG,
    "20005": NO_MONEY,
    "20404": ACCOUNT_WRONG,
    "20429": TOO_FAST,
    "21211": UNKNOWN_NUMBER,
    "21212": SENDER_WRONG,
    "21408": COUNTRY_CLOSED,
    "21606": SENDER_WRONG,
    "21608": ACCOUNT_WRONG,
    "21610": OPTED_OUT,
    "21611": TOO_FAST,
    "21612": NO_ROUTE,
    "21614": NOT_A_CELL,
    "21617": _("The text is too long. Support has to be told."),
    "21635": NOT_A_CELL,
    "30001": UNEXPLAINED,
    "30002": NO_MONEY,
    "30003": PHONE_AWAY,
    "30004": BLOCKED,
    "30005": NOT_REACHED,
    "30006": NOT_A_CELL,
    "30007": FILTERED,
    "30008": UNEXPLAINED,
    "30034": FILTERED,
    "30036": TOO_OLD,
    "30450": SUSPECTED,
    "30453": SUSPECTED,
}
# Refusals whose cause is the account or the pace, not the text: it is tried again while its code is valid.
TRIED_AGAIN = frozenset({"20003", "20005", "20404", "20429", "21611"})


def sentence(reason: str) -> str:
    """Return what an error code means, in the language of the person reading now."""
    return str(SENTENCES.get(reason, UNEXPLAINED))
