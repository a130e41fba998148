"""The inspection of pages sees what it is there for."""

import socket

import pytest

from tests.conftest import SocketsAreClosed, _refused
from tests.pages import page_faults

GOOD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in – Portal</title>
<script type="module" src="/static/js/once.js"></script></head>
<body><main><h1>Sign in</h1><form method="post" action="/sign-in/">
<input type="hidden" name="csrfmiddlewaretoken" value="token">
<label for="email">Email</label><input id="email" name="email" aria-describedby="help"><p id="help">Help</p>
<label><input type="checkbox" name="keep"> Keep</label><button>Go</button></form>
<a href="mailto:support@demo.example">Write</a> <a href="/help/">Help</a></main></body></html>"""

FAULTS = {
    "nesting": ("<p id=", "<p><div></p><p id="),
    "no heading": ("<h1>Sign in</h1>", ""),
    "two headings": ("<h1>Sign in</h1>", "<h1>Sign in</h1><h1>Again</h1>"),
    "other title": ("<title>Sign in", "<title>Welcome"),
    "id twice": ('<p id="help">', '<p id="email">'),
    "dangling id": ('aria-describedby="help"', 'aria-describedby="hepl"'),
    "no label": ('<label for="email">Email</label>', ""),
    "empty label": (">Email</label>", "></label>"),
    "wordless button": ("<button>Go</button>", "<button></button>"),
    "no token": ('<input type="hidden" name="csrfmiddlewaretoken" value="token">', ""),
    "token by GET": ('method="post"', 'method="get"'),
    "inline script": ("</main>", "<script>go()</script></main>"),
    "inline style": ("</main>", "<style>p{}</style></main>"),
    "style attribute": ("<main>", '<main style="color:red">'),
    "handler": ("<main>", '<main onclick="go()">'),
    "script address": ('href="/help/"', 'href=" javascript:go()"'),
    "foreign link": ('href="/help/"', 'href="//elsewhere.example/x"'),
    "foreign script": ('src="/static/js/once.js"', 'src="https://cdn.example/x.js"'),
}


def test_a_good_page_has_no_faults() -> None:
    assert page_faults(GOOD) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_seen(fault: str) -> None:
    old, new = FAULTS[fault]
    assert old in GOOD
    assert page_faults(GOOD.replace(old, new, 1))


def test_a_page_with_errors_may_say_so_before_its_heading() -> None:
    assert page_faults(GOOD.replace("<title>", "<title>Error: ")) == []


def test_nothing_leaves_this_machine() -> None:
    with socket.socket() as outside, pytest.raises(SocketsAreClosed):
        outside.connect(("192.0.2.1", 9))
    assert _refused.pop() == "192.0.2.1"


def test_a_long_list_of_options_is_looked_at_in_part() -> None:
    options = "".join(f'<option value="{number}">Zone {number}</option>' for number in range(300))
    good = GOOD.replace("</form>", f'<select aria-label="Zone">{options}</select></form>', 1)
    assert page_faults(good) == []
    assert page_faults(good.replace('<option value="1">', '<option value="1" style="color: red">'))
