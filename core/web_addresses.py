"""Does a short text look like a way elsewhere? Names and titles stand in mails, whose readers get words as links."""

import re
import unicodedata

# A browser takes this full stop of Chinese and Japanese for the dot of a host.
FULL_STOP = "\u3002"
# A scheme with its colon, two slashes before a word, www. and @ are no part of any title; nor is a host with its path.
# The ending is in small letters or among the oldest three: "Dr.Roy/Dr.Ng" is none.
ADDRESS = re.compile(
    r"(?i:://|(?<!\S)//\S|\bwww\.|@|\b(?:https?|ftp|mailto|tel|sms|javascript|data):\S)"
    r"|\w\.(?:[a-z]{2,}|(?i:com|net|org))/\S"
)
# A name has no path or port at all. Without one it looks like a host by an ending in small letters after a word in
# small letters, or after five letters of any kind, or by one of the oldest three endings; so "St.Pierre", "Dr.van Dyk"
# and "J.R." stay names. Small letters of every script are compared, so a pattern alone cannot tell.
HOST = re.compile(r"(?P<word>\w[\w-]*)\.(?P<ending>[^\W\d_]{2,})(?P<rest>[/:]\S)?(?![\w'’-])")
OLDEST_ENDINGS = frozenset({"com", "net", "org"})
LEAST_CHARACTERS, LONGER_THAN_A_TITLE = 2, 5


def holds_address(text: str) -> bool:
    """Tell whether a title would be shown with a web or e-mail address in it."""
    return ADDRESS.search(_folded(text)) is not None


def is_like_address(name: str) -> bool:
    """Tell whether a name, or a word of it, would be taken for a web or e-mail address."""
    return holds_address(name) or any(_is_host(found) for found in HOST.finditer(_folded(name)))


def _is_host(found: re.Match[str]) -> bool:
    word, ending = found["word"], found["ending"]
    if found["rest"] or ending.lower() in OLDEST_ENDINGS:
        return True
    is_small = word == word.lower() and len(word) >= LEAST_CHARACTERS
    return ending.islower() and (is_small or len(word) >= LONGER_THAN_A_TITLE)


def _folded(text: str) -> str:
    """Return a text as a browser would read it: full-width letters as plain ones, without what cannot be seen."""
    plain = unicodedata.normalize("NFKC", text).replace(FULL_STOP, ".")
    return "".join(character for character in plain if unicodedata.category(character) != "Cf")
