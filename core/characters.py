"""What can be seen of a text."""

import re
import unicodedata

# What leaves no ink by itself: format characters, marks without a letter, blanks; and letters that are drawn as blanks.
INVISIBLE_CATEGORIES = frozenset({"Cf", "Mn", "Me", "Zl", "Zp", "Zs"})
INVISIBLE_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Marks that turn the direction of text: in a name they make one thing look like another.
DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
BLANKS = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
NO_BREAK_SPACE = "\u00a0"
# Keeps Arabic letters apart within a word, as Persian writes many.
NON_JOINER = "\u200c"
NO_BREAK_SPACES = frozenset("\u00a0\u2007\u202f")
UNPRINTABLE_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})


def is_printable(text: str) -> bool:
    """Tell whether every character of a text has its place on a line: no control character, no line break."""
    return all(unicodedata.category(character) not in UNPRINTABLE_CATEGORIES for character in text)


def is_printed_on_one_line(text: str) -> bool:
    """Tell whether a text is a name that can be seen, and reads in the direction of its letters."""
    return is_printable(text) and has_ink(text) and not DIRECTION_MARKS.search(text)


def single_spaced(text: str) -> str:
    """Return a text with one space in place of blanks, however many and wide they are."""
    return BLANKS.sub(" ", text)


def printed(text: str, *, also: str = "") -> str:
    """Return what of a line is printed: its blanks are of one width, and what cannot be seen is gone.

    Args:
        also: characters that are kept, though they cannot be seen.
    """
    return "".join(filter(None, (_printed(character, also) for character in text)))


def _printed(character: str, also: str) -> str:
    if character in NO_BREAK_SPACES:
        return NO_BREAK_SPACE
    if unicodedata.category(character) == "Zs":
        return " "
    return character if character.isprintable() or character in also else ""


def has_ink(text: str) -> bool:
    """Tell whether anything of a text can be seen."""
    return any(
        unicodedata.category(character) not in INVISIBLE_CATEGORIES and character not in INVISIBLE_LETTERS
        for character in text
    )
