"""How a page says to somebody outside when the next try is possible: day, time, and how far its clock is from UTC."""

import re
from html import unescape
from typing import Any

import pytest

WAITS = {
    "en": r"possible from [A-Z][a-z]+ \d{1,2}, \d{4}, \d{1,2}:\d\d [ap]\.m\. \(UTC−0[45]:00\) on\.",
    "fr": r"possible à partir du \d{1,2}(er)? [a-zéû]+ \d{4}, \d{1,2} h \d\d \(UTC−0[45]:00\)\.",
}
in_both_languages = pytest.mark.parametrize("language", WAITS)


def says_wait(answer: Any, language: str) -> bool:
    """Tell whether a page says so in the language of the person who asked."""
    text = unescape(re.sub(r"<[^>]+>", "", answer.content.decode()))
    return bool(re.search(WAITS[language], " ".join(text.split())))
