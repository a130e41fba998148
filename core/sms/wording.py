"""The words of the texts about an account: one segment in each language, nothing in them that anybody typed.

Both languages stand here and not in the catalog of translations: a word with an accent outside the GSM-7 alphabet
would turn a text of 160 characters into three of 67, and a test holds every sentence of this file to one.
Source: 3GPP TS 23.038 section 6.2.1 (alphabet), docs/decisions/0010-text-messages.md
"""

import re
import unicodedata

from django.conf import settings

from core.limits import CODE_LIFETIME_SECONDS
from core.sms.limits import NAME_IN_TEXT_MOST_CHARACTERS, SEGMENT_CHARACTERS, SEGMENT_OF_SEVERAL_CHARACTERS

ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Behind the escape character: each takes the room of two.
SECOND_ALPHABET = frozenset("\f^{}\\[~]|€")
WIDE_SEGMENT_CHARACTERS, WIDE_SEGMENT_OF_SEVERAL_CHARACTERS = 70, 67

SENTENCES = {
    "en": "{code} is your code to {purpose} ({name}). It works for {minutes} minutes. Never share it, whoever asks.",
    "fr": "{code} est votre code pour {purpose} ({name}). Valable {minutes} minutes. Ne le donnez à personne.",
}
CODE_PURPOSES = {
    "en": {
        "sign-in": "sign in",
        "confirm-number": "confirm this cell number",
        "fresh-proof": "confirm that it is you",
        "open-item": "open a message",
        "reply": "reply to a message",
        "open-return": "open what came back",
        "sign-document": "sign a document",
        "test": "test text messages",
    },
    "fr": {
        "sign-in": "ouvrir une session",
        "confirm-number": "confirmer ce numéro de cellulaire",
        "fresh-proof": "confirmer votre identité",
        "open-item": "ouvrir un message",
        "reply": "répondre à un message",
        "open-return": "ouvrir un retour",
        "sign-document": "signer un document",
        "test": "essayer les textos",
    },
}
NUMBER_CHANGED = {
    "en": "The cell number of your account was replaced ({name}). If it was not you, read the e-mail we sent you.",
    "fr": "Le cellulaire de votre compte a été remplacé ({name}). Si ce n'est pas vous, lisez notre courriel.",
}
NUMBER_REMOVED = {
    "en": "This cell number was removed from your account ({name}). If it was not you, read the e-mail we sent you.",
    "fr": "Ce cellulaire a été retiré de votre compte ({name}). Si ce n'est pas vous, lisez notre courriel.",
}
TWO_FACTOR_RESET = {
    "en": "2FA of your account was reset by support ({name}). If you did not ask for it, read the e-mail we sent you.",
    "fr": "Le soutien a réinitialisé l'A2F de votre compte ({name}). Si ce n'est pas vous, lisez notre courriel.",
}
NUMBER_RESTORED = {
    "en": "This cell number belongs to your account again ({name}). If it was not you, read the e-mail we sent you.",
    "fr": "Ce cellulaire est de nouveau celui de votre compte ({name}). Si ce n'est pas vous, lisez notre courriel.",
}
NAMELESS = {"en": "secure portal", "fr": "portail sécurisé"}


def code_text(code: str, purpose: str, language: str) -> str:
    """Return the words of a text that carries a code: what it is for, from which portal, and never to share it.

    Args:
        purpose: one of the keys of `CODE_PURPOSES`.
        language: "en" or "fr".
    """
    return SENTENCES[language].format(
        code=code,
        purpose=CODE_PURPOSES[language][purpose],
        name=_portal_name(language),
        minutes=CODE_LIFETIME_SECONDS // 60,
    )


def number_changed_text(language: str) -> str:
    """Return the words for the old number of an account that has a new one."""
    return NUMBER_CHANGED[language].format(name=_portal_name(language))


def number_removed_text(language: str) -> str:
    """Return the words for the old number of an account that has none any more."""
    return NUMBER_REMOVED[language].format(name=_portal_name(language))


def two_factor_reset_text(language: str) -> str:
    """Return the words for the number of an account whose second factors were ended."""
    return TWO_FACTOR_RESET[language].format(name=_portal_name(language))


def number_restored_text(language: str) -> str:
    """Return the words for a number that an undone change had taken off an account."""
    return NUMBER_RESTORED[language].format(name=_portal_name(language))


def carries_code(purpose: str) -> bool:
    """Tell whether a text of this purpose carries a code that will be typed."""
    return purpose in CODE_PURPOSES["en"]


def short_name(name: str) -> str:
    """Return a product's name as a text can carry it: ASCII letters and digits, short, never looking like a link."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9&'-]+", " ", ascii_only).split()
    kept = ""
    for word in words:
        longer = f"{kept} {word}".strip()
        if len(longer) > NAME_IN_TEXT_MOST_CHARACTERS:
            break
        kept = longer
    return kept or "".join(words)[:NAME_IN_TEXT_MOST_CHARACTERS]


def is_gsm7(text: str) -> bool:
    """Tell whether a text needs no wider alphabet than GSM-7."""
    return ALPHABET.union(SECOND_ALPHABET).issuperset(text)


def segments(text: str) -> int:
    """Return how many messages a text is sent and paid as, at least 1."""
    if is_gsm7(text):
        length = sum(2 if character in SECOND_ALPHABET else 1 for character in text)
        single, several = SEGMENT_CHARACTERS, SEGMENT_OF_SEVERAL_CHARACTERS
    else:
        length = len(text.encode("utf-16-be")) // 2
        single, several = WIDE_SEGMENT_CHARACTERS, WIDE_SEGMENT_OF_SEVERAL_CHARACTERS
    return 1 if length <= single else -(-length // several)


def _portal_name(language: str) -> str:
    return short_name(settings.PORTAL_NAME) or NAMELESS[language]
