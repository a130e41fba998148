"""What a browser says of itself is put in words, and never repeated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.browsers import BROWSERS, SYSTEMS, browser_in_words

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge on Windows"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/142.0.0.0 Safari/537.36", "Chrome on Linux"),
        (f"Mozilla/5.0 (Linux; Android 16) {WEBKIT} Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_1) Version/26.0 Safari/605.1.15", "Safari on macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Safari/604.1", "Safari on iPhone"),
        ("curl/8.5.0", "not recognized"),
        ("", "not recognized"),
    ],
)
def test_a_browser_is_named_with_its_system(agent: str, words: str) -> None:
    assert browser_in_words(agent) == words


@given(st.text())
def test_nothing_that_was_sent_is_repeated(agent: str) -> None:
    ours = {name for _mark, name in BROWSERS + SYSTEMS} | {"not recognized"}
    assert set(browser_in_words(f"{agent} Firefox/1 {agent}").split(" on ")) <= ours
