"""What can be seen of a text."""

import re
import unicodedata

# What leaves no ink by itself: format characters, marks without a letter, blanks; and letters that are drawn as blanks.
INVISIBLE_CATEGORIES = frozenset({"Cf", "Mn", "Me", "Zl", "Zp", "Zs"})
INVISIBLE_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Marks that turn the direction of text: in a name they make one thing look like another.
DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
UNPRINTABLE_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})


def is_printable(text: str) -> bool:
    """Tell whether every character of a text has its place on a line: no control character, no line break."""
    return all(unicodedata.category(character) not in UNPRINTABLE_CATEGORIES for character in text)


def is_printed_on_one_line(text: str) -> bool:
    """Tell whether a text is a name that can be seen, and reads in the direction of its letters."""
    return is_printable(text) and has_ink(text) and not DIRECTION_MARKS.search(text)


def has_ink(text: str) -> bool:
    """Tell whether anything of a text can be seen."""
    return any(
        unicodedata.category(character) not in INVISIBLE_CATEGORIES and character not in INVISIBLE_LETTERS
        for character in text
    )
