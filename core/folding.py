"""Fold words for a search that asks neither for capitals nor for accents, the same on every database."""

import unicodedata


def folded(text: str) -> str:
    """Return a text without capitals and accents: "Élodie" and "elodie" are found by each other.

    Source: Unicode, chapter 3.13 (case folding) and annex 15 (NFKD)
    """
    # Twice: some signs come apart into capitals, and some letters into marks once they are small.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
