"""What can be seen of a text."""

import unicodedata

# What leaves no ink by itself: format characters, marks without a letter, blanks; and letters that are drawn as blanks.
INVISIBLE_CATEGORIES = frozenset({"Cf", "Mn", "Me", "Zl", "Zp", "Zs"})
INVISIBLE_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def has_ink(text: str) -> bool:
    """Tell whether anything of a text can be seen."""
    return any(
        unicodedata.category(character) not in INVISIBLE_CATEGORIES and character not in INVISIBLE_LETTERS
        for character in text
    )
